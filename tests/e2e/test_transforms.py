# SPDX-License-Identifier: Apache-2.0
"""Packing, trial runs and trying manifests, with the real packages; no job is started."""

import pytest


@pytest.fixture(scope="module")
def nowhere(user, tmp_path_factory):
    """A folder without the user's code, and an environment without any Python."""
    folder = tmp_path_factory.mktemp("elsewhere")
    nothing = {"PATH": "/nowhere", "GENEVACTL_PYTHON": "/nowhere/python"}
    return folder, nothing


def test_a_bundle_registers_without_python(database, user, cows, nowhere):
    folder, nothing = nowhere
    bundle = folder / "cow.bundle"
    packed = user.do(
        "transform", "pack", "features:cow", "--manifest", cows, "--out", bundle, "-o", "json"
    ).json()
    assert packed["manifest"]["name"] == "cows"
    database.do("column", "add", "docs", "here", "features:cow", "--manifest", cows)
    uri = ("--uri", f"db://{database.name}")
    work, user.work = user.work, folder
    try:
        user.do(*uri, "column", "add", "docs", "there", "cow.bundle", **nothing)
        failed = user.run(*uri, "column", "add", "docs", "no", "features:cow", **nothing)
        assert failed.code == 5 and "/nowhere/python" in failed.err
    finally:
        user.work = work
    here, there = (
        database.do("column", "show", "docs", name, "-o", "json").json()["computed"]
        for name in ("here", "there")
    )
    assert there["identity"] == here["identity"] == packed["identity"]
    assert there["manifest"] == here["manifest"]
    assert there["inputs"] == here["inputs"]
    schema = database.client.open_table("docs").to_arrow().schema
    assert schema.field("there").type == schema.field("here").type


def test_a_bundle_that_was_altered_is_refused(database, user, nowhere):
    folder, _ = nowhere
    bundle = folder / "double.bundle"
    user.do("transform", "pack", "features:double", "--out", bundle)
    text = bundle.read_text()
    bundle.write_text(text.replace('"double"', '"treble"'))
    refused = database.run("column", "add", "docs", "n", bundle)
    assert refused.code == 1 and "altered" in refused.err
    bundle.write_text(text.replace('"genevactl_bundle": 1', '"genevactl_bundle": 2'))
    refused = database.run("column", "add", "docs", "n", bundle)
    assert refused.code == 2 and "format 2" in refused.err


def test_a_trial_run_here(database):
    words = ("transform", "run", "features:double", "--table", "docs")
    ran = database.do(*words, "--rows", "2", "--where", "id > 5", "-o", "json").json()
    assert [row["id"] * 2 for row in ran["inputs"]] == [12, 14]
    assert ran["outputs"] == [
        {"row": 1, "values": {"double": 12}}, {"row": 2, "values": {"double": 14}},
    ]
    assert len(database.do(*words).out.splitlines()) == 6
    failed = database.run("transform", "run", "features:fails", "--table", "docs")
    assert failed.code == 1 and failed.out == ""
    assert "no luck with 0" in failed.err and "in row 1" in failed.err
    assert 'raise ValueError(f"no luck with {id}")' in failed.err
    assert [c["name"] for c in database.do("column", "list", "docs", "-o", "json").json()] == [
        "id", "text", "folder",
    ]


def test_only_the_manifest_brings_the_package(database, cows):
    words = ("transform", "run", "features:cow", "--table", "docs", "--rows", "1")
    without = database.run(*words)
    assert without.code == 1 and "No module named 'cowsay'" in without.err
    ran = database.do(*words, "--manifest", cows, "-o", "json")
    assert ran.json()["outputs"] == [{"row": 1, "values": {"words": "6.1 hello 0"}}]
    assert ran.json()["installed"] == ["geneva==0.17.0", "cowsay==6.1"]
    assert "throw-away" in ran.err


def test_a_manifest_is_tried(user, cows):
    tried = user.do("manifest", "try", cows, "-o", "json").json()
    assert tried["imports"] == [
        {"distribution": "cowsay", "version": "6.1", "modules": ["cowsay"]}
    ]
    user.do("manifest", "create", "pip", "none", "cowsay==99.0", "--out", "none.json")
    failed = user.run("manifest", "try", "none.json")
    assert failed.code == 1
    assert "cowsay==99.0" in failed.err.partition("manifest none")[2]
