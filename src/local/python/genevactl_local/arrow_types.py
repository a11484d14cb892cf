# SPDX-License-Identifier: Apache-2.0
"""JSON Arrow types of requests (specification and the Python client's spelling) to pyarrow."""

from __future__ import annotations

import re

import pyarrow as pa

from .errors import invalid

_PLAIN = {
    "null": pa.null(), "bool": pa.bool_(), "boolean": pa.bool_(),
    "int8": pa.int8(), "int16": pa.int16(), "int32": pa.int32(), "int64": pa.int64(),
    "uint8": pa.uint8(), "uint16": pa.uint16(), "uint32": pa.uint32(), "uint64": pa.uint64(),
    "halffloat": pa.float16(), "float16": pa.float16(),
    "float": pa.float32(), "float32": pa.float32(),
    "double": pa.float64(), "float64": pa.float64(),
    "string": pa.string(), "utf8": pa.string(),
    "large_string": pa.large_string(), "large_utf8": pa.large_string(),
    "string_view": pa.string_view(), "utf8_view": pa.string_view(),
    "binary": pa.binary(), "large_binary": pa.large_binary(), "binary_view": pa.binary_view(),
    "date32": pa.date32(), "date32:day": pa.date32(), "date32[day]": pa.date32(),
    "date64": pa.date64(), "date64:ms": pa.date64(), "date64[ms]": pa.date64(),
}  # fmt: skip
_TIME = re.compile(r"(time32|time64|duration)(?:\[|:)(s|ms|us|ns)\]?")
_TIMESTAMP = re.compile(r"timestamp(?:\[(s|ms|us|ns)(?:, tz=([^\]]+))?\]|:(s|ms|us|ns)(?::(.+))?)")
_DECIMAL = re.compile(r"decimal(128|256)\((\d+), ?(-?\d+)\)")
_FIXED_BINARY = re.compile(r"fixed_size_binary\[(\d+)\]")
_DICTIONARY = re.compile(r"dictionary<values=(.+), indices=(\w+), ordered=([01])>")
_MAP = re.compile(r"map<(\w+), (.+)>")
_MAX_DEPTH = 32


def data_type(entry, where: str, depth: int = 0) -> pa.DataType:
    """The type that `entry` (`{"type", "fields"?, "length"?}`) describes; raises InvalidInput
    naming `where`.
    """
    if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
        raise invalid(f"{where}: a type is an object with 'type'")
    if depth > _MAX_DEPTH:
        raise invalid(f"{where}: the type is nested too deeply")
    name = entry["type"]
    fields = [field(f, where, depth + 1) for f in entry.get("fields") or []]
    length = entry.get("length")
    if length is not None and (
        isinstance(length, bool) or not isinstance(length, int) or length < 0
    ):
        raise invalid(f"{where}: the length of '{name}' must be a whole number of 0 or more")
    try:
        if name == "struct":
            return pa.struct(fields)
        if name in ("list", "large_list", "fixed_size_list"):
            if len(fields) != 1:
                raise invalid(f"{where}: '{name}' takes exactly one field")
            if name == "fixed_size_list":
                return pa.list_(fields[0], int(length))
            return pa.list_(fields[0]) if name == "list" else pa.large_list(fields[0])
        if name == "fixed_size_binary" and length is not None:
            return pa.binary(int(length))
        return named(name, where)
    except (TypeError, ValueError, pa.ArrowException) as error:
        raise invalid(f"{where}: type '{name}' does not work: {error}") from error


def named(name: str, where: str) -> pa.DataType:
    """A type without nested fields, by its name."""
    if name in _PLAIN:
        return _PLAIN[name]
    if m := _TIME.fullmatch(name):
        return getattr(pa, m[1])(m[2])
    if m := _TIMESTAMP.fullmatch(name):
        zone = m[2] or m[4]
        return pa.timestamp(m[1] or m[3], tz=None if zone in (None, "-") else zone)
    if m := _DECIMAL.fullmatch(name):
        return (pa.decimal128 if m[1] == "128" else pa.decimal256)(int(m[2]), int(m[3]))
    if m := _FIXED_BINARY.fullmatch(name):
        return pa.binary(int(m[1]))
    if m := _DICTIONARY.fullmatch(name):
        return pa.dictionary(named(m[2], where), named(m[1], where), m[3] == "1")
    if m := _MAP.fullmatch(name):
        return pa.map_(named(m[1], where), named(m[2], where))
    raise invalid(f"{where}: type '{name}' is not known here")


def field(entry, where: str, depth: int = 0) -> pa.Field:
    """A field `{"name", "type", "nullable"?, "metadata"?}`; nullable unless it says otherwise."""
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise invalid(f"{where}: a nested field is an object with 'name' and 'type'")
    kind = data_type(entry.get("type"), f"{where}.{entry['name']}", depth)
    nullable = entry.get("nullable", True) is not False
    return pa.field(entry["name"], kind, nullable, entry.get("metadata") or None)
