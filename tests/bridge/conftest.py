# SPDX-License-Identifier: Apache-2.0
"""Ways to ask the bridge. The tests run under an interpreter that has geneva."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
BRIDGE = HERE.parent.parent / "src" / "bridge" / "python" / "genevactl_bridge"
MODULES = HERE / "modules"


def environment(**more):
    """The environment of the tests without what would steer Python or geneva."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "GENEVA", "LANCE"))}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **more}


def run_python(script, work, answer, directory, *, env=None, python=sys.executable):
    return subprocess.run(
        [python, str(script), str(answer)],
        input=json.dumps(work),
        cwd=directory,
        env=env or environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="session")
def ask_many(tmp_path_factory):
    """ask_many(directory, requests) -> answers, all in one process."""

    def ask(directory, requests):
        answer = tmp_path_factory.mktemp("many") / "answer.json"
        work = {"bridge": str(BRIDGE), "requests": [{"version": 1, **r} for r in requests]}
        done = run_python(HERE / "ask_many.py", work, answer, directory)
        assert done.returncode == 0, done.stderr
        document = json.loads(answer.read_text())
        assert document["connections"] == []
        return document["answers"]

    return ask


@pytest.fixture
def ask(tmp_path):
    """ask(directory, **request) -> (answer or None, finished process), a process of its own."""

    def ask_one(directory, *, env=None, raw=None, **request):
        answer = tmp_path / "answer.json"
        answer.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, str(BRIDGE / "__main__.py"), "--answer", str(answer)],
            input=raw if raw is not None else json.dumps({"version": 1, **request}).encode(),
            cwd=directory,
            env=environment(**(env or {})),
            capture_output=True,
            timeout=120,
            check=False,
        )
        return (json.loads(answer.read_text()) if answer.exists() else None), done

    return ask_one
