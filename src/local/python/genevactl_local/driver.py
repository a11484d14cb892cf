# SPDX-License-Identifier: Apache-2.0
"""The driver of one backfill or refresh. Runs inside the Ray job, in the manifest's environment;
alone, without this package.
"""

import atexit
import base64
import json
import os
import sys
import traceback


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
    if job["column"] is None:
        told = f"refresh of {name}"
        result = table.refresh(job_id=job["job_id"], **job["arguments"])
    else:
        told = f"backfill of {name}.{job['column']}"
        result = table.backfill(job["column"], job_id=job["job_id"], **job["arguments"])
    status = str(getattr(result, "status", "DONE"))
    print(f"{told} ended: {status}", flush=True)
    return 0 if status == "DONE" else 1


def leave(code: int) -> None:
    """Ends at once. An ordinary end waits for every thread that the engine's libraries keep, with
    nothing left to do, and the next job waits for that.
    """
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    try:
        result = main()
    except Exception:
        traceback.print_exc()
        result = 1
    leave(result)
