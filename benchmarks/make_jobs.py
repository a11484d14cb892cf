# SPDX-License-Identifier: Apache-2.0
"""Makes a database whose jobs table has many records: make_jobs.py FOLDER COUNT.

The table has the schema that geneva 0.17 gives it, and each record the shape of one that the engine
wrote at the end of a backfill: some forty metrics, a handful of events, a configuration of a
thousand characters, 8 KB in all.
"""

from __future__ import annotations

import json
import random
import sys
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src" / "local" / "python"))
from genevactl_local.jobs_table import SCHEMA  # noqa: E402

# Names and texts as long as the engine's; the words do not matter.
_COUNTERS = [(f"counter_number_{i:02}_ms", 24 + i) for i in range(36)]
_SHOWN = ["plan_fragments", "rows_checkpointed", "rows_ready_for_commit", "writer_fragments"]
_STEPS = ["Cluster provisioning", "Job planning", "Executing backfill"]
_STATUSES = ["DONE"] * 90 + ["FAILED"] * 7 + ["CANCELLED"] * 3
_EVERY = 97  # seconds between two launches
_LONGEST = 4000  # seconds that a job takes
_FIRST = datetime(2026, 1, 1, tzinfo=timezone.utc)


def _metric(name: str, done: int, total: int, words: int) -> str:
    text = {"n": done, "total": total, "done": True, "desc": "[documents] " + "x" * words}
    return json.dumps({**text, "name": name})


def _config(rows: int) -> str:
    return json.dumps(
        {
            "concurrency": 8,
            "intra_applier_concurrency": 1,
            "read_version": rows % 97 + 2,
            "engine_where": "embedding IS NULL",
            "resources": {"num_cpus": 0.5, "num_gpus": 0.0, "memory": 1 << 32},
            "notes": "x" * 300,
        }
    )


def _record(number: int, chance: random.Random) -> dict:
    launched = _FIRST + timedelta(seconds=number * _EVERY, microseconds=chance.randrange(10**6))
    ended = launched + timedelta(seconds=chance.randrange(5, _LONGEST))
    status = chance.choice(_STATUSES)
    rows = chance.randrange(1, 10**6)
    column = chance.choice(["embedding", "caption", "language"])
    last = "ValueError: no such word" if status == "FAILED" else f"Job ended with status {status}"
    return {
        "table_name": chance.choice(["documents", "images", "clips"]),
        "column_name": column,
        "job_id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "job_type": "BACKFILL",
        "object_ref": "gA" * 45,
        "status": status,
        "launched_at": launched,
        "completed_at": ended if status == "DONE" else None,
        "config": _config(rows),
        "launched_by": "somebody",
        "manifest_id": "embedding-deps",
        "manifest_checksum": "%064x" % chance.getrandbits(256),
        "metrics": [_metric(name, rows, rows, 20) for name in _SHOWN]
        + [_metric(name, chance.randrange(10**5), 0, words) for name, words in _COUNTERS],
        "events": [*_STEPS, last],
        "updated_at": ended,
        "cluster_name": None,
        "input_columns": ["text"],
        "output_columns": [column],
    }


def make(folder: Path, count: int, batch: int = 2000) -> None:
    """Creates the system table of a database in `folder`, which is made."""
    import lance
    import lance_namespace_urllib3_client.models as models
    from lance.namespace import DirectoryNamespace

    folder.mkdir(parents=True)
    namespace = DirectoryNamespace(root=str(folder), manifest_enabled="true")
    namespace.create_namespace(models.CreateNamespaceRequest(id=["__system"]))
    table = ["__system", "geneva_jobs"]
    location = namespace.declare_table(models.DeclareTableRequest(id=table)).location
    chance = random.Random(7)
    # An updated record moves to the end: the table's order is that of the jobs' ends.
    ended = sorted(range(count), key=lambda number: number * _EVERY + chance.randrange(_LONGEST))
    for first in range(0, count, batch):
        records = [_record(number, chance) for number in ended[first : first + batch]]
        rows = pa.Table.from_pylist(records, schema=SCHEMA)
        lance.write_dataset(rows, location, mode="append" if first else "create")


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[2].isdigit() or int(sys.argv[2]) < 1:
        sys.exit("usage: make_jobs.py FOLDER COUNT")
    make(Path(sys.argv[1]), int(sys.argv[2]))
