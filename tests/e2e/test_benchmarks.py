# SPDX-License-Identifier: Apache-2.0
"""benchmarks/run goes through at a small size; what it measures is nothing to assert."""

import os
import subprocess
import sys

import pytest
from conftest import PROGRAM, ROOT


def test_the_benchmarks_run():
    done = subprocess.run(
        [ROOT / "benchmarks" / "run", "--jobs", "30", "--rounds", "1"],
        env={**os.environ, "GENEVACTL": str(PROGRAM), "GENEVACTL_PYTHON": sys.executable},
        capture_output=True, text=True, timeout=600,
    )
    assert done.returncode == 0, done.stderr
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines()]
    jobs = {row[0]: row[1] for row in rows if len(row) == 7}
    assert jobs["genevactl job list -o json"] == jobs["client: records"] == "30"
    assert jobs["client: list_jobs()"] == "10"  # all that it shows
    assert {row[0] for row in rows if len(row) == 5} >= {"1", "3", "30", "genevactl --version"}


@pytest.mark.parametrize("name", ["run", "capture"])
def test_the_benchmarks_say_what_they_take(name):
    done = subprocess.run(
        [ROOT / "benchmarks" / name, "--help"],
        env={**os.environ, "GENEVACTL": str(PROGRAM), "GENEVACTL_PYTHON": sys.executable},
        capture_output=True, text=True, timeout=60,
    )
    assert done.returncode == 0 and "--rounds" in done.stdout
