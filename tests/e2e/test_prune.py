# SPDX-License-Identifier: Apache-2.0
"""`capture prune` on a deployment with registrations of every kind, and what it must not judge."""

import http.server
import json
import shutil
import threading
import time
import urllib.error
import urllib.request

import pytest

TRANSFORM = """
import geneva
import pyarrow as pa


@geneva.udf(data_type=pa.string(), num_cpus=0.1)
def loud(text: str) -> str:
    return text.upper()
"""


@pytest.fixture
def project(user):
    folder = user.work / "pruned"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\nname = 'pruned'\nversion = '1'\n")
    (folder / "louder.py").write_text(TRANSFORM)
    yield folder
    shutil.rmtree(folder)


def capture(database, project, file, text):
    """The file names of a capture in which one module has this text."""
    (project / "text.py").write_text(text)
    database.do("capture", "create", "env", "--workspace", project, "--skip-site-packages",
                "--out", project / file)  # fmt: skip
    zips = json.loads((project / file).read_text())["zips"]
    return {uri.rsplit("/", 1)[1] for uris in zips for uri in uris}


def prune(database, *words):
    return database.run("capture", "prune", "--older-than", "0s", *words, "-o", "json")


def test_only_what_nothing_refers_to_goes(database, user, project):
    used = capture(database, project, "used.json", "A = 1\n")
    unused = capture(database, project, "unused.json", "A = 2\n")
    work, user.work = user.work, project
    try:
        database.do("column", "add", "docs", "loud", "louder:loud", "--manifest", "used.json")
    finally:
        user.work = work
    time.sleep(0.01)

    young = database.run("capture", "prune", "-o", "json")
    assert young.code == 0, young
    assert young.json()["archives"] == [] and young.json()["kept_young"] > 0

    listed = prune(database)
    assert listed.code == 0, listed
    assert {a["file"] for a in listed.json()["archives"]} == unused - used
    assert listed.json()["removed"] is False
    kept = prune(database, "--keep", project / "unused.json")
    assert kept.json()["archives"] == []

    removed = prune(database, "--yes")
    assert removed.code == 0, removed
    assert removed.json()["removed"] is True
    assert database.run("capture", "verify", project / "used.json").code == 0
    assert database.run("capture", "verify", project / "unused.json").code == 5
    assert prune(database).json()["archives"] == []


class Forwarder(http.server.BaseHTTPRequestHandler):
    """Passes everything on to the deployment, but refuses to describe a table."""

    deployment = ""

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.path.split("?")[0].endswith("docs/describe"):
            refusal = json.dumps({"error": "no", "code": 15, "detail": "not yours"}).encode()
            return self.reply(403, "application/json", refusal)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
        request = urllib.request.Request(
            self.deployment + self.path, data=body or None, headers=headers, method=self.command
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as done:
                self.reply(done.status, done.headers.get("content-type"), done.read())
        except urllib.error.HTTPError as error:
            self.reply(error.code, error.headers.get("content-type"), error.read())

    do_GET = do_POST = answer

    def reply(self, status, kind, body):
        self.send_response(status)
        self.send_header("content-type", kind or "application/octet-stream")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        pass


@pytest.fixture
def refusing(deployment):
    """The address of the same deployment, which does not tell of the table `docs`."""
    handler = type("Refusing", (Forwarder,), {"deployment": deployment["LANCEDB_URI"]})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_table_that_cannot_be_read_stops_it(database, user, project, refusing):
    unused = capture(database, project, "unused.json", "A = 3\n")
    stopped = user.run("--uri", f"db://{database.name}", "capture", "prune", "--older-than", "0s",
                       "--yes", LANCEDB_URI=refusing)  # fmt: skip
    assert stopped.code == 4, stopped
    assert "reading what the tables refer to" in stopped.err
    assert {a["file"] for a in prune(database).json()["archives"]} == unused
