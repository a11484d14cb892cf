# SPDX-License-Identifier: Apache-2.0
"""The real program, one local deployment that it started, and the real client beside it."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import uuid

import pyarrow as pa
import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = pathlib.Path(os.environ.get("GENEVACTL", ROOT / "build" / "release" / "genevactl"))
SECONDS = 600  # for a command that waits for a job


class Ran:
    """What a command did."""

    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"exit {self.code}\n{self.out}\n{self.err}"


class User:
    """Somebody with a home and a working directory of their own."""

    def __init__(self, folder):
        self.work = folder / "work"
        shutil.copytree(HERE / "modules", self.work)
        names = ("LANCEDB_URI", "LANCEDB_API_KEY", "VIRTUAL_ENV", "NO_COLOR")
        self.environment = {k: v for k, v in os.environ.items() if k not in names}
        self.environment.setdefault("GENEVACTL_PYTHON", sys.executable)
        self.environment["GENEVACTL_POLL_INTERVAL"] = "500ms"
        for name in ("CONFIG", "STATE", "DATA"):
            self.environment[f"XDG_{name}_HOME"] = str(folder / "home" / name.lower())

    def start(self, *words):
        """A command that goes on while the test does."""
        return subprocess.Popen(
            [PROGRAM, *map(str, words)], cwd=self.work, env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )

    def run(self, *words, **environment):
        return Ran(
            subprocess.run(
                [PROGRAM, *map(str, words)], cwd=self.work, env={**self.environment, **environment},
                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS,
            )
        )

    def do(self, *words, **environment):
        """A command that must succeed."""
        ran = self.run(*words, **environment)
        assert ran.code == 0, ran
        return ran

    def stop(self, root):
        print(self.run("local", "logs", "--root", root, "--lines", "60").out)
        self.do("local", "stop", "--root", root)


class Database:
    """A database of the deployment with a table `docs`, as both clients see it."""

    def __init__(self, deployment, user):
        import geneva

        self.name = "db_" + uuid.uuid4().hex[:8]
        self.user = user
        self.client = geneva.connect(
            f"db://{self.name}", host_override=deployment["LANCEDB_URI"],
            api_key=deployment["LANCEDB_API_KEY"],
        )
        traces = user.work / self.name
        traces.mkdir()
        rows = pa.table(
            {
                "id": pa.array(range(10)),
                "text": [f"hello {n}" for n in range(10)],
                "folder": [str(traces)] * 10,
            }
        )
        self.traces = traces
        self.table = self.client.create_table("docs", rows)

    def run(self, *words):
        return self.user.run("--uri", f"db://{self.name}", *words)

    def do(self, *words):
        return self.user.do("--uri", f"db://{self.name}", *words)

    def start(self, *words):
        return self.user.start("--uri", f"db://{self.name}", *words)

    def values(self, column):
        """The column as the real client reads it, in the order of the ids."""
        rows = self.client.open_table("docs").to_arrow().to_pylist()
        return [row[column] for row in sorted(rows, key=lambda row: row["id"])]


def until_it_runs(database, command=None):
    """Until the slow transform has its first row."""
    deadline = time.monotonic() + SECONDS
    while not (database.traces / "runs").exists():
        assert command is None or command.poll() is None, command.communicate()
        assert time.monotonic() < deadline, "the transform does not run"
        time.sleep(0.1)


def pytest_configure(config):
    config.addinivalue_line("markers", "last: runs after all others")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def user(tmp_path_factory):
    assert os.access(PROGRAM, os.X_OK), f"{PROGRAM} is not built"
    return User(tmp_path_factory.mktemp("user"))


@pytest.fixture(scope="session")
def deployment(user):
    """What `local env` says of a deployment that lives as long as the tests; its Ray starts with
    the first job.
    """
    user.do("local", "start", "--root", "root", "--detach")
    with contextlib.ExitStack() as stack:
        stack.callback(user.stop, "root")
        environment = user.do("local", "env", "--root", "root", "-o", "json").json()
        del environment["schema_version"]
        user.environment.update(environment)
        yield environment


@pytest.fixture
def database(deployment, user):
    return Database(deployment, user)


@pytest.fixture(scope="session")
def cows(user):
    """The one manifest with a package of these tests."""
    user.do("manifest", "create", "pip", "cows", "cowsay==6.1", "--out", "cows.json")
    return "cows.json"
