# SPDX-License-Identifier: Apache-2.0
"""A stand-in for Ray's Jobs API that keeps what it is sent and ends jobs when the test says so."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakeRay:
    def __init__(self):
        self.jobs = {}  # submission id -> {"body", "status", "message", "logs", "headers"}
        self.stopped = []
        self.refuse_stop = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def end(self, job_id, status="SUCCEEDED", message="", logs=""):
        self.jobs[job_id].update(status=status, message=message, logs=logs)

    def _handler(fake):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def answer(self, status, body):
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_POST(self):
                data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                parts = self.path.strip("/").split("/")
                if self.path == "/api/jobs/":
                    body = json.loads(data)
                    fake.jobs[body["submission_id"]] = {
                        "body": body,
                        "status": "RUNNING",
                        "message": "",
                        "logs": "",
                        "headers": dict(self.headers),
                    }
                    return self.answer(200, {"submission_id": body["submission_id"]})
                if parts[-1] == "stop" and parts[2] in fake.jobs:
                    fake.stopped.append(parts[2])
                    if not fake.refuse_stop:
                        fake.jobs[parts[2]]["status"] = "STOPPED"
                    return self.answer(200, {"stopped": True})
                return self.answer(404, {})

            def do_GET(self):
                parts = self.path.strip("/").split("/")
                if self.path == "/api/version":
                    return self.answer(200, {"ray_version": "fake"})
                job = fake.jobs.get(parts[2]) if len(parts) > 2 else None
                if job is None:
                    return self.answer(404, {})
                if parts[-1] == "logs":
                    return self.answer(200, {"logs": job["logs"]})
                return self.answer(200, {"status": job["status"], "message": job["message"]})

        return Handler
