# SPDX-License-Identifier: Apache-2.0
"""What makes views in these tests."""

import geneva
import pyarrow as pa

WORDS = pa.schema([("at", pa.int32()), ("word", pa.string())])


@geneva.chunker(output_schema=WORDS, num_cpus=0.1)
def split(text: str):
    for at, word in enumerate(text.split()):
        yield {"at": at, "word": word}


@geneva.udtf(
    output_schema=pa.schema([("rows", pa.int64())]), input_columns=["id"], num_cpus=0.1,
    partition_by="text",
)
def count(source):
    yield pa.record_batch({"rows": [source.to_arrow().num_rows]})
