# SPDX-License-Identifier: Apache-2.0
"""Transforms whose values tell in which environment, and by which code, they were computed."""

import os

import geneva
import pyarrow as pa
from planned_words import WORD


@geneva.udf(data_type=pa.string(), num_cpus=0.1)
def place(text: str) -> str:
    return f"{os.environ.get('PLACE', 'nowhere')} {text}"


@geneva.udf(data_type=pa.string(), num_cpus=0.1)
def word(text: str) -> str:
    return f"{WORD} {text}"
