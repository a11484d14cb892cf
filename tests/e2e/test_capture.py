# SPDX-License-Identifier: Apache-2.0
"""A transform whose code and whose dependency are nowhere but in a captured workspace and a
captured virtual environment."""

import json
import subprocess
import sys

import pytest

TRANSFORM = """
import geneva
import pyarrow as pa


@geneva.udf(data_type=pa.string(), num_cpus=0.1)
def shout(text: str) -> str:
    import only_in_the_venv
    import only_in_the_workspace

    return only_in_the_venv.loud(text) + only_in_the_workspace.MARK
"""


@pytest.mark.timeout(900)
def test_captured_code_runs_and_a_second_capture_sends_nothing(database, user):
    folder = user.work / "captured"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\nname = 'captured'\nversion = '1'\n")
    (folder / "voices.py").write_text(TRANSFORM)
    (folder / "only_in_the_workspace.py").write_text("MARK = '!'\n")
    venv = user.work / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (site,) = venv.glob("lib/python*/site-packages")
    (site / "only_in_the_venv.py").write_text("def loud(text):\n    return text.upper()\n")

    def capture():
        return user.do("--uri", f"db://{database.name}", "capture", "create", "env", "--workspace",
                       folder, "--from-venv", venv, "--out", folder / "env.json")  # fmt: skip

    first = capture()
    assert "written" in first.err
    assert ": 0 of " in capture().err
    manifest = json.loads((folder / "env.json").read_text())
    assert all("/_geneva_uploads/" in uri for uris in manifest["zips"] for uri in uris)

    work = user.work
    user.work = folder
    try:
        added = database.do("column", "add", "docs", "shouted", "voices:shout", "--manifest",
                            "env.json")  # fmt: skip
        assert "by-reference" in added.out
        (job,) = database.do("backfill", "docs", "shouted", "-o", "json").json()
    finally:
        user.work = work
    assert job["status"] == "DONE"
    assert database.values("shouted") == [f"HELLO {n}!" for n in range(10)]
