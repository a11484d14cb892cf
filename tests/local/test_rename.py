# SPDX-License-Identifier: Apache-2.0
"""Renaming a table: one of the two names always has the whole of it, and nothing is overwritten."""

import geneva
import lance
import pyarrow as pa
import pytest
from fake_ray import FakeRay
from running_server import RunningServer, create_namespace
from transforms import double


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    with FakeRay() as fake:
        server = RunningServer(tmp_path_factory.mktemp("rename"), ray=fake.url)
        server.start()
        yield server
        server.stop()


def rename(server, database, table, **body):
    return server.post(f"/v1/table/{table}/rename", body, database=database)


def test_the_table_goes_to_its_new_name_whole(local, database):
    connection = local.connect(database)
    table = local.table(database, rows=4)
    table.add(pa.table({"id": [99], "text": ["more"]}))
    assert rename(local, database, "docs", new_table_name="papers") == (200, {})
    assert connection.table_names() == ["papers"]
    renamed = connection.open_table("papers")
    assert renamed.count_rows() == 5 and len(renamed.list_versions()) == 2
    # The engine, which opens the folder, sees the same.
    assert geneva.connect(str(local.root / database)).open_table("papers").count_rows() == 5
    # The old name is free, and a table of it is another one.
    local.table(database, rows=2)
    assert sorted(connection.table_names()) == ["docs", "papers"]
    connection.drop_table("docs")
    assert rename(local, database, "papers", new_table_name="docs")[0] == 200
    assert connection.open_table("docs").count_rows() == 5


def test_a_table_that_only_lies_in_the_folder_is_renamed_too(local, database):
    local.table(database)
    lance.write_dataset(pa.table({"x": [1]}), str(local.root / database / "plain.lance"))
    assert rename(local, database, "plain", new_table_name="other")[0] == 200
    assert local.connect(database).open_table("other").count_rows() == 1


def test_a_table_of_a_child_namespace(local, database):
    local.table(database)
    connection = local.connect(database)
    create_namespace(connection, "team")
    connection.create_table("docs", pa.table({"x": [1, 2]}), namespace_path=["team"])
    assert rename(local, database, "team%24docs", new_table_name="papers") == (200, {})
    assert list(connection.table_names(namespace_path=["team"])) == ["papers"]
    assert connection.open_table("papers", namespace_path=["team"]).count_rows() == 2
    assert connection.table_names() == ["docs"]


@pytest.mark.parametrize(
    ("table", "body", "status", "code", "says"),
    [
        ("nope", {"new_table_name": "x"}, 404, 4, "nope"),
        ("docs", {"new_table_name": "taken"}, 409, 5, "already exists"),
        ("docs", {"new_table_name": "a/b"}, 400, 13, "names no table"),
        ("docs", {"new_table_name": "../x"}, 400, 13, "names no table"),
        ("docs", {"new_table_name": ""}, 400, 13, "names no table"),
        ("docs", {"new_table_name": "x", "new_namespace_id": ["team"]}, 406, 0, "not moved"),
        ("__system%24geneva_jobs", {"new_table_name": "x"}, 400, 13, "not renamed"),
        ("docs", {}, 400, 13, "new_table_name"),
    ],
)
def test_what_is_refused_changes_nothing(local, database, table, body, status, code, says):
    local.table(database)
    local.table(database, "taken", rows=1)
    got, answer = rename(local, database, table, **body)
    assert (got, answer["code"]) == (status, code) and says in answer["error"], answer
    connection = local.connect(database)
    assert sorted(connection.table_names()) == ["docs", "taken"]
    assert connection.open_table("taken").count_rows() == 1


def test_a_table_that_a_live_job_needs_keeps_its_name(local, database):
    local.table(database).add_columns({"c": double()})
    status, answer = local.post(
        "/v1/table/docs/backfill_column", {"column": "c"}, database=database
    )
    assert status == 202, answer
    status, said = rename(local, database, "docs", new_table_name="x")
    assert (status, said["code"]) == (409, 14) and answer["job_id"] in said["error"], said


def test_a_deployment_that_can_rename_says_so(local):
    assert "rename" in local.get("/genevactl/v1/capabilities")[1]["capabilities"]
