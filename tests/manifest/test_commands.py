# SPDX-License-Identifier: Apache-2.0
"""The commands that read manifests: exit codes, JSON, and that no secret is shown."""

import json
import os
import subprocess

import pytest
from geneva.manifest import GenevaManifest

PROGRAM = os.environ.get("GENEVACTL", "")


@pytest.fixture
def run(tmp_path):
    assert os.access(PROGRAM, os.X_OK), "GENEVACTL names the program"

    def command(*words):
        return subprocess.run(
            [PROGRAM, "manifest", *words], capture_output=True, text=True, cwd=tmp_path, timeout=60
        )

    return command


def write(path, lines, **variables):
    builder = GenevaManifest.create_pip(path.stem).pip(lines).env_vars(variables)
    manifest = builder.allow_unpinned().build()
    path.write_text(manifest.to_json())
    return manifest


def test_lint_ends_by_what_it_found(run, tmp_path):
    write(tmp_path / "good.json", ["numpy==2.4.6"])
    write(tmp_path / "doubtful.json", ["numpy"])
    write(tmp_path / "bad.json", ["-e ."], X="https://u:hunter2@example.org/")
    for name, options, code in [
        ("good", [], 0),
        ("good", ["--strict"], 0),
        ("doubtful", [], 0),
        ("doubtful", ["--strict"], 1),
        ("bad", [], 1),
        ("missing", [], 5),
    ]:
        assert run("lint", f"{name}.json", *options).returncode == code, (name, options)
    done = run("lint", "bad.json", "-o", "json")
    document = json.loads(done.stdout)
    assert done.returncode == 1 and document["schema_version"] == 1
    assert (document["errors"], document["warnings"]) == (2, 0)
    assert [each["rule"] for each in document["findings"]] == ["editable", "secret-env"]
    assert set(document["findings"][0]) == {"rule", "severity", "where", "message", "hint"}
    assert "hunter2" not in done.stdout + done.stderr + run("lint", "bad.json").stdout
    assert json.loads(run("lint", "good.json", "-o", "json").stdout)["findings"] == []
    assert run("lint", "bad.json", "-o", "name").stdout == "editable\nsecret-env\n"


def test_lint_reports_an_edited_file_as_a_finding(run, tmp_path):
    manifest = write(tmp_path / "m.json", ["a==1"])
    (tmp_path / "m.json").write_text(manifest.to_json().replace("a==1", "a==2"))
    done = run("lint", "m.json", "-o", "json")
    assert done.returncode == 1
    assert [each["rule"] for each in json.loads(done.stdout)["findings"]] == ["checksum"]


def test_diff_ends_with_three_only_when_asked_to(run, tmp_path):
    a = write(tmp_path / "a.json", ["numpy==2.4.6", "old==1"], TOKEN="hunter1", N="1")
    b = write(tmp_path / "b.json", ["NumPy==2.10.0", "new==1"], TOKEN="hunter2", N="2")
    assert run("diff", "a.json", "b.json").returncode == 0
    assert run("diff", "a.json", "a.json", "--exit-code").returncode == 0
    done = run("diff", "a.json", "b.json", "--exit-code", "-o", "json")
    assert done.returncode == 3
    assert "hunter" not in done.stdout + run("diff", "a.json", "b.json").stdout
    document = json.loads(done.stdout)
    assert document["differ"] is True
    assert document["before"] == {"path": "a.json", "name": "a", "checksum": a.checksum}
    assert document["after"]["checksum"] == b.checksum
    assert document["requirements"] == [
        {
            "list": "pip",
            "change": "changed",
            "name": "numpy",
            "before": "numpy==2.4.6",
            "after": "NumPy==2.10.0",
            "direction": "up",
        },
        {
            "list": "pip",
            "change": "removed",
            "name": "old",
            "before": "old==1",
            "after": None,
            "direction": None,
        },
        {
            "list": "pip",
            "change": "added",
            "name": "new",
            "before": None,
            "after": "new==1",
            "direction": None,
        },
    ]
    fields = {each["field"]: each for each in document["fields"]}
    assert set(fields) == {"name", 'env_vars["N"]', 'env_vars["TOKEN"]'}
    assert fields['env_vars["TOKEN"]']["hidden"] and not fields['env_vars["N"]']["hidden"]
    same = json.loads(run("diff", "a.json", "a.json", "-o", "json").stdout)
    assert (same["differ"], same["requirements"], same["fields"]) == (False, [], [])


def test_create_conda_and_site_print_what_the_builders_make(run, tmp_path):
    (tmp_path / "environment.yml").write_text("dependencies: [a, {pip: [geneva==0.17.0]}]\n")
    done = run("create", "conda", "m", "b=1", "--file", "environment.yml", "--channel", "c")
    conda = {"channels": ["c"], "dependencies": ["a", {"pip": ["geneva==0.17.0"]}, "b=1"]}
    expected = GenevaManifest.create_conda("m").conda(conda).build()
    assert (done.returncode, done.stdout, done.stderr) == (0, expected.to_json() + "\n", "")
    done = run("create", "site", "s", "--env", "A=1", "--out", "s.json")
    expected = GenevaManifest.create_site("s").env_vars({"A": "1"}).build()
    assert done.stdout == f"s@{expected.checksum}\n"
    assert (tmp_path / "s.json").read_text() == expected.to_json()
    assert run("create", "conda", "m").returncode == 2
