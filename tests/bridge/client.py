# SPDX-License-Identifier: Apache-2.0
"""What the real Python client sends for the transforms of modules/.

Standard input: {"adds": [[column or null, "module:object", inputs or null]...], "alters": [...],
"views": [["module:object" or null, columns or null, filter or null]...]};
the first argument names the file for {"adds": [body or {"error": ...}...], "alters": [...],
"views": [...]}.

A proxy between the client and pylance's adapter keeps the bodies of add_columns, alter_columns and
of what makes a view, and answers them itself (the adapter refuses them).
"""

import functools
import http.server
import importlib
import json
import os
import sys
import tempfile
import threading
import urllib.request

RECORDED = []
UPSTREAM = None


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def _forward(self, body):
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host",)}
        request = urllib.request.Request(
            UPSTREAM + self.path, data=body or None, headers=headers, method=self.command
        )
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, response.read(), response.headers.get("content-type")
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.headers.get("content-type")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if "/add_columns" in self.path or "/alter_columns" in self.path:
            RECORDED.append(json.loads(body))
            status, answer, kind = 200, b'{"version": 2}', "application/json"
        elif "/materialized_view/" in self.path:
            RECORDED.append(json.loads(body))
            status, answer, kind = 201, b'{"version": 1}', "application/json"
        else:
            status, answer, kind = self._forward(body)
        self.send_response(status)
        self.send_header("content-type", kind or "application/octet-stream")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST


def _find(target):
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def _record(call):
    before = len(RECORDED)
    try:
        call()
    except Exception as error:  # noqa: BLE001 (compared with the bridge's own refusal)
        return {"error": f"{type(error).__name__}: {error}"}
    assert len(RECORDED) == before + 1
    return RECORDED[-1]


def _view(connection, table, target, columns, where):
    """Makes a view; that the client then does not find it is no matter."""
    query = table.search(None)
    query = query if columns is None else query.select(columns)
    query = query if where is None else query.where(where)
    before = len(RECORDED)
    try:
        if target is None:
            connection.create_materialized_view("v", query)
        else:
            connection.create_udtf_view("v", query, _find(target))
    except Exception:
        if len(RECORDED) == before:
            raise


def _alteration(column, udf, inputs):
    return {"path": column, "udf": udf, **({"input_columns": inputs} if inputs else {})}


def main():
    global UPSTREAM
    work = json.load(sys.stdin)
    sys.path.insert(0, os.getcwd())
    import geneva
    import lance.namespace
    import pyarrow as pa
    import tables

    with tempfile.TemporaryDirectory() as root, lance.namespace.RestAdapter(
        "dir", {"root": root}, host="127.0.0.1", port=0
    ) as adapter:
        UPSTREAM = f"http://127.0.0.1:{adapter.port}"
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        override = f"http://127.0.0.1:{server.server_port}"
        connection = geneva.connect("db://tests", host_override=override, api_key="k")
        table = connection.create_table("docs", pa.table({"id": [1], "text": ["a"]}))
        source = connection.create_table("source", tables.SOURCE)
        result = {"adds": [], "alters": [], "views": []}
        for column, target, inputs in work["adds"]:
            udf = _find(target)
            value = (udf, inputs) if inputs else udf
            adds = {column: value} if column else value  # several outputs name their columns
            result["adds"].append(_record(lambda: table.add_columns(adds)))
        for column, target, inputs in work["alters"]:
            entry = _alteration(column, _find(target), inputs)
            result["alters"].append(_record(lambda: table.alter_columns(entry)))
        for target, columns, where in work.get("views", []):
            view = functools.partial(_view, connection, source, target, columns, where)
            result["views"].append(_record(view))
        server.shutdown()
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(result, file)
    sys.stdout.flush()
    os._exit(0)


main()
