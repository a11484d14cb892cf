# SPDX-License-Identifier: Apache-2.0
"""A deployment whose files are in an object store: it answers describe with a location and vended
credentials, and nothing else."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ControlPlane:
    """`vend()` gives the storage options of each describe."""

    def __init__(self, location, vend):
        self.location, self.vend = location, vend
        self.described = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path, body):
        if path.split("?")[0].endswith("/describe"):
            self.described.append(body)
            vended = self.vend() if body.get("vend_credentials", True) else {}
            return 200, {"location": self.location, "version": 1, "storage_options": vended}
        return 404, {"error": f"no such path: {path}", "code": 0}

    def _handler(self):
        plane = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, answer = plane.answer(self.path, json.loads(body or b"{}"))
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST

            def log_message(self, *_):
                pass

        return Handler
