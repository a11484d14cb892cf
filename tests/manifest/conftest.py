# SPDX-License-Identifier: Apache-2.0
"""The program under test: one process answers all questions (manifest_probe.cpp)."""

import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Probe:
    """Asks the probe, one JSON document a line."""

    def __init__(self, program):
        self._process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="ascii"
        )

    def ask(self, do, **request):
        """One question, one answer."""
        self._process.stdin.write(json.dumps({"do": do, **request}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the probe ended at {do} {request}"
        answer = json.loads(line)
        assert "broken" not in answer, (answer, request)
        return answer

    def close(self):
        """Its exit code, which is not 0 when a sanitizer complained."""
        self._process.stdin.close()
        return self._process.wait(timeout=30)


@pytest.fixture(scope="session")
def probe():
    program = os.environ.get(
        "GENEVACTL_MANIFEST_PROBE", ROOT / "build" / "dev" / "tests" / "manifest_probe"
    )
    assert os.access(program, os.X_OK), f"{program} is not built (target manifest_probe)"
    process = Probe(program)
    yield process
    assert process.close() == 0
