# SPDX-License-Identifier: Apache-2.0
"""A transform that fails for some rows until its luck turns."""

import pathlib

import geneva
import pyarrow as pa
from geneva import skip_on_error


@geneva.udf(data_type=pa.int64(), num_cpus=0.1, on_error=skip_on_error())
def moody(id: int, folder: str) -> int:
    place = pathlib.Path(folder)
    with open(place / f"calls-{id}", "a") as calls:
        calls.write("x")
    if id % 3 == 1 and not (place / "luck").exists():
        raise ValueError(f"no luck with {id}")
    return id + 100
