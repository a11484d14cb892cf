# SPDX-License-Identifier: Apache-2.0
"""Runs `genevactl capture` as a user would, with a home of the test's own."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass
class Captured:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@dataclass
class Tool:
    home: Path

    def __call__(self, *arguments, cwd, **environment):
        kept = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("GENEVA", "LANCE", "GIT_", "XDG_", "VIRTUAL_ENV"))
        }
        done = subprocess.run(
            [os.environ["GENEVACTL"], "capture", *map(str, arguments)],
            cwd=cwd,
            env={
                **kept,
                "HOME": str(self.home),
                "GENEVACTL_PYTHON": os.environ["GENEVACTL_PYTHON"],
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Captured(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def genevactl(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    return Tool(home)
