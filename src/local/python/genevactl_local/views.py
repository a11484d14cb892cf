# SPDX-License-Identifier: Apache-2.0
"""Materialized views: making one the way the engine does it, without unpickling anything, and the
request to refresh one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import time
import uuid
from dataclasses import dataclass

import lance
import lance_namespace_urllib3_client.models as models
import pyarrow as pa

from . import jobs, manifests, namespaces
from .bodies import validate
from .config import Deployment
from .databases import Database
from .errors import invalid, unsupported
from .jobs import Job
from .operations import table_location

PREFIX = "geneva::view::"
# What genevactl remembers of a registration (docs/transform.md): kept as the client sends it.
_KEPT = "genevactl."
# Request fields that go to the engine's refresh under the same name.
_NUMBERS = {
    "src_version": 1,
    "max_rows_per_fragment": 1,
    "concurrency": 1,
    "intra_applier_concurrency": 1,
    "source_task_size": 1,
    "output_limit": 1,
}


@dataclass(frozen=True)
class View:
    """What the metadata of a view says."""

    kind: str
    query: dict
    source: list[str]
    pinned_version: int | None  # of the source, when the view was made
    metadata: dict[str, str]

    def manifest(self) -> dict | None:
        """What its transform pins, else the snapshot on the view itself; never that of a column
        that it inherits.
        """
        spec = self.metadata.get(f"{PREFIX}{self.kind}")
        pinned = _json_object(spec, "the view's transform").get("manifest") if spec else None
        text = pinned or self.metadata.get(f"{PREFIX}manifest")
        return manifests.parse(text, "the manifest pinned on the view") if text else None


def create(database: Database, object_id: list[str], body: dict) -> dict:
    """An empty table with the view's schema and definition; a refresh fills it. Blocking."""
    request = validate(models.CreateMaterializedViewRequest, body, object_id)
    if request.auto_refresh:
        raise unsupported("auto_refresh is not done by the local deployment: refresh the view")
    query = _json_object(request.source_query, "field 'source_query'")
    source = _source(database, query)
    schema = _schema(request.output_schema)
    metadata = {
        "query": request.source_query,
        "base_table": source.table[-1],
        "base_table_db_uri": str(database.folder),
        "base_table_version": str(source.dataset.version),
        "version": _version(request.kind, source.dataset),
        **_transform(request),
    }
    _refuse_computed(query)
    kept = {k: v for k, v in (schema.metadata or {}).items() if k.startswith(_KEPT.encode())}
    definition = schema.with_metadata({**kept, **{PREFIX + k: v for k, v in metadata.items()}})
    stable = source.dataset.has_stable_row_ids
    return {"version": _write(database, object_id, definition, stable)}


def read(schema: pa.Schema) -> View | None:
    """The view whose table has this schema; None where it is no view."""
    metadata = {k.decode(): v.decode() for k, v in (schema.metadata or {}).items()}
    text = metadata.get(f"{PREFIX}query")
    if text is None:
        return None
    version = metadata.get(f"{PREFIX}version")
    pinned = metadata.get(f"{PREFIX}base_table_version", "")
    return View(
        kind=version if version in ("chunker", "udtf") else "query",
        query=_json_object(text, "the view's query"),
        source=[metadata.get(f"{PREFIX}base_table", "")],
        pinned_version=int(pinned) if pinned.isdigit() else None,
        metadata=metadata,
    )


def prepare_refresh(
    database: Database, object_id: list[str], body: dict, deployment: Deployment, external: bool
) -> Job:
    """A refresh request to a job, with every check that can be made before it is accepted. Raises
    ApiError; blocking. `external`: Ray runs on other machines.
    """
    request = validate(models.RefreshMaterializedViewRequest, body, object_id)
    schema = lance.dataset(table_location(database, object_id)).schema
    view = read(schema)
    if view is None:
        raise invalid(f"'{'.'.join(object_id)}' is a table and no view: nothing to refresh")
    given = jobs.numbers(request, _NUMBERS)
    if "output_limit" in given and view.kind != "chunker":
        raise invalid(f"field 'output_limit' is for chunker views, this is a {view.kind} view")
    source = lance.dataset(table_location(database, view.source))
    jobs.check_version(source, "src_version", request.src_version)
    _check_pinned(view, source, request.src_version)
    address = jobs.cluster_address(request.cluster, deployment)
    override = None
    if request.manifest is not None:
        override = manifests.check_snapshot(request.manifest, None, "field 'manifest'")
    resolved = manifests.resolve(override, view.manifest(), deployment.default_manifest)
    if resolved.manifest is not None:
        manifests.check(resolved.manifest, f"manifest '{resolved.name}' ({resolved.origin})")
    arguments = dict(given)
    notes = []
    if not external and address is None:
        notes = jobs.cap(arguments, jobs.machine_cpus())
    config = {**given, "manifest_origin": resolved.origin, **jobs.used_beside(given, arguments)}
    if len(object_id) > 1:
        config["table_id"] = object_id
    if request.cluster is not None:
        config["cluster"] = request.cluster
    return Job(
        job_id=str(uuid.uuid4()),
        database=database.name,
        folder=str(database.folder),
        table=object_id,
        column=jobs.REFRESH,
        arguments=arguments,
        manifest=resolved.manifest,
        origin=resolved.origin,
        config=config,
        cluster=request.cluster,
        address=address,
        input_columns=_columns_read(view, source),
        output_columns=list(schema.names),
        notes=notes,
        created=time.time(),
        source=view.source,
    )


def _check_pinned(view: View, source, src_version: int | None) -> None:
    """Query and chunker views name their source's rows by ids, which move unless they are stable;
    udtf views read all of it anew.
    """
    pinned = view.pinned_version
    wanted = source.version if src_version is None else src_version
    if view.kind == "udtf" or source.has_stable_row_ids or pinned in (None, wanted):
        return
    raise invalid(
        f"this {view.kind} view is pinned to version {pinned} of '{view.source[-1]}', which has no "
        f"stable row ids, and cannot be refreshed to version {wanted}: give src_version {pinned}, "
        "or make source and view anew with stable row ids"
    )


def _columns_read(view: View, source) -> list[str]:
    """The columns of the source that the view reads; all of them where only SQL says it."""
    columns = (view.query.get("base") or {}).get("columns")
    if isinstance(columns, list) and not view.query.get("column_udfs"):
        return [name for name in columns if name in source.schema.names]
    return list(source.schema.names)


@dataclass(frozen=True)
class _Source:
    table: list[str]
    dataset: lance.LanceDataset


def _source(database: Database, query: dict) -> _Source:
    name, uri = query.get("source_table"), query.get("source_db_uri")
    if not isinstance(name, str) or not name:
        raise invalid("field 'source_query' names no 'source_table'")
    if uri not in (None, f"db://{database.name}", str(database.folder)):
        raise unsupported(
            f"the view's source is in {uri}: here a view and its source are in one database"
        )
    return _Source([name], lance.dataset(table_location(database, [name])))


def _version(kind: str, source) -> str:
    """What the engine reads to know a view's kind: a query view that follows its source is "2"."""
    return kind if kind != "query" else "2" if source.has_stable_row_ids else "1"


def _schema(encoded: str) -> pa.Schema:
    try:
        return pa.ipc.read_schema(pa.BufferReader(base64.b64decode(encoded, validate=True)))
    except (binascii.Error, ValueError, OSError) as error:
        raise invalid(
            f"field 'output_schema' is not the base64 of an Arrow IPC schema: {error}"
        ) from error


def _transform(request) -> dict[str, str]:
    """The chunker or udtf of a view, and the manifest pinned to it, under the engine's keys."""
    spec = request.udtf_spec
    if request.kind == "query":
        if spec is not None:
            raise invalid("field 'udtf_spec' does not go with kind 'query'")
        return {}
    if spec is None:
        raise invalid(f"kind '{request.kind}' needs the field 'udtf_spec'")
    if spec.kind != request.kind:
        raise invalid(f"field 'udtf_spec.kind' is '{spec.kind}', the view is a {request.kind} view")
    if hashlib.sha256(spec.udtf.encode()).hexdigest() != spec.udtf_sha:
        raise invalid("field 'udtf_spec.udtf_sha' is not the SHA-256 of 'udtf'")
    try:
        text = base64.b64decode(spec.udtf, validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise invalid("field 'udtf_spec.udtf' is not base64 of a text") from error
    _json_object(text, "field 'udtf_spec.udtf'")
    found = {request.kind: text}
    if spec.manifest is not None:
        manifest = manifests.check_snapshot(
            spec.manifest, spec.manifest_checksum, "the manifest of the view"
        )
        found["manifest"] = spec.manifest
        found["manifest_checksum"] = spec.manifest_checksum or manifests.checksum(manifest)
    return found


def _refuse_computed(query: dict) -> None:
    if query.get("column_udfs"):
        # Seen on the real engine: its refresh of such a view loses a race with itself.
        raise unsupported(
            "a query whose columns a transform computes is not refreshed by the local deployment: "
            "add the column to the source and select it"
        )


def _write(database: Database, object_id: list[str], schema: pa.Schema, stable: bool) -> int:
    namespaces.require(database, object_id[:-1])
    namespace = database.namespace
    location = namespace.declare_table(models.DeclareTableRequest(id=object_id)).location
    try:
        made = lance.write_dataset(
            schema.empty_table(), location, mode="create", enable_stable_row_ids=stable
        )
    except Exception:
        namespace.drop_table(models.DropTableRequest(id=object_id))
        raise
    return made.version


def _json_object(text: str, where: str) -> dict:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise invalid(f"{where} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise invalid(f"{where} is not a JSON object")
    return value
