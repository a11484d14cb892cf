# SPDX-License-Identifier: Apache-2.0
"""The namespace API with the real client, and what the server makes of bodies that do not fit."""

import io

import geneva
import lance_namespace_urllib3_client.models as models
import pyarrow as pa
import pytest
from running_server import create_namespace
from transforms import manifest


def test_the_real_client_on_a_fresh_database(server, database):
    connection = server.connect(database)
    table = server.table(database, rows=12)
    assert connection.table_names() == ["docs"] and table.count_rows() == 12
    described = server.post(
        "/v1/table/docs/describe", {"load_detailed_metadata": True}, database=database
    )[1]
    assert [field["name"] for field in described["schema"]["fields"]] == ["id", "text"]
    table.add(pa.table({"id": [99], "text": ["more"]}))
    table.delete("id < 5")
    table.update(where="id = 99", values={"text": "changed"})
    assert table.count_rows() == 8 and len(table.list_versions()) == 4
    assert table.search().where("id = 99").to_arrow().to_pylist() == [{"id": 99, "text": "changed"}]
    assert connection.open_table("docs").to_arrow().num_rows == 8
    connection.drop_table("docs")
    assert connection.table_names() == []


def test_a_wrong_key_with_the_real_client(server, database):
    connection = geneva.connect(f"db://{database}", host_override=server.url, api_key="wrong")
    with pytest.raises(Exception, match="(?i)key|unauth"):
        connection.table_names()


def test_captured_manifests_of_the_real_client(server, database, tmp_path, monkeypatch):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "helper.py").write_text("X = 1\n")
    monkeypatch.chdir(tmp_path / "work")
    connection = server.connect(database)
    with pytest.warns(DeprecationWarning):
        connection.define_manifest("named", manifest("named", "cowsay==6.1"))
    found = connection.list_manifests()
    assert [m.name for m in found] == ["named"] and found[0].pip == ["cowsay==6.1"]
    assert any(found[0].zips), "nothing was uploaded"


def test_both_sides_see_one_catalogue(server, database):
    server.table(database)
    native = geneva.connect(str(server.root / database))
    assert list(native.table_names()) == ["docs"]
    native.create_table("made", pa.table({"x": [1, 2]}))
    assert sorted(server.connect(database).table_names()) == ["docs", "made"]
    native.open_table("docs").add(pa.table({"id": [77], "text": ["late"]}))
    assert server.post(
        "/v1/table/docs/count_rows", {"predicate": "id = 77"}, database=database
    ) == (200, 1)


def test_child_namespaces_with_the_real_client(server, database):
    connection = server.connect(database)
    create_namespace(connection, "kid")
    create_namespace(connection, "kid", "sub")
    data = pa.table({"id": [1, 2]})
    connection.create_table("docs", data, namespace_path=["kid", "sub"])
    connection.create_table("docs", data.slice(1), namespace_path=["kid"])
    assert connection.list_namespaces().namespaces == ["kid"]
    assert connection.list_namespaces(namespace_path=["kid"]).namespaces == ["sub"]
    assert connection.table_names() == []
    assert connection.table_names(namespace_path=["kid", "sub"]) == ["docs"]
    table = connection.open_table("docs", namespace_path=["kid", "sub"])
    table.add(pa.table({"id": [3]}))
    assert table.count_rows() == 3
    assert connection.open_table("docs", namespace_path=["kid"]).count_rows() == 1
    native = geneva.connect(str(server.root / database))
    assert native.open_table("docs", namespace_path=["kid", "sub"]).count_rows() == 3
    connection.drop_table("docs", namespace_path=["kid", "sub"])
    client = connection.namespace_client()
    client.drop_namespace(models.DropNamespaceRequest(id=["kid", "sub"]))
    assert connection.list_namespaces(namespace_path=["kid"]).namespaces == []


NAMESPACES = [
    ("kid/create", {}, 409, 2, "kid"),
    ("kid/create", {"mode": "ExistOk"}, 200, None, None),
    ("kid/create", {"mode": "overwrite"}, 406, 0, "overwritten"),
    ("kid/create", {"mode": "replace"}, 400, 13, "create, exist_ok"),
    ("none%24kid/create", {}, 404, 1, "none"),
    ("kid/drop", {}, 409, 3, "not empty"),
    ("kid/drop", {"behavior": "Cascade"}, 406, 0, "empty namespaces only"),
    ("none/drop", {}, 404, 1, "none"),
    ("none/drop", {"mode": "Skip"}, 200, None, None),
    ("none/describe", {}, 404, 1, "none"),
]


@pytest.mark.parametrize(("path", "body", "status", "code", "word"), NAMESPACES)
def test_what_namespaces_cannot(server, path, body, status, code, word):
    if server.post("/v1/namespace/kid/exists", database="kids")[0] != 200:
        connection = server.connect("kids")
        create_namespace(connection, "kid")
        connection.create_table("docs", pa.table({"id": [1]}), namespace_path=["kid"])
    got, answer = server.post(f"/v1/namespace/{path}", body, database="kids")
    assert (got, answer.get("code")) == (status, code), answer
    assert word is None or word in answer["error"]


def test_nothing_is_made_in_a_namespace_that_is_not_there(server, database):
    server.table(database)
    for call in (
        lambda: server.connect(database).create_table(
            "t", pa.table({"id": [1]}), namespace_path=["none"]
        ),
        lambda: server.connect(database).table_names(namespace_path=["none"]),
    ):
        with pytest.raises(Exception, match="(?i)namespace not found.*none"):
            call()
    assert server.get("/v1/namespace/none/list", database=database)[1]["code"] == 1
    assert [p.name for p in (server.root / database).iterdir() if "none" in p.name] == []


def test_a_query_pins_a_version_and_pages(server, database):
    table = server.table(database)
    table.add(pa.table({"id": [50], "text": ["new"]}))

    def ids(**more):
        body = {
            "k": 4,
            "vector": {"single_vector": []},
            "columns": {"column_names": ["id"]},
            **more,
        }
        status, data = server.post("/v1/table/docs/query", body, database=database)
        assert status == 200 and data.startswith(b"ARROW1")
        return pa.ipc.open_file(io.BytesIO(data)).read_all()["id"].to_pylist()

    assert ids(version=1, offset=8) == [8, 9] and ids(offset=8) == [8, 9, 50]


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "word"),
    [
        ("table/docs/describe", {"verbose": True}, 400, 13, "verbose"),
        ("table/docs/describe", {"id": ["other"]}, 400, 13, "id"),
        ("table/docs/describe", {"version": "one"}, 400, 13, "version"),
        ("table/docs/describe", {"version": 99}, 404, 11, "99"),
        ("table/docs/describe", b"{", 400, 13, "JSON"),
        ("table/docs/describe", b"[]", 400, 13, "object"),
        ("table/docs/describe?shape=1", {}, 400, 13, "shape"),
        ("table/docs/query", {"k": 1, "vector": {"single": []}}, 400, 13, "vector.single"),
        ("table/docs/query", {"vector": {"single_vector": []}}, 400, 13, "k"),
        (
            "table/docs/query",
            {"k": 1, "vector": {"single_vector": []}, "filter": "nope = 1"},
            404,
            12,
            "nope",
        ),
        ("table/none/describe", {}, 404, 4, "none"),
        (
            "table/none/add_columns",
            {"new_columns": [{"name": "x", "expression": "1"}]},
            404,
            4,
            "none",
        ),
        (
            "table/docs/add_columns",
            {"new_columns": [{"name": "x", "expr": "1"}]},
            400,
            13,
            "new_columns[0].expr",
        ),
        ("table/docs/add_columns", {"new_columns": []}, 400, 13, "empty"),
        ("table/..%2Fx/describe", {}, 400, 13, "path"),
        ("table/a%24%24b/describe", {}, 400, 13, "empty"),
        ("table/docs/rename", {"new_table_name": "docs"}, 400, 13, "the name that the table has"),
        ("materialized_view/v/create", {"kind": "query"}, 400, 13, "source_query"),
        ("materialized_view/none/refresh", {}, 404, 4, "none"),
        ("table/docs/update_field_metadata", {}, 406, 0, "update_field_metadata"),
        ("nothing/at/all", {}, 404, 0, "no such operation"),
    ],
)
def test_answers_in_the_shape_of_the_api(server, path, body, status, code, word):
    if server.post("/v1/table/docs/exists", database="shapes")[0] != 200:
        server.table("shapes")
    got, answer = server.post("/v1/" + path, body, database="shapes")
    assert (got, answer["code"]) == (status, code), answer
    assert word in answer["error"] and answer["instance"].startswith("/v1/")


def test_arrow_bodies(server, database):
    data = pa.table({"x": [1, 2]})
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, data.schema) as writer:
        writer.write_table(data)
    stream = {"Content-Type": "application/vnd.apache.arrow.stream"}
    assert (
        server.post(
            "/v1/table/t/create?mode=create", sink.getvalue(), database=database, headers=stream
        )[0]
        == 200
    )
    assert (
        server.post(
            "/v1/table/t/insert?mode=append", sink.getvalue(), database=database, headers=stream
        )[0]
        == 200
    )
    assert server.post("/v1/table/t/count_rows", database=database) == (200, 4)
    assert (
        server.post("/v1/table/t/create", sink.getvalue(), database=database, headers=stream)[1][
            "code"
        ]
        == 5
    )
    merge = "/v1/table/t/merge_insert?when_not_matched_insert_all=true"
    for on, expected in (("&on=x", 200), ("&on=", 400), ("&on=absent", 400)):
        answer = server.post(merge + on, sink.getvalue(), database=database, headers=stream)
        assert answer[0] == expected, (on, answer)
    assert server.post("/v1/table/t/insert", b"junk", database=database, headers=stream)[0] in (
        400,
        500,
    )
    assert (
        server.post("/v1/table/t/insert?mood=x", b"", database=database, headers=stream)[1]["code"]
        == 13
    )
