# SPDX-License-Identifier: Apache-2.0
"""The first command of the README, as a newcomer runs it: scripts/quickstart, all of it."""

import os
import pathlib
import subprocess

import lance
import numpy as np
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def processes_of(folder):
    """Command lines that name the folder: what the quickstart left running."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """The finished quickstart: its folder and what it printed."""
    folder = tmp_path_factory.mktemp("quickstart") / "story"
    done = subprocess.run(
        [ROOT / "scripts/quickstart", "--dir", folder],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout[-3000:]
    return folder, done.stdout


@pytest.mark.timeout(1500)
def test_tells_its_story(story):
    _, transcript = story
    steps = [
        "$ genevactl local setup",
        "$ genevactl local start --root root",
        "$ python make_table.py",
        "$ genevactl manifest create pip embedding-deps wordllama==0.3.9",
        "$ genevactl column add docs embedding features:embed --manifest embedding-deps.json",
        "$ genevactl resolve docs embedding",
        "$ genevactl backfill docs embedding",
        "$ python search.py",
        "$ genevactl local stop",
    ]
    places = [transcript.find(step) for step in steps]
    assert -1 not in places and places == sorted(places)


def test_every_row_has_its_vector(story):
    folder, _ = story
    table = lance.dataset(str(folder / "root/default/docs.lance")).to_table()
    assert table.num_rows > 500
    assert table["embedding"].null_count == 0
    vectors = np.stack(table["embedding"].to_numpy())
    assert vectors.shape == (table.num_rows, 256)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_only_the_manifest_brings_the_package(story):
    program = ROOT / "build/release/genevactl"
    setup = [program, "local", "setup", "--output", "name"]
    clean = {k: v for k, v in os.environ.items() if k not in ("GENEVACTL_PYTHON", "PYTHONPATH")}
    managed = subprocess.run(setup, env=clean, check=True, capture_output=True, text=True).stdout
    for package, there in (("geneva", 0), ("wordllama", 1)):
        done = subprocess.run([managed.strip(), "-c", f"import {package}"], env=clean)
        assert done.returncode == there


def test_leaves_nothing_running(story):
    folder, _ = story
    assert processes_of(folder) == []
