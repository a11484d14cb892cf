# SPDX-License-Identifier: Apache-2.0
"""Runs `genevactl capture` as a user would, against a deployment whose files are elsewhere."""

import json
import os
import signal
import subprocess
from dataclasses import dataclass

import pytest
from control_plane import ControlPlane
from gate import Gate
from lance.file import LanceFileSession
from s3_server import BUCKET, REGION, make_server

ROOT = "tenant=a/manifests.lance"  # what must be encoded where it is signed


@dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    def error(self):
        return json.loads(self.out)["error"]


class User:
    """Somebody with a home of their own, and a deployment."""

    def __init__(self, home, plane):
        self.home = home
        dropped = ("GENEVA", "LANCE", "GIT_", "XDG_", "VIRTUAL_ENV", "AWS_")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
        self.environment = {
            **kept,
            "HOME": str(home),
            "GENEVACTL_PYTHON": os.environ["GENEVACTL_PYTHON"],
            "LANCEDB_URI": plane.url,
            "LANCEDB_API_KEY": "sesame-sesame",
        }

    def start(self, *arguments, cwd, **environment):
        return subprocess.Popen(
            [os.environ["GENEVACTL"], "capture", *map(str, arguments), "--uri", "db://test"],
            cwd=cwd, env={**self.environment, **environment}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __call__(self, *arguments, cwd, **environment):
        process = self.start(*arguments, cwd=cwd, **environment)
        try:
            out, err = process.communicate(timeout=300)
        except BaseException:
            process.send_signal(signal.SIGKILL)
            raise
        return Ran(process.returncode, out, err)


def make_project(folder):
    """A workspace of a module, a package and a file of data."""
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[project]\nname='x'\nversion='0'\n")
    (folder / "features.py").write_text("import pkg\nANSWER = pkg.HALF * 2\n")
    (folder / "pkg").mkdir()
    (folder / "pkg" / "__init__.py").write_text("HALF = 21\n")
    (folder / "data.bin").write_bytes(bytes(range(256)) * 40)
    return folder


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory):
    server = make_server(tmp_path_factory.mktemp("s3"))
    yield server
    server.stop()


class S3Deployment:
    """A deployment with its files in the bucket, the gate before it, and a user."""

    def __init__(self, server, folder):
        self.server = server
        self.gate = Gate("127.0.0.1", server.port)
        self.root = f"{folder.name}/{ROOT}"
        self.options = {
            **server.credentials,
            "aws_region": REGION,
            "aws_endpoint": self.gate.url,
            "allow_http": "true",
        }
        self.plane = ControlPlane(f"s3://{BUCKET}/{self.root}", lambda: dict(self.options))
        home = folder / "home"
        home.mkdir()
        self.user = User(home, self.plane)
        self.base = f"s3://{BUCKET}/{self.root}/_geneva_uploads"

    def session(self):
        """Lance's own reader, past the gate."""
        endpoint = {"aws_endpoint": f"http://127.0.0.1:{self.server.port}"}
        keys = self.server.credentials
        return LanceFileSession(
            self.base,
            storage_options={**keys, **endpoint, "aws_region": REGION, "allow_http": "true"},
        )

    def objects(self):
        return sorted(self.session().list())

    def close(self):
        self.plane.close()
        self.gate.close()


@pytest.fixture
def s3(s3_server, tmp_path):
    deployment = S3Deployment(s3_server, tmp_path)
    yield deployment
    deployment.close()


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path / "project")
