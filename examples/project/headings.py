# SPDX-License-Identifier: Apache-2.0
"""A transform that uses another module of this project: the manifest `workspace` brings that."""

import geneva
import house_style
import pyarrow as pa


@geneva.udf(data_type=pa.string(), num_cpus=0.1)
def heading(text: str) -> str:
    return house_style.heading_of(text)
