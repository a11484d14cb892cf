# SPDX-License-Identifier: Apache-2.0
"""Rows, transforms with several outputs, and tables of namespaces, on the real engine."""

import json
import urllib.request

import pyarrow as pa
import pytest


@pytest.mark.timeout(900)
def test_several_outputs_are_one_job_and_shown_as_rows(database):
    database.do("column", "add", "docs", "-", "features:sizes")
    head = ("table", "head", "docs", "--columns", "id,letters,upper")
    before = database.do(*head, "--limit", "1", "-o", "json").json()
    assert before["rows"][0]["upper"] is None
    (job,) = database.do("backfill", "docs", "upper", "-o", "json").json()
    assert (job["status"], job["ended"]) == ("DONE", "done")
    assert len(database.do("job", "list", "-o", "name").out.split()) == 1
    assert database.values("letters") == [len("hello 0")] * 10
    assert database.values("upper") == [f"HELLO {n}" for n in range(10)]
    rows = database.do(*head, "--where", "id = 3", "-o", "json").json()["rows"]
    assert rows == [{"id": 3, "letters": 7, "upper": "HELLO 3"}]
    assert database.do(*head, "--where", "id = 3").out.split("\n")[1].split() == [
        "3", "7", "HELLO", "3",
    ]
    listed = database.do("table", "head", "docs", "--limit", "100", "-o", "jsonl").out
    assert sorted(json.loads(line)["id"] for line in listed.splitlines()) == list(range(10))


def test_rows_of_every_kind(database):
    vector = pa.array([[0.5] * 8, None], pa.list_(pa.float32(), 8))
    database.client.create_table(
        "kinds",
        pa.table(
            {
                "v": vector, "b": [b"\x00\xff", None], "s": [{"x": 1, "Y z": "q"}, None],
                "odd name": ["a", None], "t": pa.array([0, None], pa.timestamp("us", tz="UTC")),
            }
        ),
    )
    rows = database.do("table", "head", "kinds", "-o", "json").json()["rows"]
    assert rows == [
        {
            "v": [0.5] * 8, "b": "AP8=", "s": {"x": 1, "Y z": "q"}, "odd name": "a",
            "t": "1970-01-01T00:00:00Z",
        },
        {"v": None, "b": None, "s": rows[1]["s"], "odd name": None, "t": None},
    ]
    shown = database.do("table", "head", "kinds", "--limit", "1").out
    assert "[0.5, 0.5, 0.5, … 8 in all]" in shown and "<2 bytes>" in shown
    words = ("table", "head", "kinds", "--columns", "`odd name`,s.x", "--limit", "1")
    assert database.do(*words, "-o", "json").json()["rows"] == [{"odd name": "a", "s.x": 1}]
    failed = database.run("table", "head", "kinds", "--where", "nope = 1")
    assert failed.code == 5 and "nope" in failed.err, failed


@pytest.mark.timeout(900)
def test_tables_of_namespaces(deployment, database):
    request = urllib.request.Request(
        deployment["LANCEDB_URI"] + "/v1/namespace/team/create?delimiter=%24",
        data=b'{"id":["team"]}', method="POST",
        headers={
            "content-type": "application/json", "x-api-key": deployment["LANCEDB_API_KEY"],
            "x-lancedb-database": database.name,
        },
    )
    urllib.request.urlopen(request).close()
    rows = pa.table({"id": [1, 2, 3], "text": ["a", "b", "c"]})
    database.client.create_table("notes", rows, namespace_path=["team"])
    assert database.do("table", "list", "-o", "name").out == "docs\n"
    assert database.do("table", "list", "team", "-o", "name").out == "team/notes\n"
    both = database.do("table", "list", "--recursive", "-o", "name").out
    assert both == "docs\nteam/notes\n"
    database.do("column", "add", "team/notes", "n", "features:double")
    database.do("backfill", "team/notes", "n")
    head = database.do("table", "head", "team/notes", "--columns", "id,n", "-o", "json").json()
    assert sorted((row["id"], row["n"]) for row in head["rows"]) == [(1, 2), (2, 4), (3, 6)]
    database.do("column", "drop", "team/notes", "n", "--yes")
    theirs = database.client.open_table("notes", namespace_path=["team"])
    assert theirs.schema.names == ["id", "text"]
    missing = database.run("table", "list", "taem")
    assert missing.code == 5 and "there is no namespace taem" in missing.err, missing
