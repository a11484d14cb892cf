# SPDX-License-Identifier: Apache-2.0
"""One transform per Arrow type: `of_<name>` for each name in TYPES."""

import pyarrow as pa
from geneva import udf

TYPES = {
    **{name: getattr(pa, name)() for name in ("int8", "int16", "int32", "int64")},
    **{name: getattr(pa, name)() for name in ("uint8", "uint16", "uint32", "uint64")},
    **{name: getattr(pa, name)() for name in ("float16", "float32", "float64", "bool_", "null")},
    **{name: getattr(pa, name)() for name in ("utf8", "large_utf8", "binary", "large_binary")},
    **{name: getattr(pa, name)() for name in ("date32", "date64", "string_view", "binary_view")},
    "fixed_binary": pa.binary(16),
    "time32": pa.time32("ms"),
    "time64": pa.time64("ns"),
    "timestamp": pa.timestamp("us"),
    "timestamp_utc": pa.timestamp("us", tz="UTC"),
    "duration": pa.duration("s"),
    "decimal": pa.decimal128(10, 2),
    "decimal256": pa.decimal256(40, 5),
    "list_of_int": pa.list_(pa.int32()),
    "list_of_required": pa.list_(pa.field("element", pa.utf8(), nullable=False)),
    "large_list": pa.large_list(pa.float32()),
    "embedding": pa.list_(pa.float32(), 256),
    "embeddings": pa.list_(pa.list_(pa.float16(), 4)),
    "struct": pa.struct([pa.field("a", pa.int8(), nullable=False), ("b c", pa.list_(pa.utf8()))]),
    "struct_with_metadata": pa.struct([pa.field("blob", pa.large_binary(), metadata={"é": "ü"})]),
    "map": pa.map_(pa.utf8(), pa.int32()),
    "dictionary": pa.dictionary(pa.int32(), pa.utf8()),
}


def _transform(data_type):
    @udf(data_type=data_type)
    def nothing(text: str):
        return None

    return nothing


globals().update({f"of_{name}": _transform(data_type) for name, data_type in TYPES.items()})
