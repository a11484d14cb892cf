# SPDX-License-Identifier: Apache-2.0
"""Columns registered through the server are those that the engine registers directly."""

import base64
import json

import geneva
import lance
import pyarrow as pa
import pytest
from genevactl_local import arrow_types, field_paths, snapshots
from genevactl_local.errors import ApiError
from transforms import by_value, cow, double, manifest, unpacked


def fields(table_folder):
    schema = lance.dataset(str(table_folder)).schema
    return {f.name: (f.type, f.nullable, snapshots.metadata_of(f)) for f in schema}


def both(server, database, tmp_path, change):
    """The fields after `change(table)` through the server, and after the same on a direct
    connection.
    """
    native = geneva.connect(str(tmp_path / "native"))
    data = pa.table({"id": pa.array(range(10)), "text": [f"hello {i}" for i in range(10)]})
    change(server.table(database))
    change(native.create_table("docs", data))
    return fields(server.root / database / "docs.lance"), fields(tmp_path / "native" / "docs.lance")


CHANGES = {
    "unpinned": lambda t: t.add_columns({"c": double()}),
    "pinned": lambda t: t.add_columns({"c": cow(manifest=manifest("m", "cowsay==6.1"))}),
    "own metadata": lambda t: t.add_columns(
        {"c": double(field_metadata={"team": "ml", "virtual_column": "no"})}
    ),
    "input columns by name": lambda t: t.add_columns({"c": (double(), ["id"])}),
    "several outputs": lambda t: t.add_columns(unpacked()),
    "several outputs, pinned": lambda t: t.add_columns(
        unpacked(manifest=manifest("m", "a==1", K="V"))
    ),
    "expression": lambda t: t.add_columns({"c": "id + 1"}),
    "re-pointed": lambda t: (
        t.add_columns({"c": double(manifest=manifest("m", "a==1"), field_metadata={"old": "1"})}),
        t.alter_columns({"path": "c", "udf": double(field_metadata={"new": "2"})}),
    ),
    "re-pointed to a pin": lambda t: (
        t.add_columns({"c": double()}),
        t.alter_columns({"path": "c", "udf": double(manifest=manifest("m2", "b==1"))}),
    ),
    "plain made computed": lambda t: (
        t.add_columns({"c": "id + 1"}),
        t.alter_columns({"path": "c", "udf": double()}),
    ),
    "renamed": lambda t: (
        t.add_columns({"c": double()}),
        t.alter_columns({"path": "c", "rename": "d"}),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_same_as_native(server, database, tmp_path, name):
    ours, native = both(server, database, tmp_path, CHANGES[name])
    assert ours == native
    assert len(ours) > 2, "the change added nothing"


def test_the_stored_transform_is_the_same_file(server, database, tmp_path):
    both(server, database, tmp_path, CHANGES["pinned"])
    ours, native = server.root / database / "docs.lance/_udfs", tmp_path / "native/docs.lance/_udfs"
    assert {p.name: p.read_bytes() for p in ours.iterdir()} == {
        p.name: p.read_bytes() for p in native.iterdir()
    }


TYPES = [
    pa.null(), pa.bool_(), pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(),
    pa.uint32(),
    pa.uint64(), pa.float16(), pa.float32(), pa.float64(), pa.string(), pa.large_string(),
    pa.binary(),
    pa.large_binary(), pa.binary(7), pa.date32(), pa.date64(), pa.time32("s"), pa.time32("ms"),
    pa.time64("us"),
    pa.time64("ns"), pa.timestamp("us"), pa.timestamp("ns", tz="UTC"), pa.timestamp("s"),
    pa.duration("ms"),
    pa.list_(pa.float32(), 4), pa.list_(pa.int32()), pa.large_list(pa.string()),
    pa.list_(pa.field("it", pa.int32(), nullable=False)), pa.struct([("a", pa.int32()), ("b",
    pa.string())]),
    pa.struct([pa.field("a", pa.int32(), nullable=False)]), pa.decimal128(10, 2),
    pa.decimal256(40, 3),
    pa.dictionary(pa.int32(), pa.string()), pa.map_(pa.string(), pa.int32()), pa.string_view(),
    pa.list_(pa.struct([("a", pa.list_(pa.float32(), 2))])),
]  # fmt: skip


def test_every_type_that_the_client_can_send(server, database, tmp_path):
    def f(text):
        return None

    def change(table):
        for number, kind in enumerate(TYPES):
            table.add_columns(
                {f"c{number}": geneva.udf(by_value(f), data_type=kind, input_columns=["text"])}
            )

    ours, native = both(server, database, tmp_path, change)
    assert {n: f[:2] for n, f in ours.items()} == {n: f[:2] for n, f in native.items()}


@pytest.mark.parametrize(
    "entry",
    [
        None, {}, {"type": 1}, {"type": "int128"}, {"type": "list"}, {"type": "fixed_size_list",
        "fields": [{}]},
        {"type": "fixed_size_list", "length": -1, "fields": [{"name": "i",
        "type": {"type": "int8"}}]},
        {"type": "struct", "fields": [{"type": {"type": "int8"}}]}, {"type": "decimal128(99, 2)"},
        {"type": "map<string, strange>"}, {"type": "timestamp[ns"},
    ],
)  # fmt: skip
def test_types_that_make_no_sense(entry):
    with pytest.raises(ApiError) as error:
        arrow_types.data_type(entry, "column 'c'")
    assert int(error.value.code) == 13


def test_a_type_nested_without_end_is_refused():
    entry = {"type": "int8"}
    for _ in range(200):
        entry = {"type": "list", "fields": [{"name": "item", "type": entry}]}
    with pytest.raises(ApiError):
        arrow_types.data_type(entry, "c")


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("a", ["a"]),
        ("a.b", ["a", "b"]),
        ("`a.b`.c", ["a.b", "c"]),
        ("`a``b`", ["a`b"]),
        ("a.`b`", ["a", "b"]),
    ],
)
def test_field_paths(path, parts):
    assert field_paths.split_path(path) == parts


@pytest.mark.parametrize("path", ["", ".", "a.", ".a", "a..b", "`a", "`a`b", "``"])
def test_malformed_field_paths(path):
    with pytest.raises(ApiError):
        field_paths.split_path(path)


# -- refusals --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain(server):
    """A database with a table `docs` and a computed column `c`; never changed by these tests."""
    server.table("plain").add_columns({"c": double()})
    return "plain"


def payload(pickle=b"not a pickle", **changes):
    import hashlib

    document = {
        "image": "i",
        "tag": "t",
        "workspace_checksum": None,
        "udf_pickle": base64.b64encode(pickle).decode(),
        "udf_checksum": hashlib.sha256(pickle).hexdigest(),
        **changes,
    }
    return base64.b64encode(json.dumps(document).encode()).decode()


def entry(name="n", **changes):
    output = {"column": name, "struct_field": "", "data_type": {"type": "int64"}, "nullable": True}
    return {
        "name": name,
        "virtual_column": {
            "input_columns": ["id"],
            "outputs": [output],
            "image": "i:t",
            "udf": payload(),
            "udf_name": "f",
            "udf_version": "1",
            "udf_backend": "DockerUDFSpecV1",
            "auto_backfill": False,
            **changes,
        },
    }


def snapshot(**changes):
    base = json.loads(manifest("m", "a==1").to_json())
    return {"manifest": json.dumps({**base, "checksum": None, **changes})}


REFUSED = {
    "auto_backfill": (entry(auto_backfill=True), 406, 0, "auto_backfill"),
    "conda": (entry(**snapshot(pip=[], conda={"dependencies": ["x"]})), 406, 0, "conda"),
    "head image": (entry(**snapshot(head_image="x:1")), 406, 0, "head_image"),
    "worker image": (entry(**snapshot(worker_image="x:1")), 406, 0, "worker_image"),
    "local py_module": (entry(**snapshot(py_modules=["/x"])), 406, 0, "py_module"),
    "manifest of the future": (entry(**snapshot(gpus=3)), 406, 0, "gpus"),
    "manifest not JSON": (entry(manifest="{"), 400, 13, "JSON"),
    "manifest changed": (entry(**snapshot(checksum="0" * 64)), 400, 13, "checksum"),
    "wrong checksum": (entry(manifest_checksum="0" * 64, **snapshot()), 400, 13, "checksum"),
    "checksum alone": (entry(manifest_checksum="0" * 64), 400, 13, "without"),
    "reserved variable": (entry(**snapshot(env_vars={"GENEVA_ZIPS": "x"})), 400, 13, "GENEVA_ZIPS"),
    "zip from elsewhere": (
        entry(**snapshot(zips=[["file:///etc/x.zip"]])),
        400,
        13,
        "_geneva_uploads",
    ),
    "both kinds of requirements": (entry(**snapshot(requirements_path="/x")), 400, 13, "exclude"),
    "other backend": (entry(udf_backend="WasmV1"), 406, 0, "udf_backend"),
    "not base64": (entry(udf="%%%"), 400, 13, "base64"),
    "not a document": (entry(udf=base64.b64encode(b"[1]").decode()), 400, 13, "document"),
    "pickle changed": (entry(udf=payload(udf_checksum="0" * 64)), 400, 13, "udf_checksum"),
    "no outputs": (entry(outputs=[]), 400, 13, "outputs"),
    "unknown field": (entry(gpu=1), 400, 13, "new_columns[0].virtual_column.gpu"),
    "wrong type": (entry(input_columns="id"), 400, 13, "input_columns"),
    "exists": (entry("c"), 400, 13, "already exists"),
    "dotted": (entry("a.b"), 400, 13, "dots"),
    "computed": ({"name": "n", "computed": "id + 1"}, 406, 0, "computed"),
    "expression and transform": ({**entry(), "expression": "id"}, 400, 13, "both"),
    "bad expression": ({"name": "n", "expression": "nope + 1"}, 404, 12, "nope"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_add_refuses(server, plain, name):
    new, status, code, word = REFUSED[name]
    before = fields(server.root / plain / "docs.lance")
    answer = server.post(
        "/v1/table/docs/add_columns", {"id": ["docs"], "new_columns": [new]}, database=plain
    )
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert word in answer[1]["error"]
    assert fields(server.root / plain / "docs.lance") == before


def test_add_is_all_or_nothing(server, plain):
    before = fields(server.root / plain / "docs.lance")
    body = {"new_columns": [entry("fine"), {"name": "also", "expression": "id"}, entry("c")]}
    assert server.post("/v1/table/docs/add_columns", body, database=plain)[0] == 400
    assert fields(server.root / plain / "docs.lance") == before


def test_a_pickle_is_stored_and_never_opened(server, database):
    server.table(database)
    trap = b"cbuiltins\nexit\n(I9\ntR."  # would end any process that unpickles it
    body = {"new_columns": [entry(udf=payload(trap))]}
    assert server.post("/v1/table/docs/add_columns", body, database=database)[0] == 200
    assert server.post("/v1/table/docs/describe", {}, database=database)[0] == 200
    stored = next((server.root / database / "docs.lance/_udfs").iterdir()).read_bytes()
    assert base64.b64decode(json.loads(stored)["udf_pickle"]) == trap


@pytest.mark.parametrize(
    ("change", "status", "code", "word"),
    [
        ({"path": "nope", "rename": "x"}, 404, 12, "nope"),
        ({"path": "`c", "rename": "x"}, 400, 13, "backtick"),
        ({"path": "c", "virtual_column": {"udf": payload()}}, 400, 13, "input_columns"),
        ({"path": "c", "virtual_column": {"auto_backfill": True}}, 406, 0, "auto_backfill"),
        ({"path": "text", "virtual_column": {"manifest": "{}"}}, 400, 13, "not computed"),
        ({"path": "c", "new_name": "x"}, 400, 13, "new_name"),
        ({"path": "c", "data_type": {"type": "int128"}}, 400, 13, "int128"),
    ],
)
def test_alter_refuses(server, plain, change, status, code, word):
    body = {"id": ["docs"], "alterations": [change]}
    answer = server.post("/v1/table/docs/alter_columns", body, database=plain)
    assert (answer[0], answer[1]["code"]) == (status, code) and word in answer[1]["error"]


def test_alter_of_the_manifest_alone(server, database):
    server.table(database).add_columns({"c": double(field_metadata={"team": "ml"})})
    before = fields(server.root / database / "docs.lance")["c"][2]
    new = manifest("m", "a==1")
    change = {
        "path": "c",
        "virtual_column": {"manifest": new.to_json(), "manifest_checksum": new.checksum},
    }
    assert (
        server.post("/v1/table/docs/alter_columns", {"alterations": [change]}, database=database)[0]
        == 200
    )
    after = fields(server.root / database / "docs.lance")["c"][2]
    pins = {
        "virtual_column.manifest": new.to_json(),
        "virtual_column.manifest_checksum": new.checksum,
    }
    assert after == {**before, **pins}


def test_one_of_several_outputs_cannot_be_altered(server, database):
    table = server.table(database)
    table.add_columns(unpacked())
    body = {"alterations": [{"path": "p_head", "virtual_column": {"udf": payload()}}]}
    answer = server.post("/v1/table/docs/alter_columns", body, database=database)
    assert answer[0] == 400 and "several outputs" in answer[1]["error"]


def test_drop_with_the_real_client(server, database):
    table = server.table(database)
    table.add_columns({"c": double()})
    table.add_columns(unpacked())
    version = lance.dataset(str(server.root / database / "docs.lance")).version
    table.drop_columns(["c"])
    table.drop_columns(["p_head", "p_length"])
    found = lance.dataset(str(server.root / database / "docs.lance"))
    assert found.schema.names == ["id", "text"] and found.version == version + 2


@pytest.mark.parametrize(
    ("body", "status", "code", "word"),
    [
        ({"columns": ["nope"]}, 404, 12, "nope"),
        ({"columns": []}, 400, 13, "empty"),
        ({"columns": ["`c"]}, 400, 13, "backtick"),
        ({"columns": ["c", "p_head"]}, 400, 13, "siblings with it (p_length)"),
        ({"columns": ["c"], "branch": "b"}, 406, 0, "branches"),
        ({"columns": ["c"], "force": True}, 400, 13, "force"),
        ({}, 400, 13, "columns"),
    ],
)
def test_drop_refuses(server, body, status, code, word):
    if server.post("/v1/table/docs/exists", database="dropping")[0] != 200:
        table = server.table("dropping")
        table.add_columns({"c": double()})
        table.add_columns(unpacked())
    before = fields(server.root / "dropping" / "docs.lance")
    got, answer = server.post("/v1/table/docs/drop_columns", body, database="dropping")
    assert (got, answer["code"]) == (status, code) and word in answer["error"]
    assert fields(server.root / "dropping" / "docs.lance") == before


def test_nullable_and_type_pass_through(server, database):
    server.table(database)
    body = {"alterations": [{"path": "id", "data_type": {"type": "int32"}, "rename": "number"}]}
    assert server.post("/v1/table/docs/alter_columns", body, database=database)[0] == 200
    assert fields(server.root / database / "docs.lance")["number"][0] == pa.int32()
