# SPDX-License-Identifier: Apache-2.0
"""The second example: from an empty deployment to all jobs DONE by one `apply`, nothing by the
next, and after an edit only what changed."""

import pathlib
import shutil
import subprocess
import sys
import uuid

import geneva
import pytest

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "project"


@pytest.fixture
def project(deployment, user, tmp_path):
    """A copy of the example as working directory, and a function that runs commands there."""
    folder = tmp_path / "project"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    uri = f"db://project_{uuid.uuid4().hex[:8]}"
    subprocess.run([sys.executable, "make_table.py", uri], cwd=folder, check=True, timeout=120,
                   env={**user.environment, "PYTHONDONTWRITEBYTECODE": "1"})
    work, user.work = user.work, folder
    yield folder, lambda *words: user.run("--uri", uri, *words), geneva.connect(
        uri, host_override=deployment["LANCEDB_URI"], api_key=deployment["LANCEDB_API_KEY"]
    )
    user.work = work


def applied(run, *words):
    """(action, target) of each step of an apply, all of which are done."""
    ran = run("apply", *words, "--yes", "-o", "json")
    assert ran.code == 0, ran
    steps = ran.json()["steps"]
    assert {step["state"] for step in steps} <= {"done"}, ran
    return {(step["action"], step["target"]) for step in steps}


def rows(client, table, *columns):
    found = client.open_table(table).to_arrow().to_pylist()
    return sorted(tuple(row[column] for column in columns) for row in found)


@pytest.mark.timeout(1200)
def test_one_file_makes_all_of_it_and_then_only_what_changed(project):
    folder, run, client = project
    columns = {f"articles.{name}" for name in ("words", "heading", "longest_word")}
    first = applied(run)
    done = {(action, column) for action in ("add-column", "backfill") for column in columns}
    done |= {(action, view) for action in ("create-view", "refresh")
             for view in ("sentences", "by_topic")}
    assert {step for step in first if step[0] != "upload"} == done
    assert rows(client, "articles", "id", "words", "heading", "longest_word") == [
        (0, 10, "§ The swift sleeps in the air", "sleeps"),
        (1, 9, "§ Owls turn their heads", "their"),
        (2, 12, "§ Granite is old lava", "granite"),
        (3, 5, "§ Chalk is made of shells", "shells"),
    ]
    assert rows(client, "sentences", "id", "at", "sentence")[:3] == [
        (0, 0, "the swift sleeps in the air"), (0, 1, "it lands to breed"),
        (1, 0, "owls turn their heads"),
    ]
    assert rows(client, "by_topic", "topic", "articles") == [("birds", 2), ("stones", 2)]
    jobs = run("job", "list", "-o", "json").json()
    assert {job["status"] for job in jobs} == {"DONE"} and len(jobs) == 5

    assert applied(run) == set()
    assert run("plan", "--exit-code").code == 0

    style = folder / "house_style.py"
    style.write_text(style.read_text().replace('"§"', '"#"'))
    assert run("plan", "--exit-code").code == 3
    assert run("plan", "--out", "style.plan").code == 0  # no part of what it plans to capture
    third = applied(run, "style.plan")
    assert {step for step in third if step[0] != "upload"} == {
        ("alter-column", "articles.heading"), ("backfill", "articles.heading")
    }
    assert rows(client, "articles", "heading")[0] == ("# Chalk is made of shells",)
    assert len(run("job", "list", "-o", "json").json()) == 6
    assert run("plan", "--exit-code").code == 0
