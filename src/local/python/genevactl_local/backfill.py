# SPDX-License-Identifier: Apache-2.0
"""A backfill request to a job: every check that can be made before it is accepted."""

from __future__ import annotations

import json
import os
import time
import uuid
from dataclasses import asdict, dataclass, field

import lance
import lance_namespace_urllib3_client.models as models

from . import field_paths, manifests, snapshots
from .bodies import validate
from .config import Deployment
from .databases import Database
from .errors import ApiError, Code, from_library, invalid, unsupported
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
_ENGINE_CONCURRENCY = 8  # where a request says nothing


@dataclass
class Job:
    """One job of the queue, as its file in the state folder keeps it."""

    job_id: str
    database: str
    folder: str
    table: list[str]
    column: str
    arguments: dict
    manifest: dict | None
    origin: str
    config: dict
    cluster: str | None = None
    address: str | None = None
    input_columns: list[str] | None = None
    output_columns: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    state: str = "queued"  # queued, running, or the final status
    created: float = 0.0

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Job:
        return cls(**json.loads(data))

    def record(self) -> dict:
        """The PENDING record of this job."""
        resolved = manifests.Resolved(self.manifest, self.origin)
        return {
            "table_name": self.table[-1],
            "column_name": self.column,
            "job_id": self.job_id,
            "config": json.dumps(self.config),
            "manifest_id": resolved.name,
            "manifest_checksum": resolved.checksum,
            "cluster_name": self.cluster,
            "events": list(self.notes),
            "input_columns": self.input_columns,
            "output_columns": self.output_columns,
        }


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
    _check_version(dataset, request.read_version)
    address = _cluster(request.cluster, deployment)
    resolved = _resolve(database, request, column, deployment)
    arguments, notes = dict(given), []
    if not external and address is None:
        notes = cap(arguments, machine_cpus())
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


def machine_cpus() -> int:
    """The CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cap(arguments: dict, cpus: int) -> list[str]:
    """Lowers concurrency to what the machine has; returns the sentences that say so."""
    wanted = arguments.get("concurrency") or _ENGINE_CONCURRENCY
    if wanted <= cpus:
        return []
    arguments["concurrency"] = cpus
    return [f"concurrency {wanted} is capped to {cpus}: this machine has {cpus} CPUs"]


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
    for name, least in _NUMBERS.items():
        value = getattr(request, name)
        if value is None:
            continue
        if value < least:
            raise invalid(f"field '{name}' is {value}; it must be {least} or more")
        given[name] = value
    threads = given.get("intra_applier_concurrency", 1)
    if threads > 1:
        # Seen on the real engine: the processes that an applier forks do not all end inside a Ray
        # worker, and the job waits for them for ever.
        raise unsupported(
            f"field 'intra_applier_concurrency' is {threads}: jobs of the local deployment hang "
            "with more than 1; raise 'concurrency' instead"
        )
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


def _check_version(dataset, version: int | None) -> None:
    if version is None:
        return
    if version not in {v["version"] for v in dataset.versions()}:
        raise ApiError(
            Code.TABLE_VERSION_NOT_FOUND, f"read_version {version} is not a version of the table"
        )


def _cluster(name: str | None, deployment: Deployment) -> str | None:
    if name is None:
        return None
    if name not in deployment.clusters:
        known = ", ".join(sorted(deployment.clusters)) or "none"
        raise invalid(f"cluster '{name}' is not in deployment.toml; known: {known}")
    return deployment.clusters[name]


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
    capped = {
        f"{k}_used": v for k, v in arguments.items() if given.get(k, v) != v or k not in given
    }
    return {**config, **capped}


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
