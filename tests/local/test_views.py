# SPDX-License-Identifier: Apache-2.0
"""Materialized views: made as the engine makes them, refreshed over a stand-in of Ray."""

import base64
import json
import time

import geneva
import lance
import pyarrow as pa
import pytest
from fake_ray import FakeRay
from genevactl_local import views
from running_server import RunningServer
from test_jobs import driver_task
from transforms import count_rows, double, manifest, words

PREFIX = "geneva::view::"
DOCS = pa.table({"id": range(10), "text": [f"hello {n}" for n in range(10)]})
STABLE = {"new_table_enable_stable_row_ids": "true"}
KINDS = ("query", "chunker", "udtf")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with FakeRay() as fake:
        server = RunningServer(tmp_path_factory.mktemp("views"), ray=fake.url)
        server.start()
        yield server, fake
        server.stop()


@pytest.fixture
def local(shared, database):
    """A server with a table `docs` in the test's own database; what it runs ends with the test."""
    server, fake = shared
    server.connect(database).create_table("docs", DOCS)
    yield server
    deadline = time.monotonic() + 60
    while server.get("/genevactl/v1/status")[1]["jobs"] != {"running": 0, "queued": 0}:
        for job_id in [key for key, job in fake.jobs.items() if job["status"] == "RUNNING"]:
            fake.end(job_id)
        assert time.monotonic() < deadline
        time.sleep(0.1)


def make(connection, kind, name="v", **options):
    """A view of each kind over `docs`, made by the client."""
    docs = connection.open_table("docs").search(None)
    if kind == "query":
        return connection.create_materialized_view(
            name, docs.select(["id", "text"]).where("id > 2"), **options
        )
    transform = words(manifest=manifest()) if kind == "chunker" else count_rows()
    return connection.create_udtf_view(name, docs.select(["id", "text"]), transform, **options)


def dataset(server, database, name="v"):
    return lance.dataset(str(server.root / database / f"{name}.lance"))


def definition(schema):
    return {k.decode(): v.decode() for k, v in schema.metadata.items()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stable", [True, False])
def test_the_client_makes_it_and_the_engine_would_have_made_the_same(local, database, kind, stable):
    if stable:  # the real client's own tables have row ids that move
        local.connect(database).drop_table("docs")
        folder = str(local.root / database)
        geneva.connect(folder).create_table("docs", DOCS, storage_options=STABLE)
    make(local.connect(database), kind)
    make(geneva.connect(str(local.root / database)), kind, name="native")
    ours, native = dataset(local, database), dataset(local, database, "native")
    assert ours.schema.equals(native.schema)
    assert ours.count_rows() == 0
    assert ours.has_stable_row_ids == native.has_stable_row_ids
    left, right = definition(ours.schema), definition(native.schema)
    for found in (left, right):
        query = json.loads(found.pop(PREFIX + "query"))
        # The client names the database, the engine its folder; both find the table in their own.
        assert query.pop("source_db_uri") in (f"db://{database}", str(local.root / database))
        found["query"] = query
        for key in ("chunker", "udtf"):  # the pickle is another one each time
            if PREFIX + key in found:
                found[key] = sorted(json.loads(found.pop(PREFIX + key)))
    assert left == right


def body_of(server, database, kind, name="v"):
    """The request that made a view, from what the server keeps of it."""
    found = definition(dataset(server, database, name).schema)
    schema = dataset(server, database, name).schema.remove_metadata()
    body = {
        "kind": kind,
        "source_query": found[PREFIX + "query"],
        "output_schema": base64.b64encode(schema.serialize().to_pybytes()).decode(),
    }
    return body


def test_what_genevactl_remembers_is_kept_and_nothing_else(local, database):
    make(local.connect(database), "query", name="model")
    body = body_of(local, database, "query", "model")
    schema = dataset(local, database, "model").schema
    given = {"genevactl.identity": "v1:5eed", "other": "x", f"{PREFIX}manifest": "{}"}
    body["output_schema"] = base64.b64encode(schema.with_metadata(given).serialize()).decode()
    assert local.post("/v1/materialized_view/v/create", body, database=database)[0] == 201
    expected = definition(dataset(local, database, "model").schema)
    assert definition(dataset(local, database).schema) == {
        **expected, "genevactl.identity": "v1:5eed"
    }
    wanted = {"load_detailed_metadata": True}
    answer = local.post("/v1/table/v/describe", wanted, database=database)[1]
    assert answer["schema"]["metadata"]["genevactl.identity"] == "v1:5eed"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "table"}, "field 'kind'"),
        ({"kind": "udtf"}, "needs the field 'udtf_spec'"),
        ({"auto_refresh": True}, "auto_refresh"),
        ({"source_query": "{"}, "'source_query' is not JSON"),
        ({"source_query": "{}"}, "names no 'source_table'"),
        ({"source_query": '{"source_table": "nope"}'}, "nope"),
        ({"source_query": '{"source_table": "docs", "source_db_uri": "db://other"}'}, "db://other"),
        ({"source_query": '{"source_table": "docs", "column_udfs": [{}]}'}, "a transform computes"),
        ({"output_schema": "AAAA"}, "'output_schema'"),
        ({"output_schema": "?"}, "'output_schema'"),
        ({"colour": 1}, "unknown field 'colour'"),
    ],
)
def test_a_definition_that_cannot_be_kept_makes_nothing(local, database, change, says):
    make(local.connect(database), "query", name="model")
    body = {**body_of(local, database, "query", "model"), **change}
    status, answer = local.post("/v1/materialized_view/v/create", body, database=database)
    assert status in (400, 404, 406) and says in answer["error"], answer
    status, answer = local.get("/v1/namespace/%24/table/list", database=database)
    assert "v" not in answer["tables"]


def test_a_name_that_is_taken(local, database):
    make(local.connect(database), "query")
    for name in ("v", "docs"):
        status, answer = local.post(
            f"/v1/materialized_view/{name}/create",
            body_of(local, database, "query"),
            database=database,
        )
        assert (status, answer["code"]) == (409, 5), answer


def refresh(server, database, name="v", **body):
    return server.post(f"/v1/materialized_view/{name}/refresh", body, database=database)


def submitted(fake, job_id):
    deadline = time.monotonic() + 30
    while job_id not in fake.jobs:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return fake.jobs[job_id]["body"]


def test_a_refresh_is_one_ray_job_in_the_views_manifest(local, shared, database):
    make(local.connect(database), "chunker")
    status, answer = refresh(local, database, concurrency=1, output_limit=5)
    assert status == 202, answer
    body = submitted(shared[1], answer["job_id"])
    assert driver_task(body) == {
        "job_id": answer["job_id"],
        "folder": str(local.root / database),
        "table": ["v"],
        "column": None,
        "arguments": {"concurrency": 1, "output_limit": 5},
    }
    record = local.record(database, answer["job_id"])
    assert (record["table_name"], record["column_name"]) == ("v", "<refresh>")
    assert (record["manifest_id"], record["manifest_checksum"]) == ("cows", manifest().checksum)
    assert json.loads(record["config"])["manifest_origin"] == "@udf"
    assert set(record["input_columns"]) == {"id", "text"}


def test_what_the_transform_pins_comes_before_the_snapshot_of_the_view():
    one, other = manifest("one").to_json(), manifest("other").to_json()
    texts = {"query": "{}", "version": "udtf", "udtf": json.dumps({"manifest": one})}
    found = {PREFIX + key: text for key, text in texts.items()}
    schema = pa.schema([("id", pa.int64())])
    for metadata in (found, {**found, PREFIX + "manifest": other}):
        assert views.read(schema.with_metadata(metadata)).manifest()["name"] == "one"
    for spec in ("{}", '{"manifest": null}'):
        metadata = {**found, PREFIX + "udtf": spec, PREFIX + "manifest": other}
        assert views.read(schema.with_metadata(metadata)).manifest()["name"] == "other"


def test_a_manifest_of_one_refresh_changes_no_snapshot(local, shared, database):
    make(local.connect(database), "chunker")
    before = definition(dataset(local, database).schema)
    other = manifest("once", "cowsay==6.1")
    status, answer = refresh(local, database, manifest=other.to_json())
    assert status == 202, answer
    assert "cowsay==6.1" in submitted(shared[1], answer["job_id"])["runtime_env"]["pip"]
    record = local.record(database, answer["job_id"])
    assert (record["manifest_id"], record["manifest_checksum"]) == ("once", other.checksum)
    assert definition(dataset(local, database).schema) == before


def test_a_view_that_is_to_have_data_is_refreshed_at_once(local, database):
    make(local.connect(database), "query", name="model")
    body = {**body_of(local, database, "query", "model"), "with_no_data": False}
    status, answer = local.post("/v1/materialized_view/v/create", body, database=database)
    assert status == 201, answer
    assert local.record(database, answer["job_id"])["table_name"] == "v"


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("docs", {}, "is a table and no view"),
        ("nope", {}, "nope"),
        ("v", {"output_limit": 3}, "for chunker views"),
        ("v", {"concurrency": 0}, "'concurrency' is 0"),
        ("v", {"src_version": 99}, "src_version 99 is not a version"),
        ("v", {"cluster": "moon"}, "cluster 'moon'"),
        ("v", {"manifest": "{"}, "'manifest' is not JSON"),
        ("v", {"where": "id > 1"}, "unknown field 'where'"),
    ],
)
def test_a_refresh_that_cannot_be_meant(local, database, name, change, says):
    make(local.connect(database), "query")
    status, answer = refresh(local, database, name, **change)
    assert status in (400, 404) and says in answer["error"], answer
    assert not list((local.root / database).glob("*geneva_jobs")) or not local.records(database)


@pytest.mark.parametrize("kind", ["query", "chunker"])
def test_a_view_pinned_to_a_version_says_which(local, database, kind):
    connection = local.connect(database)
    make(connection, kind)
    pinned = dataset(local, database, "docs").version
    connection.open_table("docs").add(pa.table({"id": [10], "text": ["more words"]}))
    status, answer = refresh(local, database)
    assert status == 400 and f"give src_version {pinned}" in answer["error"], answer
    status, answer = refresh(local, database, src_version=pinned)
    assert status == 202, answer


def test_no_column_that_a_live_refresh_needs_is_dropped(local, database):
    connection = local.connect(database)
    connection.open_table("docs").add_columns({"c": double()})
    make(connection, "query")
    status, answer = refresh(local, database)
    assert status == 202, answer
    for table, column, expected in (("docs", "text", 409), ("v", "id", 409), ("docs", "c", 200)):
        status, said = local.post(
            f"/v1/table/{table}/drop_columns", {"columns": [column]}, database=database
        )
        assert status == expected, (table, column, said)
