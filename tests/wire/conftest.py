# SPDX-License-Identifier: Apache-2.0
"""A real namespace server, a proxy that keeps what is sent to it, and the two clients."""

import http.client
import http.server
import json
import os
import pathlib
import subprocess
import threading
import uuid

import lance
import lance.namespace
import pyarrow as pa
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Recorder(http.server.BaseHTTPRequestHandler):
    """Passes requests on and keeps them; answers what the plain server cannot do by itself."""

    protocol_version = "HTTP/1.1"

    def _answer(self, body):
        if "/backfill_column" in self.path or "/refresh" in self.path:
            return 202, json.dumps({"job_id": str(uuid.uuid4())}).encode()
        if "/add_columns" in self.path and b'"virtual_column":{' in body:
            return 200, b'{"version": 2}'
        if "/alter_columns" in self.path:
            return 200, b'{"version": 3}'
        connection = http.client.HTTPConnection("127.0.0.1", self.server.upstream)
        headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
        connection.request(self.command, self.path, body, headers)
        with connection.getresponse() as response:
            return response.status, response.read()

    def do_POST(self):
        """Any method."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.kept.append((self.path, dict(self.headers), body))
        status, answer = self._answer(body)
        self.send_response(status)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST

    def log_message(self, *_):
        """Quiet."""


class Wire:
    """Both clients at one server, each with the requests that it sent."""

    def __init__(self, port, kept, program):
        self._kept = kept
        self.url = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [program, self.url, "x", "sesame-key"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )

    def ask(self, do, **request):
        """What our client makes of one operation."""
        self._process.stdin.write(json.dumps({"do": do, **request}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the probe ended at {do} {request}"
        return json.loads(line)

    def sent(self, path):
        """The JSON bodies and headers of what was sent to `path` since the last call."""
        kept = [entry for entry in self._kept if path in entry[0]]
        found = [(json.loads(body), headers) for _, headers, body in kept]
        self._kept.clear()
        return found

    def close(self):
        """Its exit code, which is not 0 when a sanitizer complained."""
        self._process.stdin.close()
        return self._process.wait(timeout=30)


@pytest.fixture(scope="session")
def wire(tmp_path_factory):
    built = ROOT / "build" / "dev" / "tests" / "wire_probe"
    program = os.environ.get("GENEVACTL_WIRE_PROBE", built)
    assert os.access(program, os.X_OK), f"{program} is not built (target wire_probe)"
    root = tmp_path_factory.mktemp("root")
    inputs = json.dumps(["text"])
    emb = pa.field(
        "emb", pa.list_(pa.float32(), 2),
        metadata={
            "virtual_column": "true", "virtual_column.udf_name": "emb",
            "virtual_column.udf_inputs": inputs, "virtual_column.udf": "_udfs/x",
            "virtual_column.udf_backend": "DockerUDFSpecV1",
        },
    )
    table = pa.table({"id": range(5), "text": list("abcde")})
    table = table.append_column(emb, pa.nulls(5, emb.type))
    lance.write_dataset(table, root / "docs.lance")
    base = {"filter": None, "columns": ["id"]}
    query = {"base": base, "source_table": "docs", "source_db_uri": "db://x"}
    view = {
        "geneva::view::query": json.dumps(query), "geneva::view::base_table": "docs",
        "geneva::view::base_table_version": "1",
    }
    rows = pa.table({"__source_row_id": [0], "__is_set": [True], "id": [0]})
    for name, kind in (("v", "2"), ("chunks", "chunker")):
        view["geneva::view::version"] = kind
        lance.write_dataset(rows.replace_schema_metadata(view), root / f"{name}.lance")
    settings = {"root": str(root)}
    with lance.namespace.RestAdapter("dir", settings, host="127.0.0.1", port=0) as adapter:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
        server.upstream, server.kept = adapter.port, []
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        both = Wire(server.server_address[1], server.kept, program)
        yield both
        assert both.close() == 0
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def geneva_client(wire):
    import geneva

    return geneva.connect("db://x", host_override=wire.url, api_key="sesame-key")
