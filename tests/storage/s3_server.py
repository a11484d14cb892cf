# SPDX-License-Identifier: Apache-2.0
"""Servers of S3 that check signatures. moto's knows temporary credentials, and keeps whatever it is
sent; versitygw (where VERSITYGW names its program) also checks the bytes, and knows one key."""

import json
import os
import pathlib
import socket
import subprocess
import sys

from server import Server

HERE = pathlib.Path(__file__).resolve().parent
REGION = "eu-west-1"
BUCKET = "files"


class MotoServer(Server):
    checks_bytes = False
    knows_tokens = True
    # The calls of s3_accounts.py that make the first key and what it may do.
    unchecked_calls = 5

    def __init__(self, folder):
        python = os.environ.get("MOTO_PYTHON", sys.executable)
        super().__init__(
            [python, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
            folder / "moto.log",
            r"Running on http://127\.0\.0\.1:(\d+)",
            env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(self.unchecked_calls)},
        )
        done = subprocess.run(
            [python, HERE / "s3_accounts.py", str(self.port), REGION, BUCKET],
            stdout=subprocess.PIPE, text=True, check=True, timeout=120,
        )  # fmt: skip
        self.credentials = json.loads(done.stdout)


class VersityServer(Server):
    checks_bytes = True
    knows_tokens = False

    def __init__(self, folder):
        self.credentials = {
            "aws_access_key_id": "AKIDTESTTESTTEST",
            "aws_secret_access_key": "s3cret/with+signs/s3cret",
        }
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        (folder / "data" / BUCKET).mkdir(parents=True)
        super().__init__(
            [os.environ["VERSITYGW"], "--access", self.credentials["aws_access_key_id"],
             "--secret", self.credentials["aws_secret_access_key"], "--region", REGION,
             "--port", f"127.0.0.1:{port}", "posix", folder / "data"],
            folder / "versitygw.log",
            r"bound on host 127\.0\.0\.1 and port (\d+)",
        )  # fmt: skip


def make_server(folder):
    return (VersityServer if os.environ.get("VERSITYGW") else MotoServer)(folder)
