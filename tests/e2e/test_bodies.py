# SPDX-License-Identifier: Apache-2.0
"""Whole commands send what the real client sends for the same transform, field by field. A proxy
between the clients and the deployment keeps the requests; it answers a backfill itself, so that no
job starts.
"""

import base64
import contextlib
import http.client
import http.server
import json
import sys
import threading
import urllib.parse

import geneva
import lance_namespace_urllib3_client.models as models
import pyarrow as pa
import pytest
from conftest import Database


class Recorder(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _forward(self, body):
        if self.path.startswith("/v1/table/docs/backfill_column"):
            return 202, "application/json", b'{"job_id":"of-the-proxy"}'
        connection = http.client.HTTPConnection("127.0.0.1", self.server.upstream)
        headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
        connection.request(self.command, self.path, body, headers)
        with contextlib.closing(connection), connection.getresponse() as response:
            kind = response.getheader("content-type") or "application/octet-stream"
            return response.status, kind, response.read()

    def do_POST(self):
        """Any method."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.kept.append((self.path, self.headers, body))
        status, kind, answer = self._forward(body)
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture(scope="module")
def recorder(deployment):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    server.upstream = urllib.parse.urlsplit(deployment["LANCEDB_URI"]).port
    server.kept = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def two(deployment, recorder, user, monkeypatch):
    """Two databases with the same table, reached through the proxy: ours and theirs."""
    through = {**deployment, "LANCEDB_URI": f"http://127.0.0.1:{recorder.server_address[1]}"}
    monkeypatch.setitem(user.environment, "LANCEDB_URI", through["LANCEDB_URI"])
    monkeypatch.syspath_prepend(str(user.work))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return Database(through, user), Database(through, user)


def sent(recorder, operation):
    """The one request of an operation since the last call: body and headers."""
    found = [(h, b) for path, h, b in recorder.kept if f"/table/docs/{operation}?" in path]
    recorder.kept.clear()
    assert len(found) == 1, found
    return json.loads(found[0][1]), found[0][0]


def validated(model, body):
    """The body, after the API's model has taken it and knows each of its members."""
    parsed = model.from_dict(body)
    assert set(body) <= {field.alias or name for name, field in type(parsed).model_fields.items()}
    return body


def without_pickle(body):
    """The body with the payload opened, the bytes of the pickle and our own metadata taken out."""
    entry = body.get("new_columns", body.get("alterations"))[0]["virtual_column"]
    metadata = entry.get("field_metadata") or {}
    ours = [key for key in metadata if key.startswith("genevactl.")]
    for key in ours:
        del metadata[key]
    if ours and not metadata:
        del entry["field_metadata"]
    payload = json.loads(base64.b64decode(entry["udf"]))
    assert payload.pop("udf_pickle") and payload.pop("udf_checksum")
    entry["udf"] = payload
    return body


def test_column_add_and_alter(two, recorder, cows):
    from features import cow, words
    from geneva import udf
    from geneva.manifest import GenevaManifest

    ours, theirs = two
    manifest = GenevaManifest.create_pip("cows").pip(["cowsay==6.1"]).build()
    pinned = udf(words, data_type=cow.data_type, num_cpus=0.1, manifest=manifest)
    recorder.kept.clear()

    theirs.table.add_columns({"c": pinned})
    expected, _ = sent(recorder, "add_columns")
    ours.do("column", "add", "docs", "c", "features:cow", "--manifest", cows)
    body, headers = sent(recorder, "add_columns")
    assert headers["x-lancedb-database"] == ours.name
    validated(models.AlterTableAddColumnsRequest, body)
    assert {"genevactl.identity", "genevactl.registered"} <= set(
        body["new_columns"][0]["virtual_column"]["field_metadata"]
    )
    assert without_pickle(body) == without_pickle(expected)

    theirs.table.alter_columns({"path": "c", "udf": cow})
    expected, _ = sent(recorder, "alter_columns")
    ours.do("column", "alter", "docs", "c", "features:cow")
    body, _ = sent(recorder, "alter_columns")
    validated(models.AlterTableAlterColumnsRequest, body)
    assert without_pickle(body) == without_pickle(expected)


def test_inputs_are_sent_in_the_spelling_of_the_table(two, recorder):
    from features import loud

    ours, theirs = two
    recorder.kept.clear()
    theirs.table.add_columns({"l": loud})
    expected, _ = sent(recorder, "add_columns")
    ours.do("column", "add", "docs", "l", "features:loud")
    body, _ = sent(recorder, "add_columns")
    assert body["new_columns"][0]["virtual_column"]["input_columns"] == ["id"]
    assert without_pickle(body) == without_pickle(expected)
    theirs.table.alter_columns({"path": "l", "udf": loud})
    expected, _ = sent(recorder, "alter_columns")
    ours.do("column", "alter", "docs", "l", "features:loud")
    body, _ = sent(recorder, "alter_columns")
    assert without_pickle(body) == without_pickle(expected)


def without_group(body):
    """The body without the name of the group, which goes with the pickle's bytes."""
    outputs = body["new_columns"][0]["virtual_column"]["outputs"]
    groups = [output["metadata"].pop("virtual_column.unpack_group") for output in outputs]
    assert len(groups) > 1 and len(set(groups)) == 1 and groups[0]
    return body


def test_several_outputs_are_one_registration(two, recorder):
    from features import sizes

    ours, theirs = two
    recorder.kept.clear()
    theirs.table.add_columns(sizes)
    expected, _ = sent(recorder, "add_columns")
    ours.do("column", "add", "docs", "-", "features:sizes")
    body, _ = sent(recorder, "add_columns")
    validated(models.AlterTableAddColumnsRequest, body)
    assert without_group(without_pickle(body)) == without_group(without_pickle(expected))
    for name, sibling in (("letters", "upper"), ("upper", "letters")):
        shown = ours.do("column", "show", "docs", name, "-o", "json").json()
        assert shown["computed"]["siblings"] == [sibling]
        listed = theirs.run("column", "show", "docs", name, "-o", "json").json()
        assert listed["computed"]["siblings"] == [sibling]
    recorder.kept.clear()
    ran = ours.run("column", "alter", "docs", "upper", "features:cow")
    assert ran.code == 6 and "upper, letters" in ran.err
    ran = ours.run("column", "add", "docs", "x", "features:sizes")
    assert ran.code == 2 and "letters, upper" in ran.err and "write -" in ran.err
    ran = ours.run("column", "add", "docs", "-", "features:double")
    assert ran.code == 2 and "needs a column name" in ran.err
    assert not any("_columns?" in path for path, _, _ in recorder.kept)


def test_dropped_columns_are_gone_for_the_real_client(two, recorder):
    ours, _ = two
    ours.do("column", "add", "docs", "n", "features:double")
    ours.do("column", "add", "docs", "-", "features:sizes")
    recorder.kept.clear()
    refused = ours.run("column", "drop", "docs", "id")
    assert refused.code == 2 and "n reads what is dropped" in refused.err, refused
    alone = ours.run("column", "drop", "docs", "upper", "--yes")
    assert alone.code == 6 and "letters" in alone.err, alone
    assert not any("/drop_columns?" in path for path, _, _ in recorder.kept)
    dropped = ours.do("column", "drop", "docs", "upper", "letters", "n", "--yes", "-o", "json")
    body, _ = sent(recorder, "drop_columns")
    validated(models.AlterTableDropColumnsRequest, body)
    assert body == {"id": ["docs"], "columns": ["upper", "letters", "n"]}
    table = ours.client.open_table("docs")
    assert table.schema.names == ["id", "text", "folder"]
    assert dropped.json()["version"] == table.version


def view_sent(recorder):
    """The one request that made a view since the last call: body, transform's spec and schema."""
    found = [body for path, _, body in recorder.kept if "/materialized_view/" in path]
    recorder.kept.clear()
    assert len(found) == 1, found
    body = validated(models.CreateMaterializedViewRequest, json.loads(found[0]))
    schema = pa.ipc.read_schema(pa.BufferReader(base64.b64decode(body.pop("output_schema"))))
    entry, spec = body["udtf_spec"], None
    if entry is not None:
        spec = json.loads(base64.b64decode(entry.pop("udtf")))
        assert entry.pop("udtf_sha") and spec.pop(f"{body['kind']}_payload")
    query = json.loads(body.pop("source_query"))
    assert query.pop("source_db_uri").startswith("db://")  # each has a database of their own
    return body, query, spec, schema


def test_views_of_every_kind(two, recorder, cows):
    from geneva.manifest import GenevaManifest
    from row_makers import WORDS, count, split

    ours, theirs = two
    recorder.kept.clear()
    docs = theirs.client.open_table("docs").search(None)
    theirs.client.create_materialized_view("v", docs.select(["id", "text"]).where("id > 2"))
    expected = view_sent(recorder)
    create = ("view", "create", "v", "--source", "docs")
    ours.do(*create, "--query", "--select", "id,text", "--where", "id > 2")
    assert view_sent(recorder) == expected
    made = theirs.client.open_table("v"), ours.client.open_table("v")
    assert made[0].schema.remove_metadata() == made[1].schema.remove_metadata()

    manifest = GenevaManifest.create_pip("cows").pip(["cowsay==6.1"]).build()
    pinned = geneva.chunker(split.func, output_schema=WORDS, num_cpus=0.1, manifest=manifest)
    docs = theirs.client.open_table("docs").search(None)
    theirs.client.create_udtf_view("c", docs.select({"id": "id", "text": "text"}), pinned)
    *expected, schema = view_sent(recorder)
    ran = ours.do(
        "view", "create", "c", "--source", "docs", "--select", "id", "--select", "text=text",
        "--chunker", "row_makers:split", "--manifest", cows, "-o", "json",
    )
    *body, found = view_sent(recorder)
    expected[1]["base"]["columns"] = ["id", "text"]  # the same columns, all of them plain
    assert body == expected and found.remove_metadata() == schema
    ours_alone = ("genevactl.identity", "genevactl.registered", "genevactl.target")
    assert sorted(found.metadata) == [key.encode() for key in ours_alone]
    assert ran.json()["identity_kept"] is True and ran.json()["pinned_version"] is None

    theirs.client.create_udtf_view("t", theirs.client.open_table("docs").search(None), count)
    *expected, schema = view_sent(recorder)
    ours.do("view", "create", "t", "--source", "docs", "--udtf", "row_makers:count")
    *body, found = view_sent(recorder)
    assert body == expected and found.remove_metadata() == schema


def test_a_view_is_made_anew_and_dropped(two, recorder, cows):
    ours, _ = two
    create = ("--source", "docs", "--select", "id,text", "--chunker", "row_makers:split")
    ours.do("view", "create", "c", *create)
    before = ours.client.open_table("c").schema.metadata
    refused = ours.run("view", "recreate", "c", "--chunker", "row_makers:split")
    assert refused.code == 2 and "have to be rebuilt" in refused.err, refused
    words = ("--chunker", "row_makers:split", "--manifest", cows, "--where", "id > 5", "--yes")
    ours.do("view", "recreate", "c", *words)
    after = ours.client.open_table("c").schema.metadata
    assert b"geneva::view::manifest" not in before and b"cows" in after[b"geneva::view::manifest"]
    assert json.loads(after[b"geneva::view::query"])["base"]["filter"] == "id > 5"
    # Without a change: the pickle that is there, to the letter.
    ours.do("view", "recreate", "c", "--yes")
    again = ours.client.open_table("c").schema.metadata
    for key in ("query", "chunker", "manifest", "manifest_checksum"):
        assert again[f"geneva::view::{key}".encode()] == after[f"geneva::view::{key}".encode()]
    assert again[b"genevactl.identity"] == after[b"genevactl.identity"]
    assert sorted(ours.client.table_names()) == ["c", "docs"]
    assert ours.run("view", "drop", "docs", "--yes").code == 2
    ours.do("view", "drop", "c", "--yes")
    assert list(ours.client.table_names()) == ["docs"]


def test_backfill(two, recorder):
    from features import double

    ours, theirs = two
    theirs.table.add_columns({"n": double})
    ours.do("column", "add", "docs", "n", "features:double")
    options = {
        "where": "id > 3", "concurrency": 2, "task_size": 5, "num_frags": 1, "checkpoint_size": 4,
        "min_checkpoint_size": 2, "max_checkpoint_size": 8, "commit_granularity": 1,
        "intra_applier_concurrency": 2, "read_version": 1,
    }
    words = [w for k, v in options.items() for w in ("--" + k.replace("_", "-"), str(v))]
    options["batch_checkpoint_flush_interval_seconds"] = 7.5
    words += ["--checkpoint-flush-interval", "7500ms"]
    for keywords, flags in (({}, []), (options, words)):
        recorder.kept.clear()
        theirs.client.open_table("docs").backfill_async("n", **keywords)
        expected, their_headers = sent(recorder, "backfill_column")
        ours.do("backfill", "docs", "n", "--detach", "--new", *flags)
        body, headers = sent(recorder, "backfill_column")
        validated(models.AlterTableBackfillColumnsRequest, body)
        assert body == expected
        name = "x-lancedb-min-read-version"
        assert headers[name] == their_headers[name]
