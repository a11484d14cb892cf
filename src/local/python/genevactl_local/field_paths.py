# SPDX-License-Identifier: Apache-2.0
"""Lance field paths: dots between the parts, backticks around a part that has one."""

from __future__ import annotations

import pyarrow as pa

from .errors import ApiError, Code, invalid


def column_field(schema: pa.Schema, path: str) -> pa.Field:
    """The field at a Lance field path (dots, backticks); raises TableColumnNotFound."""
    parts = split_path(path)
    missing = ApiError(Code.TABLE_COLUMN_NOT_FOUND, f"column '{path}' does not exist")
    if parts[0] not in schema.names:
        raise missing
    found = schema.field(parts[0])
    for part in parts[1:]:
        kind = found.type
        if not pa.types.is_struct(kind) or kind.get_field_index(part) < 0:
            raise missing
        found = kind.field(part)
    return found


def split_path(path: str) -> list[str]:
    """`a.b` and `` `a.b`.c `` to their segments; a doubled backtick is one. Raises InvalidInput."""
    parts, rest = [], path
    while True:
        if rest.startswith("`"):
            part, rest = _quoted(rest[1:], path)
        else:
            cut = len(rest) if "." not in rest else rest.index(".")
            part, rest = rest[:cut], rest[cut:]
        if not part:
            raise invalid(f"column path '{path}' has an empty part")
        parts.append(part)
        if not rest:
            return parts
        if not rest.startswith("."):
            raise invalid(f"column path '{path}' is malformed after '{part}'")
        rest = rest[1:]


def _quoted(rest: str, path: str) -> tuple[str, str]:
    part, i = "", 0
    while i < len(rest):
        if rest[i] != "`":
            part += rest[i]
            i += 1
        elif rest[i + 1 : i + 2] == "`":
            part += "`"
            i += 2
        else:
            return part, rest[i + 1 :]
    raise invalid(f"column path '{path}' has an open backtick")
