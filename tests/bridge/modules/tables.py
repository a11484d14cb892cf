# SPDX-License-Identifier: Apache-2.0
"""A source of views with what schemas differ by."""

import pyarrow as pa

SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("text", pa.string(), metadata={"note": "a"}),
        pa.field("at", pa.timestamp("ms", "UTC")),
        pa.field("price", pa.decimal128(10, 2)),
        pa.field("tags", pa.list_(pa.string())),
        pa.field("kind", pa.dictionary(pa.int32(), pa.string())),
        pa.field("meta", pa.struct([pa.field("lang", pa.string(), metadata={"q": "1"})])),
        pa.field("vector", pa.list_(pa.float32(), 2), metadata={"virtual_column": "true"}),
        pa.field("Odd name", pa.string()),
    ]
)
ROW = {
    "id": 1, "text": "a b", "at": None, "price": None, "tags": ["x"], "kind": "k",
    "meta": {"lang": "en"}, "vector": [1.0, 2.0], "Odd name": "o",
}
SOURCE = pa.Table.from_pylist([ROW], schema=SCHEMA)
