# SPDX-License-Identifier: Apache-2.0
"""Registering computed columns the way the engine does it, without unpickling anything."""

from __future__ import annotations

import json

import lance
import lance_namespace_urllib3_client.models as models
import pyarrow as pa

from . import arrow_types, field_paths, jobs_table, snapshots
from .bodies import validate
from .databases import Database
from .errors import ApiError, Code, from_library, invalid, unsupported
from .operations import table_location


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
        snapshots.store(location, payload)
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
        column = field_paths.column_field(schema, entry.path)
        if entry.virtual_column is not None:
            work.append((entry.path, *_repointed(column, entry.virtual_column)))
    for path, metadata, payload in work:
        if payload is not None:
            snapshots.store(location, payload)
        lance.dataset(location).update_field_metadata({path: metadata}, replace=True)
    for entry in request.alterations:
        _alter_plain(location, entry)
    return {"version": lance.dataset(location).version}


def _goes_on(database: Database, job_id: str) -> bool:
    """False once the engine has written the job's end: what is left of it needs no column."""
    record = jobs_table.read(database, job_id)
    return record is None or record["status"] not in jobs_table.TERMINAL


def drop(database: Database, object_id: list[str], body: dict, busy: dict[str, list[str]]) -> dict:
    """drop_columns. `busy` are the columns that jobs need, with their ids. Blocking."""
    request = validate(models.AlterTableDropColumnsRequest, body, object_id)
    _refuse_branch(request)
    if not request.columns:
        raise invalid("field 'columns' is empty")
    location = table_location(database, object_id)
    schema = lance.dataset(location).schema
    for path in request.columns:
        column = field_paths.column_field(schema, path)
        name = field_paths.split_path(path)[0]
        job_id = next((job for job in busy.get(name, []) if _goes_on(database, job)), None)
        if job_id is not None:
            raise ApiError(
                Code.CONCURRENT_MODIFICATION,
                f"column '{name}' is in use by job {job_id}: wait for it, or cancel it",
            )
        missing = [n for n in snapshots.siblings(schema, column) if n not in request.columns]
        if missing:
            raise invalid(
                f"column '{name}' is one of several outputs of a transform: drop its siblings with "
                f"it ({', '.join(missing)})"
            )
    dataset = lance.dataset(location)
    dataset.drop_columns(request.columns)
    return {"version": dataset.version}


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
    payload = snapshots.payload_of(name, entry.udf, entry.udf_backend)
    if not entry.outputs:
        raise invalid(f"column '{name}': field 'outputs' is empty")
    base = snapshots.registered(name, entry, payload)
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
    old = snapshots.metadata_of(column)
    if f"{snapshots.PREFIX}.unpack_group" in old:
        raise invalid(
            f"column '{column.name}' is one of several outputs of a transform: "
            "drop them all and add them again"
        )
    if entry.udf is None:
        if not snapshots.is_virtual(column):
            raise invalid(f"column '{column.name}' is not computed; give its transform ('udf')")
        return {**_without_manifest(old, entry), **_changes(column.name, entry)}, None
    if not entry.input_columns or not entry.udf_name:
        raise invalid(f"column '{column.name}': 'udf' needs 'input_columns' and 'udf_name'")
    payload = snapshots.payload_of(column.name, entry.udf, entry.udf_backend)
    metadata = snapshots.registered(column.name, entry, payload)
    return {**(entry.field_metadata or {}), **metadata}, payload


def _without_manifest(old: dict, entry) -> dict:
    if entry.manifest is None:
        return old
    return {k: v for k, v in old.items() if not k.startswith(f"{snapshots.PREFIX}.manifest")}


def _changes(name: str, entry) -> dict[str, str]:
    snapshots.refuse_auto(name, entry)
    changes = dict(entry.field_metadata or {})
    changes.update(snapshots.manifest_metadata(name, entry))
    if entry.input_columns is not None:
        changes[f"{snapshots.PREFIX}.udf_inputs"] = json.dumps(entry.input_columns)
    if entry.udf_name is not None:
        changes[f"{snapshots.PREFIX}.udf_name"] = entry.udf_name
    return changes


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
