# SPDX-License-Identifier: Apache-2.0
"""The driver of one backfill. Runs inside the Ray job, in the manifest's environment; alone,
without this package.
"""

import base64
import json
import sys


def main() -> int:
    job = json.loads(base64.b64decode(sys.argv[1]))
    import ray

    ray.init(address="auto")
    import geneva

    connection = geneva.connect(job["folder"])
    *parents, name = job["table"]
    table = (
        connection.open_table(name, namespace=parents) if parents else connection.open_table(name)
    )
    result = table.backfill(job["column"], job_id=job["job_id"], **job["arguments"])
    status = str(getattr(result, "status", "DONE"))
    print(f"backfill of {name}.{job['column']} ended: {status}", flush=True)
    return 0 if status == "DONE" else 1


if __name__ == "__main__":
    sys.exit(main())
