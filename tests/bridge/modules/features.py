# SPDX-License-Identifier: Apache-2.0
"""Transforms of the shapes that registrations differ by."""

from typing import NamedTuple

import geneva
import pyarrow as pa
from geneva.manifest import GenevaManifest

PINNED = GenevaManifest.create_pip("pinned-é").pip(["cowsay==6.1"]).env_vars({"A": "ü"}).build()
CARRIER = GenevaManifest("carries-the-workspace", zips=[["abc.zip"]])


@geneva.udf
def plain(text: str) -> int:
    """How long the text is.

    Second line.
    """
    return len(text)


@geneva.udf(manifest=PINNED, num_cpus=0.5, memory=1 << 20, field_metadata={"lance:x": "1"})
def pinned(text: str) -> str:
    return text.upper()


@geneva.udf(manifest=CARRIER)
def carried(text: str) -> str:
    return text


@geneva.udf(input_columns=["text", "id"], version="v7", num_gpus=0.25, cuda=True, batch_size=10)
def two_inputs(a: str, b: int) -> float:
    return float(len(a) + b)


@geneva.udf(data_type=pa.int32())
def whole_batch(batch: pa.RecordBatch) -> pa.Array:
    return pa.array([1] * batch.num_rows, pa.int32())


@geneva.udf(data_type=pa.int32(), version="s1")  # geneva hashes a class anew per process
class Stateful:
    def __init__(self, add: int = 1):
        self.add = add

    def __call__(self, text: str) -> int:
        return len(text) + self.add


@geneva.udf(data_type=pa.int32())
class NeedsModel:
    def __init__(self, model):
        self.model = model

    def __call__(self, text: str) -> int:
        return 1


stateful = Stateful(add=5)


class Sizes(NamedTuple):
    words: int
    letters: int


@geneva.udf
def sizes(text: str) -> geneva.Columns[Sizes]:
    return Sizes(len(text.split()), len(text))


ROWS = pa.schema([pa.field("word", pa.string(), nullable=False), ("at", pa.int32())])


@geneva.chunker(output_schema=ROWS)
def words(text: str):
    for at, word in enumerate(text.split()):
        yield {"word": word, "at": at}


@geneva.udtf(output_schema=ROWS, input_columns=["text"], partition_by="id")
def table_function(source):
    yield from ()


@geneva.chunker(output_schema=ROWS, manifest=PINNED, num_cpus=0.5, version="v2")
def pinned_words(text: str):
    yield {"word": text, "at": 0}


@geneva.chunker(output_schema=ROWS, inherit_input_columns=False)
def lonely_words(text: str):
    yield {"word": text, "at": 0}


@geneva.udtf(output_schema=ROWS.with_metadata({"own": "metadata"}), manifest=PINNED, num_gpus=1)
def pinned_table(source):
    yield from ()


def not_decorated(text: str) -> str:
    return text


NUMBER = 7


class Group:
    inner = plain


CONNECTION = (part for part in ())


@geneva.udf
def holds_a_connection(text: str) -> str:
    return str(CONNECTION)
