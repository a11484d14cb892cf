# SPDX-License-Identifier: Apache-2.0
"""Transforms that geneva.toml names: they need nothing of this project but this file."""

from typing import Iterator, NamedTuple

import geneva
import pyarrow as pa

TOPICS = pa.schema(
    [("topic", pa.string()), ("articles", pa.int64()), ("mean_length", pa.float64())]
)


@geneva.udf(data_type=pa.int64(), num_cpus=0.1)
def words(text: str) -> int:
    return len(text.split())


@geneva.udf(data_type=pa.string(), num_cpus=0.1)
def longest_word(text: str) -> str:
    import pandas  # from the manifest

    found = pandas.Series(text.replace(".", " ").split())
    return found[found.str.len().idxmax()]


class Sentence(NamedTuple):
    at: int
    sentence: str


@geneva.chunker(num_cpus=0.1)
def sentences(text: str) -> Iterator[Sentence]:
    for at, sentence in enumerate(part.strip() for part in text.split(".") if part.strip()):
        yield Sentence(at, sentence)


@geneva.udtf(output_schema=TOPICS, input_columns=["topic", "text"], num_cpus=0.1)
def by_topic(source) -> Iterator[pa.RecordBatch]:
    rows = source.to_arrow().to_pandas()  # those of one topic: geneva.toml says partition_by
    mean = float(rows["text"].str.len().mean())
    yield pa.record_batch([[rows["topic"].iloc[0]], [len(rows)], [mean]], schema=TOPICS)
