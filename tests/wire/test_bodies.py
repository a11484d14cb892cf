# SPDX-License-Identifier: Apache-2.0
"""What our client sends validates with the official models and equals the real client's."""

import datetime
import re

import lance_namespace_urllib3_client.models as models
import pyarrow as pa

JOBS = ["__system", "geneva_jobs"]
EVERYTHING = {
    "where": "id > 2", "concurrency": 2, "intra_applier_concurrency": 3, "min_checkpoint_size": 2,
    "max_checkpoint_size": 9, "batch_checkpoint_flush_interval_seconds": 1.5, "read_version": 1,
    "task_size": 10, "num_frags": 2, "checkpoint_size": 5, "commit_granularity": 7,
    "cluster": "c", "manifest": "m",
}


def validated(model, body):
    """The body, after the API's model has taken it and knows each of its members."""
    parsed = model.from_dict(body)
    assert set(body) <= {field.alias or name for name, field in type(parsed).model_fields.items()}
    return body


def moment(headers):
    """The time that a read asks for at least."""
    text = re.sub(r"(\.\d{6})\d+", r"\1", headers["x-lancedb-min-timestamp"])
    return datetime.datetime.fromisoformat(text)


def ours(wire, path, do, **request):
    """Body and headers of the one request that an operation of ours sends."""
    wire.sent(path)
    answer = wire.ask(do, **request)
    assert "ok" in answer, answer
    (sent,) = wire.sent(path)
    return sent


def test_reading_bodies_validate(wire):
    body, headers = ours(wire, "/describe", "describe", id=["docs"])
    validated(models.DescribeTableRequest, body)
    assert headers["x-api-key"] == "sesame-key"
    assert headers["x-lancedb-database"] == "x"
    assert headers["User-Agent"].startswith("genevactl/")
    request = {"id": ["docs"], "columns": ["id"], "filter": "id > 1", "offset": 1}
    body, _ = ours(wire, "/query", "query", **request)
    validated(models.QueryTableRequest, body)
    body, _ = ours(wire, "/count_rows", "count", id=["docs"], filter="id > 1")
    validated(models.CountTableRowsRequest, body)


def test_backfill_bodies_equal_the_real_client_s(wire, geneva_client):
    table = geneva_client.open_table("docs")
    for request in ({}, EVERYTHING):
        wire.sent("")
        table.backfill_async("emb", **request)
        (theirs,) = wire.sent("/backfill_column")
        seen = int(theirs[1]["x-lancedb-min-read-version"])
        body, headers = ours(
            wire, "/backfill_column", "backfill", id=["docs"], column="emb", seen=seen, **request
        )
        assert body == theirs[0]
        assert headers["x-lancedb-min-read-version"] == str(seen)
        validated(models.AlterTableBackfillColumnsRequest, body)


def test_refresh_bodies_equal_the_real_client_s(wire, geneva_client):
    from geneva.manifest import GenevaManifest

    manifest = GenevaManifest.create_pip("once").pip(["a==1"]).build().to_json()
    numbers = {
        "src_version": 1, "max_rows_per_fragment": 2, "concurrency": 3, "source_task_size": 4,
        "intra_applier_concurrency": 5, "cluster": "c",
    }
    limited = {**numbers, "output_limit": 6}  # the client takes that for chunker views alone
    for name, request in (("v", {}), ("v", numbers), ("v", {"manifest": manifest}),
                          ("chunks", limited)):
        view = geneva_client.open_table(name)
        path = f"/materialized_view/{name}/refresh"
        wire.sent("")
        view.refresh_async(**request)
        (theirs,) = wire.sent(path)
        body, _ = ours(wire, path, "refresh", id=[name], **request)
        assert body == theirs[0]
        validated(models.RefreshMaterializedViewRequest, body)


def test_column_bodies_equal_the_real_client_s(wire, geneva_client):
    from geneva import udf

    @udf(data_type=pa.int64(), field_metadata={"a": "b"})
    def length(text: str) -> int:
        return len(text)

    table = geneva_client.open_table("docs")
    wire.sent("")
    table.add_columns({"length": length})
    (theirs,) = wire.sent("/add_columns")
    (entry,) = theirs[0]["new_columns"]
    request = {"id": ["docs"], "name": "length", "virtual_column": entry["virtual_column"]}
    body, _ = ours(wire, "/add_columns", "add_columns", **request)
    assert body == theirs[0]
    validated(models.AlterTableAddColumnsRequest, body)

    table.alter_columns({"path": "text", "rename": "words"})
    (theirs,) = wire.sent("/alter_columns")
    body, _ = ours(
        wire, "/alter_columns", "alter_columns", id=["docs"], name="text", rename="words"
    )
    assert body == theirs[0]
    validated(models.AlterTableAlterColumnsRequest, body)


def test_queries_of_jobs_equal_the_real_client_s(wire, geneva_client):
    geneva_client.list_jobs(table_name="docs", status="PENDING")
    theirs, their_headers = wire.sent("geneva_jobs/query")[-1]
    wire.ask("jobs", table="docs", status="PENDING")
    mine, my_headers = wire.sent("geneva_jobs/query")[0]
    assert mine["k"] == 16001 and "version" not in mine
    columns = mine["columns"]["column_names"]
    assert "job_id" in columns and "metrics" not in columns
    for name in ("k", "columns"):  # theirs: ten rows, every column
        mine.pop(name, None)
        theirs.pop(name, None)
    assert mine.pop("filter").lower() == theirs.pop("filter").lower().replace("==", "=")
    assert mine == theirs
    # A record of a moment ago must be seen: both ask for that.
    assert moment(their_headers)
    assert moment(my_headers)
    wire.ask("find_job", job_id="nobody")
    assert moment(wire.sent("geneva_jobs/query")[-1][1])


def test_tables_are_read_as_they_are(wire):
    answer = wire.ask("describe", id=["docs"])["ok"]
    assert answer["rows"] == 5
    assert answer["types"]["emb"] == "fixed_size_list<float, 2>"
    assert wire.ask("query", id=["docs"], columns=["id", "text"], filter="id > 2")["ok"] == [
        {"id": 3, "text": "d"},
        {"id": 4, "text": "e"},
    ]
    assert wire.ask("count", id=["docs"], filter="id > 2")["ok"] == 2
    assert "docs" in wire.ask("list", id=[])["ok"]
    assert wire.ask("capabilities")["ok"] == {"local": False}
    missing = wire.ask("describe", id=["nope"])["error"]
    assert (missing["kind"], missing["api_code"]) == ("not_found", 4)


def test_records_of_both_clients_stand_in_one_table(wire, geneva_client):
    job = geneva_client.open_table("docs").backfill_async("emb")
    theirs = wire.ask("find_job", job_id=job.job_id)["ok"]
    assert wire.ask("pending", job_id="of-ours")["ok"] is True
    mine = wire.ask("find_job", job_id="of-ours")["ok"]
    for record in (theirs, mine):
        for name in ("id", "launched_at", "launched_by"):
            record.pop(name)
    assert mine == theirs
    read = [j for j in geneva_client.list_jobs(table_name="docs") if j.job_id == "of-ours"]
    assert [(j.status, j.launched_by, j.metrics, j.config) for j in read] == [
        ("PENDING", "ada", [], "{}")
    ]


def test_a_record_that_is_there_stays_as_it_is(wire, geneva_client):
    from geneva.jobs.jobs import JobStateManager

    assert wire.ask("pending", job_id="twice")["ok"] is True
    JobStateManager(geneva_client).set_running("twice")
    assert wire.ask("pending", job_id="twice")["ok"] is True
    assert wire.ask("find_job", job_id="twice")["ok"]["status"] == "RUNNING"
    found = wire.ask("jobs", table="docs", status="RUNNING", since="2026-11-22T09:30:00.25Z")["ok"]
    assert [job["id"] for job in found] == ["twice"]
    assert wire.ask("jobs", status="RUNNING", since="2026-11-22T09:30:00.250001Z")["ok"] == []


def test_manifests_and_errors_of_the_real_client_are_read(wire, geneva_client):
    from geneva.manifest import GenevaManifest
    from geneva.manifest.mgr import ManifestConfigManager

    assert wire.ask("manifest", name="it's")["ok"] is None
    assert wire.ask("errors", job_id="nobody")["ok"] == []
    manifest = GenevaManifest.create_pip("it's").pip(["a==1"]).env_vars({"A": "é"}).build()
    ManifestConfigManager(geneva_client).upsert(manifest)
    answer = wire.ask("manifest", name="it's")["ok"]
    assert answer["name"] == "it's"
    assert answer["json"] == manifest.to_json()
    assert answer["checksum"] == manifest.checksum
