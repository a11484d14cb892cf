# SPDX-License-Identifier: Apache-2.0
"""A proxy before a real store: what comes goes on byte for byte, so that signatures hold; a test
sees each request, and may answer one itself."""

import http.client
import threading
from collections import namedtuple
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Seen = namedtuple("Seen", "method path headers size status")


class Answer(Exception):
    """Raised by a rule: what the gate says instead of the store."""

    def __init__(self, status, body=b"", headers=None):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers or {}


def fault(status, code, message="told by the gate", **headers):
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Answer(status, body.encode(), headers)


class Gate:
    def __init__(self, host, port):
        self._to = (host, port)
        self.seen = []
        self.rule = None  # called with each request's handler before it goes on
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def sent(self, method, part=""):
        return [each for each in self.seen if each.method == method and part in each.path]

    def _pass_on(self, handler, body):
        connection = http.client.HTTPConnection(*self._to, timeout=120)
        try:
            connection.putrequest(
                handler.command, handler.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in handler.headers.items():
                if name.lower() != "connection":
                    connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()

    def _handler(self):
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self):
                try:
                    super().handle_one_request()
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                try:
                    if gate.rule:
                        gate.rule(self)
                    status, headers, text = gate._pass_on(self, body)
                except Answer as own:
                    status, headers, text = own.status, list(own.headers.items()), own.body
                gate.seen.append(Seen(self.command, self.path, self.headers, len(body), status))
                self.send_response_only(status)
                told = {name.lower() for name, _ in headers}
                for name, value in headers:
                    if name.lower() not in ("connection", "transfer-encoding"):
                        self.send_header(name, value)
                if "content-length" not in told and status != 204:
                    self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(text)

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer

            def log_message(self, *_):
                pass

        return Handler
