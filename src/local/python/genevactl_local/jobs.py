# SPDX-License-Identifier: Apache-2.0
"""A job, and the checks that requests for backfills and for refreshes share."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field

from . import manifests
from .config import Deployment
from .errors import ApiError, Code, invalid, unsupported
from .field_paths import split_path

REFRESH = "<refresh>"  # in the place of a column, as the engine writes it
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
    source: list[str] = field(default_factory=list)  # of a refresh: the table that its view reads

    def columns_in_use(self, table: list[str]) -> set[str]:
        """The top-level columns of a table that it reads or writes."""
        if not self.source:
            used = (self.column, *self.output_columns, *(self.input_columns or []))
            return {split_path(path)[0] for path in used} if table == self.table else set()
        written = set(self.output_columns) if table == self.table else set()
        return written | (set(self.input_columns or []) if table == self.source else set())

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


def numbers(request, least: dict[str, int]) -> dict[str, int]:
    """The numbers that a request gives, none below the least that makes sense."""
    given = {}
    for name, smallest in least.items():
        value = getattr(request, name)
        if value is None:
            continue
        if value < smallest:
            raise invalid(f"field '{name}' is {value}; it must be {smallest} or more")
        given[name] = value
    threads = given.get("intra_applier_concurrency", 1)
    if threads > 1:
        # Seen on the real engine: the processes that an applier forks do not all end inside a Ray
        # worker, and the job waits for them for ever.
        raise unsupported(
            f"field 'intra_applier_concurrency' is {threads}: jobs of the local deployment hang "
            "with more than 1; raise 'concurrency' instead"
        )
    return given


def check_version(dataset, field_name: str, version: int | None) -> None:
    """Raises TableVersionNotFound where a request names a version that is not there."""
    if version is None:
        return
    if version not in {v["version"] for v in dataset.versions()}:
        raise ApiError(
            Code.TABLE_VERSION_NOT_FOUND, f"{field_name} {version} is not a version of the table"
        )


def cluster_address(name: str | None, deployment: Deployment) -> str | None:
    """The Jobs API of a named cluster; None without a name."""
    if name is None:
        return None
    if name not in deployment.clusters:
        known = ", ".join(sorted(deployment.clusters)) or "none"
        raise invalid(f"cluster '{name}' is not in deployment.toml; known: {known}")
    return deployment.clusters[name]


def used_beside(given: dict, arguments: dict) -> dict:
    """What was changed or added to what a request gave, under names of its own."""
    return {f"{k}_used": v for k, v in arguments.items() if given.get(k, v) != v or k not in given}
