# SPDX-License-Identifier: Apache-2.0
"""Microsoft's own emulator of Azure Blob Storage; it checks signatures and digests."""

import base64
import hashlib
import hmac
import http.client
import os
import shutil
import time
from urllib.parse import parse_qs, quote, urlencode

from server import Server

ACCOUNT = "devstoreaccount1"
# The account and key that every Azurite has, published in its manual.
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
VERSION = "2020-12-06"


def _sign(text):
    digest = hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def signature(container, allows="rcwdl", ends="2099-01-01T00:00:00Z"):
    """A shared access signature for a container, as a deployment vends it."""
    fields = [allows, "", ends, f"/blob/{ACCOUNT}/{container}", "", "", "", VERSION, "c"]
    signed = _sign("\n".join(fields + [""] * 7))
    return urlencode({"sv": VERSION, "sr": "c", "sp": allows, "se": ends, "sig": signed})


class Azurite(Server):
    scheme = "az"
    needs = "azure_storage_account_name"
    has_sessions = True
    lance_reads = True

    def __init__(self, folder):
        program = os.environ.get("AZURITE_BLOB") or shutil.which("azurite-blob")
        assert program, "there is no azurite-blob: scripts/test installs it"
        super().__init__(
            [program, "--blobPort", "0", "--location", folder / "blobs", "--silent",
             "--disableTelemetry"],
            folder / "azurite.log",
            r"listens on http://127\.0\.0\.1:(\d+)",
        )  # fmt: skip

    def options(self, port, container="data", **signed):
        return {
            "azure_storage_account_name": ACCOUNT,
            "azure_storage_sas_token": signature(container, **signed),
            "azure_storage_endpoint": f"http://127.0.0.1:{port}/{ACCOUNT}",
            "allow_http": "true",
        }

    def for_bucket(self, name):
        """What options() needs for credentials of another container."""
        return {"container": name}

    def secrets(self, options):
        """What of the options is never to be seen."""
        (signed,) = parse_qs(options["azure_storage_sas_token"])["sig"]
        return [signed, quote(signed, safe="")]

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, f"/{ACCOUNT}{path}", body, {"x-ms-version": VERSION, **headers})
        with connection.getresponse() as response:
            content = response.read()
        connection.close()
        return response.status, content

    def make_bucket(self, name):
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
        text = (
            f"PUT{chr(10) * 12}x-ms-date:{date}\nx-ms-version:{VERSION}\n"
            f"/{ACCOUNT}/{ACCOUNT}/{name}\nrestype:container"
        )
        headers = {"x-ms-date": date, "Authorization": f"SharedKey {ACCOUNT}:{_sign(text)}"}
        status, content = self.ask(
            "PUT", f"/{name}?restype=container", **{"Content-Length": "0", **headers}
        )
        assert status == 201, content

    def get(self, bucket, key):
        """The bytes of a blob, or None."""
        status, content = self.ask("GET", f"/{bucket}/{quote(key)}?{signature(bucket)}")
        assert status in (200, 404), content
        return content if status == 200 else None
