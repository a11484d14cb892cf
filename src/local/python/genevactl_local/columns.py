# SPDX-License-Identifier: Apache-2.0
"""Registering computed columns the way the engine does it, without unpickling anything."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import platform
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lance
import lance_namespace_urllib3_client.models as models
import pyarrow as pa

from . import arrow_types, manifests
from .bodies import validate
from .databases import Database
from .errors import ApiError, Code, from_library, invalid, unsupported
from .operations import table_location
from .state import write_atomic

PREFIX = "virtual_column"
_BACKEND = "DockerUDFSpecV1"


def add(database: Database, object_id: list[str], body: dict) -> dict:
    """add_columns: SQL expressions by pylance, computed ones as nulls plus metadata. Blocking."""
    request = validate(models.AlterTableAddColumnsRequest, body, object_id)
    _refuse_branch(request)
    if not request.new_columns:
        raise invalid("field 'new_columns' is empty")
    location = table_location(database, object_id)
    dataset = lance.dataset(location)
    plain, fields, payloads = [], [], []
    taken = set(dataset.schema.names)
    for entry in request.new_columns:
        if entry.computed is not None:
            raise unsupported(
                f"column '{entry.name}': maintained computed expressions are not supported here"
            )
        if entry.virtual_column is None:
            plain.append(entry)
            _take(entry.name, taken)
            continue
        if entry.expression is not None:
            raise invalid(f"column '{entry.name}' has both an expression and a virtual_column")
        new_fields, payload = _virtual_fields(entry.name, entry.virtual_column)
        for new_field in new_fields:
            _take(new_field.name, taken)
        fields += new_fields
        payloads.append(payload)
    for payload in payloads:
        _store(location, payload)
    if plain:
        only_plain = models.AlterTableAddColumnsRequest(id=object_id, new_columns=plain)
        database.namespace.alter_table_add_columns(only_plain)
        dataset = lance.dataset(location)
    if fields:
        dataset.add_columns(pa.schema(fields))
    return {"version": lance.dataset(location).version}


def alter(database: Database, object_id: list[str], body: dict) -> dict:
    """alter_columns: re-points computed columns; rename, nullable and data_type go to pylance.
    Blocking.
    """
    request = validate(models.AlterTableAlterColumnsRequest, body, object_id)
    _refuse_branch(request)
    if not request.alterations:
        raise invalid("field 'alterations' is empty")
    location = table_location(database, object_id)
    schema = lance.dataset(location).schema
    work = []
    for entry in request.alterations:
        column = column_field(schema, entry.path)
        if entry.virtual_column is not None:
            work.append((entry.path, *_repointed(column, entry.virtual_column)))
    for path, metadata, payload in work:
        if payload is not None:
            _store(location, payload)
        lance.dataset(location).update_field_metadata({path: metadata}, replace=True)
    for entry in request.alterations:
        _alter_plain(location, entry)
    return {"version": lance.dataset(location).version}


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


def metadata_of(field: pa.Field) -> dict[str, str]:
    """A field's metadata as text."""
    return {k.decode(): v.decode("utf-8", "replace") for k, v in (field.metadata or {}).items()}


def is_virtual(field: pa.Field) -> bool:
    return metadata_of(field).get(PREFIX) == "true"


def pinned_manifest(field: pa.Field, where: str) -> dict | None:
    """The manifest snapshot on a column, if it has one."""
    text = metadata_of(field).get(f"{PREFIX}.manifest")
    return manifests.parse(text, where) if text else None


def _take(name: str, taken: set[str]) -> None:
    if name in taken:
        raise invalid(f"column '{name}' already exists, or is given twice")
    if not name or "." in name:
        raise invalid(f"column '{name}': a new column is top-level, its name has no dots")
    taken.add(name)


def _refuse_branch(request) -> None:
    if getattr(request, "branch", None):
        raise unsupported(
            "branches are not supported for columns and backfills of the local deployment"
        )


def _virtual_fields(name: str, entry: models.AddVirtualColumnEntry) -> tuple[list[pa.Field], bytes]:
    payload = _payload(name, entry.udf, entry.udf_backend)
    if not entry.outputs:
        raise invalid(f"column '{name}': field 'outputs' is empty")
    base = _metadata(name, entry, payload)
    fields = []
    for output in entry.outputs:
        where = f"column '{output.column}'"
        kind = arrow_types.data_type(_plain(output.data_type), where)
        metadata = {**(entry.field_metadata or {}), **(output.metadata or {}), **base}
        if output.nullable is False:
            raise unsupported(f"{where}: a computed column starts as nulls, so it must be nullable")
        fields.append(pa.field(output.column, kind, True, metadata))
    return fields, payload


def _plain(value):
    return value.to_dict() if hasattr(value, "to_dict") else value


def _repointed(
    column: pa.Field, entry: models.AlterVirtualColumnEntry
) -> tuple[dict, bytes | None]:
    """The column's new metadata. With a new transform all of the old goes, as in the engine."""
    old = metadata_of(column)
    if f"{PREFIX}.unpack_group" in old:
        raise invalid(
            f"column '{column.name}' is one of several outputs of a transform: "
            "drop them all and add them again"
        )
    if entry.udf is None:
        if not is_virtual(column):
            raise invalid(f"column '{column.name}' is not computed; give its transform ('udf')")
        return {**_without_manifest(old, entry), **_changes(column.name, entry)}, None
    if not entry.input_columns or not entry.udf_name:
        raise invalid(f"column '{column.name}': 'udf' needs 'input_columns' and 'udf_name'")
    payload = _payload(column.name, entry.udf, entry.udf_backend)
    return {**(entry.field_metadata or {}), **_metadata(column.name, entry, payload)}, payload


def _without_manifest(old: dict, entry) -> dict:
    if entry.manifest is None:
        return old
    return {k: v for k, v in old.items() if not k.startswith(f"{PREFIX}.manifest")}


def _changes(name: str, entry) -> dict[str, str]:
    _refuse_auto(name, entry)
    changes = dict(entry.field_metadata or {})
    changes.update(_manifest_metadata(name, entry))
    if entry.input_columns is not None:
        changes[f"{PREFIX}.udf_inputs"] = json.dumps(entry.input_columns)
    if entry.udf_name is not None:
        changes[f"{PREFIX}.udf_name"] = entry.udf_name
    return changes


def _metadata(name: str, entry, payload: bytes) -> dict[str, str]:
    """The engine's own keys for a column whose transform is `payload`."""
    _refuse_auto(name, entry)
    return {
        PREFIX: "true",
        f"{PREFIX}.udf_name": entry.udf_name,
        f"{PREFIX}.udf_inputs": json.dumps(entry.input_columns),
        f"{PREFIX}.udf_backend": entry.udf_backend or _BACKEND,
        f"{PREFIX}.udf": "_udfs/" + hashlib.sha256(payload).hexdigest(),
        f"{PREFIX}.auto_backfill": "false",
        # Of the server's interpreter: a request does not say which one made the pickle.
        f"{PREFIX}.platform.system": platform.system(),
        f"{PREFIX}.platform.arch": platform.machine(),
        f"{PREFIX}.platform.python_version": platform.python_version(),
        **_manifest_metadata(name, entry),
    }


def _manifest_metadata(name: str, entry) -> dict[str, str]:
    if entry.manifest is None:
        if entry.manifest_checksum is not None:
            raise invalid(f"column '{name}': 'manifest_checksum' without 'manifest'")
        return {}
    where = f"column '{name}': the manifest"
    manifest = manifests.check_snapshot(entry.manifest, entry.manifest_checksum, where)
    digest = entry.manifest_checksum or manifests.checksum(manifest)
    return {f"{PREFIX}.manifest": entry.manifest, f"{PREFIX}.manifest_checksum": digest}


def _refuse_auto(name: str, entry) -> None:
    if entry.auto_backfill:
        raise unsupported(f"column '{name}': auto_backfill is not done by the local deployment")


def _payload(name: str, encoded: str, backend: str | None) -> bytes:
    """The bytes to store, checked as far as that goes without unpickling them."""
    if backend not in (None, _BACKEND):
        raise unsupported(f"column '{name}': udf_backend '{backend}' is not known here")
    try:
        payload = base64.b64decode(encoded, validate=True)
        envelope = json.loads(payload)
        pickle = base64.b64decode(envelope["udf_pickle"], validate=True)
        stated = envelope.get("udf_checksum")
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise invalid(
            f"column '{name}': field 'udf' is not the base64 of a {_BACKEND} document"
        ) from error
    if stated and stated != hashlib.sha256(pickle).hexdigest():
        raise invalid(f"column '{name}': the transform's udf_checksum is not that of its pickle")
    return payload


def _store(location: str, payload: bytes) -> None:
    """Puts the transform below its table, named by its digest; an existing one is the same."""
    folder = local_path(location) / "_udfs"
    folder.mkdir(exist_ok=True)
    target = folder / hashlib.sha256(payload).hexdigest()
    if not target.exists():
        write_atomic(target, payload, 0o644)


def local_path(location: str) -> Path:
    """A table's location (a path, or file://) as a path."""
    parts = urlsplit(location)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    return Path(location)


def _alter_plain(location: str, entry: models.AlterColumnsEntry) -> None:
    change: dict = {"path": entry.path}
    if entry.rename is not None:
        change["name"] = entry.rename
    if entry.nullable is not None:
        change["nullable"] = entry.nullable
    if entry.data_type is not None:
        change["data_type"] = arrow_types.data_type(entry.data_type, f"column '{entry.path}'")
    if len(change) == 1:
        return
    try:
        lance.dataset(location).alter_columns(change)
    except (OSError, ValueError) as error:
        raise _alter_error(error) from error


def _alter_error(error: Exception) -> ApiError:
    answer = from_library(error)
    return invalid(answer.text) if answer.code == Code.INTERNAL else answer
