# SPDX-License-Identifier: Apache-2.0
"""A backfill request to a job: every check that can be made before it is accepted."""

from __future__ import annotations

import json
import time
import uuid

import lance
import lance_namespace_urllib3_client.models as models

from . import field_paths, jobs, manifests, snapshots
from .bodies import validate
from .config import Deployment
from .databases import Database
from .errors import ApiError, Code, from_library, invalid, unsupported
from .jobs import Job
from .operations import table_location

# Request fields that go to the engine under the same name, with the smallest value that makes
# sense.
_NUMBERS = {
    "concurrency": 1,
    "intra_applier_concurrency": 1,
    "min_checkpoint_size": 1,
    "max_checkpoint_size": 1,
    "batch_checkpoint_flush_interval_seconds": 0,
    "read_version": 1,
    "task_size": 1,
    "num_frags": 1,
    "checkpoint_size": 1,
    "commit_granularity": 1,
}
_VISIBLE_SECONDS = 5.0
# The driver is told its task in its command, of which Linux takes 128 KB.
_LONGEST_WHERE = 64 << 10


def prepare(
    database: Database,
    object_id: list[str],
    body: dict,
    min_read_version: str | None,
    deployment: Deployment,
    external: bool,
) -> Job:
    """Validates and resolves. Raises ApiError; blocking. `external`: Ray runs on other machines."""
    request = validate(models.AlterTableBackfillColumnsRequest, body, object_id)
    if request.branch:
        raise unsupported("branches are not supported for backfills of the local deployment")
    dataset = _dataset(table_location(database, object_id), min_read_version)
    column = field_paths.column_field(dataset.schema, request.column)
    metadata = snapshots.metadata_of(column)
    if not snapshots.is_virtual(column):
        raise invalid(f"column '{request.column}' is not computed: nothing says how to fill it")
    given = _given(request)
    _check_where(dataset, request.where)
    jobs.check_version(dataset, "read_version", request.read_version)
    address = jobs.cluster_address(request.cluster, deployment)
    resolved = _resolve(database, request, column, deployment)
    arguments, notes = dict(given), []
    if not external and address is None:
        notes = jobs.cap(arguments, jobs.machine_cpus())
    return Job(
        job_id=str(uuid.uuid4()),
        database=database.name,
        folder=str(database.folder),
        table=object_id,
        column=request.column,
        arguments=arguments,
        manifest=resolved.manifest,
        origin=resolved.origin,
        config=_config(request, object_id, given, arguments, resolved),
        cluster=request.cluster,
        address=address,
        input_columns=_names(metadata.get(f"{snapshots.PREFIX}.udf_inputs")),
        output_columns=_outputs(metadata, request.column),
        notes=notes,
        created=time.time(),
    )


def _dataset(location: str, min_read_version: str | None):
    """The newest version, which must not be older than what the caller has seen."""
    dataset = lance.dataset(location)
    if min_read_version is None:
        return dataset
    if not min_read_version.isdigit():
        raise invalid("the header x-lancedb-min-read-version is not a version number")
    deadline = time.monotonic() + _VISIBLE_SECONDS
    while dataset.version < int(min_read_version):
        if time.monotonic() > deadline:
            raise ApiError(
                Code.TABLE_VERSION_NOT_FOUND,
                f"the table is at version {dataset.version}, the request wants {min_read_version} "
                "or newer",
            )
        time.sleep(0.1)
        dataset = lance.dataset(location)
    return dataset


def _given(request) -> dict:
    given = {} if request.where is None else {"where": request.where}
    given.update(jobs.numbers(request, _NUMBERS))
    low, high = given.get("min_checkpoint_size"), given.get("max_checkpoint_size")
    if low is not None and high is not None and low > high:
        raise invalid(f"min_checkpoint_size {low} is more than max_checkpoint_size {high}")
    return given


def _check_where(dataset, where: str | None) -> None:
    if where is None:
        return
    size = len(where.encode())
    if size > _LONGEST_WHERE:
        raise invalid(f"field 'where' has {size} bytes; {_LONGEST_WHERE} are the most here")
    try:
        dataset.scanner(filter=where, limit=1).explain_plan()
    except (ValueError, OSError) as error:
        raise invalid(
            f"field 'where' does not fit the table: {from_library(error).text}"
        ) from error


def _resolve(database: Database, request, column, deployment: Deployment) -> manifests.Resolved:
    override = None
    if request.manifest is not None:
        override = manifests.find_named(database, request.manifest)
    where = f"the manifest pinned on column '{request.column}'"
    resolved = manifests.resolve(
        override, snapshots.pinned_manifest(column, where), deployment.default_manifest
    )
    if resolved.manifest is not None:
        manifests.check(resolved.manifest, f"manifest '{resolved.name}' ({resolved.origin})")
    return resolved


def _config(
    request, object_id: list[str], given: dict, arguments: dict, resolved: manifests.Resolved
) -> dict:
    """What was asked for, under the request's own names, and what it was resolved to."""
    config = dict(given)
    if len(object_id) > 1:  # the record's table_name is the last part alone, as in the engine
        config["table_id"] = object_id
    if request.manifest is not None:
        config["manifest"] = request.manifest
    if request.cluster is not None:
        config["cluster"] = request.cluster
    config["manifest_origin"] = resolved.origin
    return {**config, **jobs.used_beside(given, arguments)}


def _names(text: str | None) -> list[str] | None:
    try:
        return list(json.loads(text)) if text else None
    except (ValueError, TypeError):
        return None


def _outputs(metadata: dict, column: str) -> list[str]:
    try:
        group = json.loads(metadata.get(f"{snapshots.PREFIX}.unpack_fields") or "null")
        return [entry["column"] for entry in group] if group else [column]
    except (ValueError, TypeError, KeyError):
        return [column]
