# SPDX-License-Identifier: Apache-2.0
"""Transforms to run on a few rows."""

import geneva
import pyarrow as pa


@geneva.udf
def third(text: str, id: int) -> int:
    print("the user's own words")
    return len(text) // (id - 3)


@geneva.udf(data_type=pa.string(), input_columns=["text"])
def shouted(column: pa.Array) -> pa.Array:
    return pa.compute.utf8_upper(column)


@geneva.udf(data_type=pa.int64())
def fewer(batch: pa.RecordBatch) -> pa.Array:
    return pa.array([1], pa.int64())


@geneva.udtf(output_schema=pa.schema([("n", pa.int64())]), partition_by="id")
def counted(source):
    yield pa.RecordBatch.from_pydict({"n": [source.to_arrow().num_rows]})
    for batch in source.to_batches():
        yield pa.RecordBatch.from_pydict({"n": batch["id"]})
