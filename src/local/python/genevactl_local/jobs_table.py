# SPDX-License-Identifier: Apache-2.0
"""The system table of jobs, `__system/geneva_jobs`: clients read it, the engine's driver updates
it.
"""

from __future__ import annotations

import getpass
import threading
from datetime import datetime, timezone

import lance
import lance_namespace_urllib3_client.models as models
import pyarrow as pa
from lance_namespace.errors import TableAlreadyExistsError, TableNotFoundError

from .databases import Database

ID = ["__system", "geneva_jobs"]
TERMINAL = {"DONE", "FAILED", "CANCELLED"}
_TIME = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        pa.field("table_name", pa.string(), nullable=False),
        pa.field("column_name", pa.string(), nullable=False),
        pa.field("job_id", pa.string(), nullable=False),
        pa.field("job_type", pa.string(), nullable=False),
        pa.field("object_ref", pa.string()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("launched_at", _TIME, nullable=False),
        pa.field("completed_at", _TIME),
        pa.field("config", pa.string(), nullable=False),
        pa.field("launched_by", pa.string()),
        pa.field("manifest_id", pa.string()),
        pa.field("manifest_checksum", pa.string()),
        pa.field("metrics", pa.list_(pa.string())),
        pa.field("events", pa.list_(pa.string())),
        pa.field("updated_at", _TIME),
        pa.field("cluster_name", pa.string()),
        pa.field("input_columns", pa.list_(pa.string())),
        pa.field("output_columns", pa.list_(pa.string())),
    ]
)
_guard = threading.Lock()


def open_table(database: Database) -> lance.LanceDataset:
    """The table, created with the client's schema where it is missing. Blocking."""
    namespace = database.namespace
    with _guard:
        try:
            described = namespace.describe_table(
                models.DescribeTableRequest(id=ID, check_declared=True)
            )
            location, empty = described.location, bool(described.is_only_declared)
        except TableNotFoundError:
            try:
                location = namespace.declare_table(models.DeclareTableRequest(id=ID)).location
            except TableAlreadyExistsError:  # a client was faster
                location = namespace.describe_table(models.DescribeTableRequest(id=ID)).location
            empty = True
        if empty:
            try:
                return lance.dataset(location)
            except ValueError:
                return lance.write_dataset(SCHEMA.empty_table(), location, mode="create")
        return lance.dataset(location)


def insert(database: Database, record: dict) -> None:
    """Writes a new PENDING record; the times and the user are filled in."""
    moment = datetime.now(timezone.utc)
    row = {
        "job_type": "BACKFILL",
        "status": "PENDING",
        "launched_at": moment,
        "updated_at": moment,
        "launched_by": _user(),
        "metrics": [],
        **record,
    }
    open_table(database).insert(pa.Table.from_pylist([row], schema=SCHEMA))


def read(database: Database, job_id: str) -> dict | None:
    """The record of a job, without its metrics; None where there is none."""
    names = [name for name in SCHEMA.names if name not in ("metrics", "object_ref")]
    rows = (
        open_table(database)
        .to_table(columns=names, filter=f"job_id = {_quote(job_id)}")
        .to_pylist()
    )
    return rows[0] if rows else None


def update(
    database: Database, job_id: str, values: dict, event: str | None = None, unless_terminal=False
) -> None:
    """Sets text values (None: null) and appends an event; the engine's own updates are retried
    around it.
    """
    changes = {key: "NULL" if value is None else _quote(value) for key, value in values.items()}
    if event is not None:
        changes["events"] = f"array_append(events, {_quote(event)})"
    moment = _now()
    changes["updated_at"] = moment
    if values.get("status") in TERMINAL:
        changes["completed_at"] = moment
    where = f"job_id = {_quote(job_id)}"
    if unless_terminal:
        where += " AND status NOT IN ('DONE', 'FAILED', 'CANCELLED')"
    open_table(database).update(changes, where=where)


def _now() -> str:
    text = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return f"arrow_cast('{text}', 'Timestamp(Microsecond, Some(\"UTC\"))')"


def _quote(text: str) -> str:
    return "'" + str(text).replace("\0", " ").replace("'", "''") + "'"


def _user() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None
