# SPDX-License-Identifier: Apache-2.0
"""Transforms whose identities are compared between copies of this folder."""

import functools
import os
import threading

import geneva
import helper
import pyarrow as pa
from helper import clean

OFFSET = 3
MODEL = os.environ.get("MODEL", "small")
LOCK = threading.Lock()


@functools.lru_cache
def is_known(text):
    return text in {"a", "b", "c"} or text in helper.WORDS


@geneva.udf
def counted(text: str) -> int:
    # a remark
    return len(clean(text)) + OFFSET + is_known(text)


@geneva.udf
def other(text: str) -> int:
    return 2


@geneva.udf
def named(text: str) -> str:
    return MODEL


@geneva.udf
def locked(text: str) -> int:
    with LOCK:
        return 1


def spelling_of(text):
    import spelling

    return spelling.of(text)


@geneva.udf
def spelled(text: str) -> str:
    return spelling_of(text)


def make(number):
    @geneva.udf
    def scaled(text: str) -> int:
        return number

    return scaled


three, four = make(3), make(4)
of_int = geneva.udf(data_type=pa.int32(), input_columns=["text"])
first, second = of_int(lambda text: 1), of_int(lambda text: 2)


@geneva.udf(data_type=pa.int32())
class Large:
    def __init__(self, size: int = 1):
        self.size = size
        self.words = set(helper.WORDS)

    def __call__(self, text: str) -> int:
        return self.size


large, small = Large(7), Large(1)


@geneva.chunker(output_schema=pa.schema([("word", pa.string())]))
def words(text: str):
    for word in text.split():
        yield {"word": clean(word)}


if __name__ == "__main__":
    print("not part of it")
