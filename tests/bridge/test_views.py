# SPDX-License-Identifier: Apache-2.0
"""Field by field, what makes a view is what the real client sends for the same one."""

import base64
import json
import sys

import pyarrow as pa
import pytest
from conftest import HERE, MODULES, run_python
from lance_namespace_urllib3_client.models import CreateMaterializedViewRequest

sys.path.insert(0, str(MODULES))
import tables  # noqa: E402

SQL = {"id": "id", "n": "length(text)", "lang": "meta.lang", "up": "upper(text)"}
# name -> (transform, columns, filter)
VIEWS = {
    "query": (None, ["id", "text"], "id > 2"),
    "query of everything": (None, None, None),
    "query with expressions": (None, SQL, "text like '%a%'"),
    "query of an odd name": (None, ["Odd name", "vector"], None),
    "chunker": ("features:words", ["id", "text"], None),
    "chunker of everything but": ("features:lonely_words", ["id", "text", "meta"], "id = 1"),
    "chunker, pinned": ("features:pinned_words", {"text": "text", "n": "id + 1"}, None),
    "udtf": ("features:table_function", None, "id > 0"),
    "udtf, pinned": ("features:pinned_table", ["id", "text"], None),
}


def schema_text(schema):
    return base64.b64encode(schema.serialize()).decode()


def view(kind, columns=None, where=None, **more):
    select = dict.fromkeys(columns) if isinstance(columns, list) else columns
    if isinstance(columns, dict):
        select = {name: None if name == text else text for name, text in columns.items()}
    return {
        "kind": kind, "source": "source", "database": "tests", "where": where, "select": select,
        "schema": schema_text(tables.SCHEMA), **more,
    }


def kind_of(name):
    return name.replace(",", "").split()[0]


def requests():
    return [
        {"action": "view", "target": target, "view": view(kind_of(name), columns, where)}
        for name, (target, columns, where) in VIEWS.items()
    ]


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    answer = tmp_path_factory.mktemp("client") / "sent.json"
    work = {"adds": [], "alters": [], "views": list(VIEWS.values())}
    done = run_python(HERE / "client.py", work, answer, MODULES)
    assert done.returncode == 0, done.stderr
    return dict(zip(VIEWS, json.loads(answer.read_text())["views"]))


@pytest.fixture(scope="module")
def made(ask_many):
    return dict(zip(VIEWS, ask_many(MODULES, requests())))


def read_schema(encoded):
    return pa.ipc.read_schema(pa.BufferReader(base64.b64decode(encoded)))


def without_pickle(entry):
    """A udtf_spec without what differs between two pickles of one transform."""
    spec = json.loads(base64.b64decode(entry["udtf"]))
    assert spec.pop(f"{entry['kind']}_payload")
    return {**entry, "udtf": spec, "udtf_sha": ""}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_made_as_the_client_makes_it(name, sent, made):
    theirs, ours = sent[name], made[name]
    assert "error" not in theirs and "error" not in ours, (theirs, ours)
    ours = ours["view"]
    assert ours["kind"] == theirs["kind"] == kind_of(name)
    assert ours["source_query"] == theirs["source_query"]
    schema, expected = read_schema(ours["output_schema"]), read_schema(theirs["output_schema"])
    metadata = dict(schema.metadata or {})
    assert metadata.pop(b"genevactl.identity", b"v1:").startswith(b"v1:")
    assert metadata.pop(b"genevactl.target", b"") == (VIEWS[name][0] or "").encode()
    assert schema.with_metadata(metadata).equals(expected, check_metadata=True)
    if theirs["udtf_spec"] is None:
        assert ours["udtf_spec"] is None
        return
    assert without_pickle(ours["udtf_spec"]) == without_pickle(theirs["udtf_spec"])


@pytest.mark.parametrize("name", VIEWS)
def test_the_official_model_takes_it(name, made):
    body = {"id": ["v"], **made[name]["view"], "with_no_data": True, "auto_refresh": False}
    del body["columns"]
    model = CreateMaterializedViewRequest.model_validate(body)
    assert model.kind == kind_of(name)


def test_the_identity_of_the_transform_goes_along(made, ask_many):
    targets = {name: target for name, (target, *_) in VIEWS.items() if target}
    asked = [{"action": "inspect", "target": target} for target in targets.values()]
    for name, inspected in zip(targets, ask_many(MODULES, asked)):
        metadata = read_schema(made[name]["view"]["output_schema"]).metadata
        kept = metadata[b"genevactl.identity"].decode()
        assert kept == made[name]["identity"] == inspected["identity"]


def test_what_is_remembered_beside_it(ask_many):
    remembered = {"genevactl.registered": "2026-11-22T09:20:00Z"}
    request = {"action": "view", "view": view("query", schema_metadata=remembered)}
    answer = ask_many(MODULES, [request])[0]
    assert read_schema(answer["view"]["output_schema"]).metadata == {
        b"genevactl.registered": b"2026-11-22T09:20:00Z"
    }
    assert {"column": "at", "data_type": {"type": "timestamp[ms, tz=UTC]"}} in answer["view"][
        "columns"
    ]


def test_a_given_manifest_and_a_given_partition(ask_many):
    from geneva.manifest import GenevaManifest

    manifest = GenevaManifest.create_pip("given").pip(["cowsay==6.1"]).build()
    given = {"json": manifest.to_json(), "checksum": manifest.compute_checksum()}
    target = "features:table_function"
    request = {
        "action": "view", "target": target, "manifest": given,
        "view": view("udtf", partition_by="text"),
    }
    plain = {"action": "view", "target": target, "view": view("udtf")}
    # Where the decorator pins one, a manifest that is only to fall back to does not count.
    falls_back = [
        {"action": "view", "target": name, "view": view("udtf", ["id", "text"], manifest=given)}
        for name in ("features:pinned_table", "features:table_function")
    ]
    own, back, other, answer = ask_many(MODULES, [falls_back[0], falls_back[1], plain, request])
    assert "pinned-" in own["view"]["udtf_spec"]["manifest"]
    assert own["manifest"]["name"] == "pinned-é"
    assert back["view"]["udtf_spec"]["manifest_checksum"] == given["checksum"]
    entry = answer["view"]["udtf_spec"]
    assert (entry["manifest"], entry["manifest_checksum"]) == (given["json"], given["checksum"])
    assert entry["partition_by"] == "text"
    spec = json.loads(base64.b64decode(entry["udtf"]))
    assert (spec["partition_by"], spec["manifest"]) == ("text", given["json"])
    # A project file compares the partition by itself, beside the transform's identity.
    assert answer["parameters"]["partition_by"] == "text"
    assert answer["identity"] == other["identity"]


def test_a_view_is_made_again_from_what_is_kept_of_it(made, ask_many):
    names = ("chunker, pinned", "udtf", "query")
    asked = []
    for name in names:
        before = made[name]["view"]
        entry = before["udtf_spec"] or {}
        kept = base64.b64decode(entry["udtf"]).decode() if entry else None
        pinned = None
        if entry.get("manifest"):
            pinned = {"json": entry["manifest"], "checksum": entry["manifest_checksum"]}
        schema = read_schema(before["output_schema"])
        stored = schema.with_metadata({**(schema.metadata or {}), "geneva::view::query": "{}"})
        request = {
            "kind": before["kind"], "query": before["source_query"], "kept": kept,
            "manifest": pinned, "schema": schema_text(stored),
            "schema_metadata": {"genevactl.identity": "v1:kept"},
        }
        asked.append({"action": "view", "view": request})
    for name, answer in zip(names, ask_many(MODULES, asked)):
        again, before = answer["view"], made[name]["view"]
        entry, schema = before["udtf_spec"] or {}, read_schema(before["output_schema"])
        assert again["source_query"] == before["source_query"]
        assert read_schema(again["output_schema"]).equals(schema.remove_metadata())
        assert read_schema(again["output_schema"]).metadata == {b"genevactl.identity": b"v1:kept"}
        lost = ("num_cpus", "num_gpus", "memory")  # nothing keeps these beside the pickle
        expected = {**entry, **dict.fromkeys(lost)} if entry else None
        assert again["udtf_spec"] == expected


REFUSED = [
    ("features:words", view("udtf"), "usage", "is a chunker, not a udtf"),
    ("features:plain", view("chunker"), "usage", "is a udf: it computes a column"),
    ("features:words", view("chunker", ["id"]), "inputs", "reads 'text', which is not among what"),
    ("features:table_function", view("udtf", partition_by="txt"), "inputs", "did you mean text?"),
    ("features:words", view("chunker", where="nope = 1"), "query", "--where does not fit source"),
    ("", view("query", {"x": "nope(1)"}), "query", "--select x=nope(1) does not fit"),
    ("features:words", view("chunker"), "query", "two columns 'at'"),
    ("features:pinned_words", view("chunker", partition_by="id"), "usage", "is no udtf"),
    ("", view("table"), "usage", "not a view"),
    ("", {"kind": "query", "source": "s", "schema": "AAAA"}, "usage", "no Arrow IPC"),
]


def test_what_cannot_be_meant(ask_many):
    asked = [{"action": "view", "target": target, "view": of} for target, of, _, _ in REFUSED]
    for answer, (_, _, kind, says) in zip(ask_many(MODULES, asked), REFUSED):
        error = answer["error"]
        assert error["kind"] == kind and says in error["message"] + error["hint"], error


def test_a_source_with_blobs(ask_many):
    import lance

    # What a query answers of such a column: a descriptor, of which the client sees nothing.
    descriptor = pa.field("b", pa.struct([("kind", pa.uint8()), ("position", pa.uint64())]))
    schema = pa.schema([("id", pa.int64()), descriptor])
    request = {**view("query", ["b"]), "schema": schema_text(schema), "blobs": ["b"]}
    answer = ask_many(MODULES, [{"action": "view", "view": request}])[0]
    field = read_schema(answer["view"]["output_schema"]).field("b")
    assert field.type == pa.large_binary() and lance.blob_field("b").type != field.type
