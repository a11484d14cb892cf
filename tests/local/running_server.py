# SPDX-License-Identifier: Apache-2.0
"""A real server process, and plain HTTP to it with every header in the test's hand."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

MAIN = Path(__file__).parents[2] / "src" / "local" / "python" / "genevactl_local" / "__main__.py"


def create_namespace(connection, *parts):
    """A child namespace, made by the real client."""
    import lance_namespace_urllib3_client.models as models

    connection.namespace_client().create_namespace(models.CreateNamespaceRequest(id=list(parts)))


class RunningServer:
    def __init__(
        self, folder, root=None, database=None, ray="auto", config=None, extra=(), env=None
    ):
        self.folder = Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.state = self.folder / "state"
        self.root = Path(root or self.folder / "root") if database is None else None
        self.database = database
        self.process = None
        self.used = False
        self._words = ["--ray", ray, *extra]
        self._env = env or {}
        if config:
            self._words += ["--config", str(config)]

    def command(self):
        place = ["--database", str(self.database)] if self.database else ["--root", str(self.root)]
        return [
            sys.executable,
            str(MAIN),
            "serve",
            "--state",
            str(self.state),
            *place,
            *self._words,
        ]

    def start(self):
        """Returns when the server listens; fails with its log when it ends before."""
        if self.root:
            self.root.mkdir(exist_ok=True)
        self.log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen(
            self.command(),
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            env={**os.environ, **self._env},
        )
        deadline = time.monotonic() + 90
        while (
            not (self.state / "endpoint.json").exists()
            or self.endpoint()["pid"] != self.process.pid
        ):
            assert self.process.poll() is None, self.read_log()
            assert time.monotonic() < deadline, "the server does not listen: " + self.read_log()
            time.sleep(0.05)

    def stop(self, number=signal.SIGTERM):
        """Ends it and returns its exit code."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(90)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.log.close()

    def endpoint(self):
        return json.loads((self.state / "endpoint.json").read_text())

    @property
    def url(self):
        return self.endpoint()["url"]

    @property
    def key(self):
        return (self.state / "key").read_text().strip()

    def read_log(self):
        return (self.folder / "server.log").read_text(errors="replace")

    def request(self, method, path, body=None, database="db", headers=None, key=True):
        """(status, parsed body or bytes). `headers` values of None remove a header."""
        sent = {"x-lancedb-database": database, "Content-Type": "application/json"}
        if key:
            sent["x-api-key"] = self.key
        sent.update(headers or {})
        sent = {name: value for name, value in sent.items() if value is not None}
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(self.url).port, timeout=60)
        try:
            connection.request(method, path, data, sent)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        if "json" in (response.getheader("Content-Type") or ""):
            return response.status, json.loads(content)
        return response.status, content

    def post(self, path, body=None, **more):
        return self.request("POST", path, {} if body is None else body, **more)

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def connect(self, database):
        """The real client, connected to one database."""
        import geneva

        return geneva.connect(f"db://{database}", host_override=self.url, api_key=self.key)

    def table(self, database, name="docs", rows=10):
        """A new table with `id` and `text`, made by the real client."""
        import pyarrow as pa

        data = pa.table({"id": pa.array(range(rows)), "text": [f"hello {i}" for i in range(rows)]})
        return self.connect(database).create_table(name, data)

    def records(self, database):
        """All rows of the jobs table, as dictionaries, newest first."""
        import lance

        folder = next((self.root / database).glob("*geneva_jobs"))
        rows = lance.dataset(str(folder)).to_table().to_pylist()
        return sorted(rows, key=lambda row: row["launched_at"], reverse=True)

    def record(self, database, job_id):
        rows = [row for row in self.records(database) if row["job_id"] == job_id]
        assert len(rows) == 1, f"{len(rows)} records of job {job_id}"
        return rows[0]

    def wait(self, database, job_id, *statuses, seconds=60):
        """The job's record once it has one of the statuses (any terminal one by default)."""
        wanted = statuses or ("DONE", "FAILED", "CANCELLED")
        deadline = time.monotonic() + seconds
        while True:
            record = self.record(database, job_id)
            if record["status"] in wanted:
                return record
            assert time.monotonic() < deadline, f"{record}\n{self.read_log()}"
            time.sleep(0.2)
