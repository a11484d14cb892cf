# SPDX-License-Identifier: Apache-2.0
"""Lists jobs with the Python client: list_jobs.py HOW, one line of JSON about what it took.

documented: as its documentation tells it, which shows ten. records: what that reads, of all jobs,
as Python values. columns: of all jobs, as Arrow, what `genevactl job list` prints and no more: the
quickest way that the client has.
"""

from __future__ import annotations

import json
import os
import sys
import time

COLUMNS = [
    "table_name", "column_name", "job_id", "job_type", "status", "launched_at", "completed_at",
    "updated_at", "launched_by", "manifest_id", "manifest_checksum", "cluster_name",
    "input_columns", "output_columns",
]  # fmt: skip
_MANY = 10_000_000


def listed(connection, how: str) -> int:
    if how == "documented":
        return len(connection.list_jobs())
    jobs = connection.open_table("geneva_jobs", namespace_path=["__system"]).search()
    if how == "records":
        return len(jobs.limit(_MANY).to_list())
    return jobs.select(COLUMNS).limit(_MANY).to_arrow().num_rows


def main() -> None:
    begin = time.perf_counter()
    import geneva

    imported = time.perf_counter()
    connection = geneva.connect(
        "db://default",
        host_override=os.environ["LANCEDB_URI"],
        api_key=os.environ["LANCEDB_API_KEY"],
    )
    jobs = listed(connection, sys.argv[1])
    ended = time.perf_counter()
    print(json.dumps({"jobs": jobs, "import": imported - begin, "query": ended - imported}))


if __name__ == "__main__":
    main()
