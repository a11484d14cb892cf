# SPDX-License-Identifier: Apache-2.0
"""The user's own code in these tests. None of it imports cowsay before a job calls it."""

import pathlib
import time
from typing import NamedTuple

import geneva
import pyarrow as pa
from geneva import skip_on_error, udf


def words(text: str) -> str:
    import cowsay

    return f"{cowsay.__version__} {text}"


cow = udf(words, data_type=pa.string(), num_cpus=0.1)


@udf(data_type=pa.int64(), num_cpus=0.1)
def double(id: int) -> int:
    return id * 2


@udf(data_type=pa.int64(), num_cpus=0.1)
def triple(id: int) -> int:
    return id * 3


@udf(data_type=pa.int64(), num_cpus=0.1, input_columns=["ID"])
def loud(number: int) -> int:
    """Reads `id`, in a spelling that the table does not have."""
    return number


@udf(data_type=pa.string(), num_cpus=0.1)
def resources(id: int) -> str:
    """What the Ray that computes it has."""
    import ray

    return " ".join(sorted(ray.cluster_resources()))


class Sizes(NamedTuple):
    letters: int
    upper: str


@udf(num_cpus=0.1)
def sizes(text: str) -> geneva.Columns[Sizes]:
    return Sizes(len(text), text.upper())


@udf(data_type=pa.int64(), num_cpus=0.1)
def fails(id: int) -> int:
    raise ValueError(f"no luck with {id}")


@udf(data_type=pa.string(), num_cpus=0.1)
def slow(folder: str) -> str:
    """Leaves a trace of each row in the folder that the row names."""
    (pathlib.Path(folder) / "runs").touch()
    time.sleep(3)
    return folder


@udf(data_type=pa.int64(), num_cpus=0.1, on_error=skip_on_error())
def flaky(id: int, folder: str) -> int:
    """Leaves a trace of each row; two are skipped until the folder has a file `healed`."""
    with open(pathlib.Path(folder) / "calls", "a") as out:
        out.write(f"{id}\n")
    if id in (3, 7) and not (pathlib.Path(folder) / "healed").exists():
        raise ValueError(f"no luck with {id}")
    return id * 10
