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
