# SPDX-License-Identifier: Apache-2.0
"""Transforms and manifests that several tests register. Functions are made here, so they travel by
value.
"""

import functools
import typing

import pyarrow as pa
from geneva import chunker, udf, udtf
from geneva.manifest import GenevaManifest


@functools.cache  # its creation time travels in the pickle
def manifest(name="cows", *requirements, **env):
    builder = GenevaManifest.create_pip(name)
    if requirements:
        builder = builder.pip(list(requirements))
    if env:
        builder = builder.env_vars(env)
    return builder.build()


def by_value(function):
    """The function as if it were written in a script: pickled whole, not by its module's name."""
    function.__module__ = "__main__"
    return function


def double(**options):
    def double(id: int) -> int:
        return id * 2

    return udf(by_value(double), data_type=pa.int64(), num_cpus=0.1, **options)


def cow(**options):
    def cow(text: str) -> str:
        import cowsay

        print("a cow for", text)
        return cowsay.__version__ + cowsay.get_output_string("cow", text)

    return udf(by_value(cow), data_type=pa.string(), num_cpus=0.1, **options)


def unpacked(function=None, **options):
    """A transform with the outputs `p_head` and `p_length`."""
    from geneva.transformer import UnpackedUDF

    def parts(text: str) -> dict:
        return {"head": text[:1], "length": len(text)}

    kind = pa.struct(
        [pa.field("head", pa.string(), metadata={"k": "v"}), pa.field("length", pa.int32())]
    )
    return UnpackedUDF(udf(by_value(function or parts), data_type=kind, **options), prefix="p_")


def words(**options):
    """A chunker: a row for every word of `text`."""
    word = typing.NamedTuple("Word", [("word_index", int), ("word", str)])
    by_value(word)

    def split(text: str) -> typing.Iterator[word]:
        for index, each in enumerate(text.split()):
            yield word(index, each)

    return chunker(by_value(split), num_cpus=0.1, **options)


def count_rows(**options):
    """A udtf: one row with the number of rows of its source (or partition) and the least id."""

    def count(source):
        ids = source.to_arrow()["id"].to_pylist()
        yield pa.record_batch({"least": [min(ids)], "rows": [len(ids)]})

    schema = pa.schema([("least", pa.int64()), ("rows", pa.int64())])
    return udtf(
        by_value(count), output_schema=schema, input_columns=["id"], num_cpus=0.1, **options
    )
