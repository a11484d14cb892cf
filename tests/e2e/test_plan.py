# SPDX-License-Identifier: Apache-2.0
"""plan and apply on the real engine: the values tell what was computed, and when."""

import json
import re
import signal

import pytest

PROJECT = """
[manifests.place]
pip = []
env_vars = { PLACE = "here" }

[columns."docs.place"]
transform = "planned:place"
manifest = "place"

[columns."docs.word"]
transform = "planned:word"
manifest = "place"
"""


@pytest.fixture
def project(database):
    """The project file in the user's folder, gone afterwards: others share it."""
    file = database.user.work / "geneva.toml"
    file.write_text(PROJECT)
    words = database.user.work / "planned_words.py"
    before = words.read_text()
    yield file
    file.unlink()
    words.write_text(before)


def steps_of(database):
    plan = database.do("plan", "-o", "json").json()
    assert plan["obstacles"] == [], plan
    return [(step["action"], step["target"], step["recompute"]) for step in plan["steps"]]


@pytest.mark.timeout(1500)
def test_values_follow_the_file(database, project):
    assert steps_of(database) == [
        ("add-column", "docs.place", False),
        ("backfill", "docs.place", False),
        ("add-column", "docs.word", False),
        ("backfill", "docs.word", False),
    ]
    applied = database.do("apply", "--yes", "-o", "json").json()
    assert [step["state"] for step in applied["steps"]] == ["done"] * 4
    assert database.values("place") == [f"here hello {n}" for n in range(10)]
    assert database.values("word") == [f"first hello {n}" for n in range(10)]

    assert database.run("plan", "--exit-code").code == 0
    assert database.do("apply", "--yes", "-o", "json").json()["steps"] == []

    # Only the manifest: the function and the filter are the same as before.
    project.write_text(PROJECT.replace('"here"', '"there"', 1).replace('[columns."docs.word"]', "")
                       .replace('transform = "planned:word"\nmanifest = "place"\n', ""))
    drift = database.run("plan", "--exit-code")
    assert drift.code == 3
    assert re.search(r"docs\.place: pinned place@\w{8}, local definition @\w{8}: will be "
                     r"re-pointed \(alter column\)", drift.out), drift
    assert 'env_vars["PLACE"]: here -> there' in drift.out
    assert "docs.word (column, by word" in drift.out

    # Killed while the job runs, after the column was re-pointed: the next one must still compute.
    killed = database.start("apply", "--yes")
    for line in killed.stderr:
        if "docs.place: job" in line:
            break
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert steps_of(database) == [("backfill", "docs.place", True)]
    database.do("apply", "--yes")
    assert database.values("place") == [f"there hello {n}" for n in range(10)]

    # And back: 1=1 was asked before, and is not answered from old checkpoints.
    project.write_text(PROJECT)
    (database.user.work / "planned_words.py").write_text('WORD = "second"\n')
    kept = database.user.work / "kept.plan"
    database.do("plan", "--out", kept)
    assert {s["action"] for s in json.loads(kept.read_text())["steps"]} == {
        "alter-column", "backfill"
    }
    database.do("apply", kept, "--yes")
    assert database.values("place") == [f"here hello {n}" for n in range(10)]
    assert database.values("word") == [f"second hello {n}" for n in range(10)]
    assert database.run("apply", kept).code == 6
    assert database.run("plan", "--exit-code").code == 0
