# SPDX-License-Identifier: Apache-2.0
"""export: what either client registered, as a project file."""

import tomllib


def exported(database, name):
    ran = database.do("export", "--out", f"{database.name}/{name}")
    return ran, tomllib.loads((database.user.work / database.name / name).read_text())


def test_what_was_registered_comes_back(database, cows, monkeypatch):
    monkeypatch.syspath_prepend(database.user.work)
    from features import cow

    database.do("column", "add", "docs", "twice", "features:double")
    database.do("column", "add", "docs", "said", "features:cow", "--manifest", cows)
    database.do("column", "add", "docs", "-", "features:sizes")
    database.table.add_columns({"theirs": cow})
    ran, file = exported(database, "geneva.toml")
    assert "docs.theirs" in ran.err
    assert file["deployment"] == {"uri": f"db://{database.name}"}
    assert file["manifests"] == {"cows": {"pip": ["cowsay==6.1"]}}
    undone = {"backfill": "never"}
    assert file["columns"] == {
        "docs.twice": {"transform": "features:double", "inputs": ["id"], **undone},
        "docs.said": {
            "transform": "features:cow", "manifest": "cows", "inputs": ["text"], **undone,
        },
        "docs.letters": {"transform": "features:sizes", "inputs": ["text"], **undone},
        "docs.upper": {"transform": "features:sizes", "inputs": ["text"], **undone},
        "docs.theirs": {"keep": True},
    }
    assert database.run("export", "--out", f"{database.name}/geneva.toml").code == 6


def test_an_export_that_is_applied_changes_nothing(database, cows, monkeypatch):
    monkeypatch.syspath_prepend(database.user.work)
    from features import cow

    database.do("column", "add", "docs", "twice", "features:double")
    database.do("column", "add", "docs", "said", "features:cow", "--manifest", cows)
    database.do("column", "add", "docs", "-", "features:sizes")
    database.table.add_columns({"theirs": cow})
    source = ("--source", "docs", "--select", "id,text", "--where", "id < 3")
    database.do("view", "create", "few", *source, "--query")
    database.do("view", "create", "words", *source, "--chunker", "row_makers:split")
    database.do("view", "create", "counts", *source, "--udtf", "row_makers:count")
    before = database.do("table", "list", "-o", "json").json()
    file = database.user.work / "geneva.toml"
    database.do("export", "--out", file)
    try:
        assert set(tomllib.loads(file.read_text())["views"]) == {"few", "words", "counts"}
        plan = database.do("plan", "-o", "json").json()
        assert (plan["steps"], plan["obstacles"], plan["not_in_file"]) == ([], [], [])
        assert database.run("plan", "--exit-code").code == 0
        assert database.do("apply", "--yes", "-o", "json").json()["steps"] == []
        # Everything that the file names is compared: a change of it is seen.
        file.write_text(file.read_text().replace("id < 3", "id < 4", 1))
        assert database.run("plan", "--exit-code").code == 3
    finally:
        file.unlink()
    assert database.do("table", "list", "-o", "json").json() == before
    assert database.do("job", "list", "-o", "json").json() == []
