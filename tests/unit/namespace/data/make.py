# SPDX-License-Identifier: Apache-2.0
"""Makes the fixtures beside it: python make.py (geneva 0.17, pylance 14 and pyarrow).

The *.arrow files named after a table are the bodies of real answers of the namespace API's server
(lance.namespace.RestAdapter) to a query; the others are written by pyarrow, for what that server
does not send.
"""

import datetime
import decimal
import io
import json
import pathlib
import tempfile
import urllib.request

import lance
import lance.namespace
import pyarrow as pa

HERE = pathlib.Path(__file__).parent
TIME = datetime.datetime(2026, 11, 22, 9, 30, 0, 250000)
UTC = pa.timestamp("us", "UTC")
TEXTS = pa.list_(pa.string())

# The schema of __system/geneva_jobs as geneva 0.17 creates it.
JOBS = pa.schema(
    [
        pa.field("table_name", pa.string(), False),
        pa.field("column_name", pa.string(), False),
        pa.field("job_id", pa.string(), False),
        pa.field("job_type", pa.string(), False),
        pa.field("object_ref", pa.string()),
        pa.field("status", pa.string(), False),
        pa.field("launched_at", UTC, False),
        pa.field("completed_at", UTC),
        pa.field("config", pa.string(), False),
        pa.field("launched_by", pa.string()),
        pa.field("manifest_id", pa.string()),
        pa.field("manifest_checksum", pa.string()),
        pa.field("metrics", TEXTS),
        pa.field("events", TEXTS),
        pa.field("updated_at", UTC),
        pa.field("cluster_name", pa.string()),
        pa.field("input_columns", TEXTS),
        pa.field("output_columns", TEXTS),
    ]
)


def job(number, status, **more):
    """A row of the jobs table, with what the engine writes."""
    row = dict.fromkeys(JOBS.names)
    row.update(
        table_name="docs", column_name="embedding", job_id=f"job-{number}", job_type="BACKFILL",
        status=status, launched_at=TIME, updated_at=TIME, config="{}", launched_by="ada",
        metrics=[], events=[], input_columns=["text"], output_columns=["embedding"],
    )
    return {**row, **more}


# The schema of __system/geneva_errors as geneva 0.17 creates it.
ERRORS = pa.schema(
    [
        pa.field("error_id", pa.string(), False),
        pa.field("error_type", pa.string(), False),
        pa.field("error_message", pa.string(), False),
        pa.field("error_trace", pa.string(), False),
        pa.field("job_id", pa.string(), False),
        pa.field("table_uri", pa.string(), False),
        pa.field("table_name", pa.string(), False),
        pa.field("table_version", pa.int64()),
        pa.field("column_name", pa.string(), False),
        pa.field("udf_name", pa.string(), False),
        pa.field("udf_version", pa.string(), False),
        pa.field("input_columns", TEXTS),
        pa.field("output_columns", TEXTS),
        pa.field("actor_id", pa.string()),
        pa.field("fragment_id", pa.int64()),
        pa.field("batch_index", pa.int64(), False),
        pa.field("row_address", pa.int64()),
        pa.field("attempt", pa.int64(), False),
        pa.field("max_attempts", pa.int64(), False),
        pa.field("bisect_depth", pa.int64()),
        pa.field("timestamp", UTC, False),
    ]
)


def failure(row_address):
    """A row of the errors table."""
    row = {field.name: "" if field.type == pa.string() else None for field in ERRORS}
    row.update(
        error_type="ValueError", error_message="no such word", error_trace="Traceback",
        job_id="job-3", table_name="docs", column_name="embedding", row_address=row_address,
        batch_index=0, attempt=1, max_attempts=1, timestamp=TIME,
    )
    return row


def failures(addresses):
    """What is read of the failures of a job: where, and why."""
    count = len(addresses)
    return pa.table(
        {
            "row_address": pa.array(addresses, pa.int64()),
            "error_type": ["ValueError"] * count,
            "error_message": ["no such word"] * count,
        }
    )


METRIC = {"name": "rows_checkpointed", "n": 40, "total": 100, "done": False, "desc": "Rows"}
TABLES = {
    "errors": pa.Table.from_pylist([failure(4), failure(None)], ERRORS),
    "failed_rows": failures([8, 3, 8, None, (1 << 32) + 6]),
    "failed_batch": failures([None, None]),
    "jobs": pa.Table.from_pylist(
        [
            job(1, "PENDING"),
            job(2, "RUNNING", metrics=[json.dumps(METRIC)], events=["started"]),
            job(3, "FAILED", events=["started", "ValueError: no"], metrics=["{broken", "[]"]),
            job(4, "DONE", completed_at=TIME, column_name="<refresh>", metrics=None, events=None),
        ],
        JOBS,
    ),
    "small": pa.table({"t": ["a", None], "n": pa.array([["x", None], []], TEXTS)}),
    "none": pa.table({"t": pa.array([], pa.string())}),
    "nulls": pa.table({"n": pa.nulls(3)}),
    "dictionary": pa.table({"d": pa.array(["b", None, "a", "b"]).dictionary_encode()}),
    "types": pa.table(
        {
            "bool": pa.array([True, None]),
            "int8": pa.array([-1, None], pa.int8()),
            "uint8": pa.array([255, None], pa.uint8()),
            "int16": pa.array([-300, None], pa.int16()),
            "uint16": pa.array([65535, None], pa.uint16()),
            "int32": pa.array([-70000, None], pa.int32()),
            "uint32": pa.array([4294967295, None], pa.uint32()),
            "int64": pa.array([-9223372036854775808, None], pa.int64()),
            "uint64": pa.array([18446744073709551615, None], pa.uint64()),
            "half": pa.array([1.5, None], pa.float16()),
            "float": pa.array([0.1, None], pa.float32()),
            "double": pa.array([0.1, None], pa.float64()),
            "nan": pa.array([float("nan"), float("-inf")], pa.float64()),
            "text": pa.array(['é"\n', None], pa.string()),
            "large_text": pa.array(["big", None], pa.large_string()),
            "bytes": pa.array([b"\x00\xff", None], pa.binary()),
            "large_bytes": pa.array([b"x", None], pa.large_binary()),
            "three": pa.array([b"abc", None], pa.binary(3)),
            "date32": pa.array([TIME.date(), None], pa.date32()),
            "date64": pa.array([TIME.date(), None], pa.date64()),
            "time_s": pa.array([datetime.time(1, 2, 3), None], pa.time32("s")),
            "time_us": pa.array([datetime.time(1, 2, 3, 40), None], pa.time64("us")),
            "seconds": pa.array([TIME.replace(microsecond=0), None], pa.timestamp("s")),
            "micros": pa.array([TIME, None], UTC),
            "nanos": pa.array([TIME, None], pa.timestamp("ns")),
            "before": pa.array([datetime.datetime(1969, 12, 31, 23, 59, 59, 500000), None], UTC),
            "berlin": pa.array([TIME, None], pa.timestamp("ms", "Europe/Berlin")),
            "duration": pa.array([datetime.timedelta(seconds=1), None], pa.duration("us")),
            "decimal": pa.array([decimal.Decimal("-1.05"), None], pa.decimal128(10, 2)),
            "decimal256": pa.array([decimal.Decimal("123.456"), None], pa.decimal256(50, 3)),
            "list": pa.array([["a", None], None], TEXTS),
            "large_list": pa.array([[1, 2], []], pa.large_list(pa.int32())),
            "vector": pa.array([[0.5, 2.0], None], pa.list_(pa.float32(), 2)),
            "struct": pa.array(
                [{"x": 1, "y": ["q"]}, {"x": 2, "y": None}],
                pa.struct([pa.field("x", pa.int64(), False), pa.field("y", TEXTS)]),
            ),
            "structs": pa.array([[{"k": "v"}], []], pa.list_(pa.struct([("k", pa.string())]))),
            "map": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int32())),
        }
    ),
}


def answer(port, name, parents=()):
    """The body of the server's answer to a query of a whole table."""
    parts = [*parents, name]
    body = {"id": parts, "k": 100, "vector": {"single_vector": []}}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/table/{'%24'.join(parts)}/query?delimiter=%24",
        json.dumps(body).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        return response.read()


def from_server():
    """Every table through the real server."""
    with tempfile.TemporaryDirectory() as root:
        for name, table in TABLES.items():
            lance.write_dataset(table, f"{root}/{name}.lance")
        with lance.namespace.RestAdapter("dir", {"root": root}, host="127.0.0.1", port=0) as server:
            for name in TABLES:
                (HERE / f"{name}.arrow").write_bytes(answer(server.port, name))


def from_geneva():
    """The manifests table as the real client writes and reads it: geneva 0.17."""
    import geneva
    from geneva.manifest import GenevaManifest
    from geneva.manifest.mgr import ManifestConfigManager

    manifest = GenevaManifest.create_pip("mani").pip(["numpy==2.0.0"])
    manifest = manifest.env_vars({"A": "\u00e9\x7f\\u007f"}).build()
    with tempfile.TemporaryDirectory() as root:
        with lance.namespace.RestAdapter("dir", {"root": root}, host="127.0.0.1", port=0) as server:
            url = f"http://127.0.0.1:{server.port}"
            database = geneva.connect("db://x", host_override=url, api_key="k")
            ManifestConfigManager(database).upsert(manifest)
            (HERE / "manifest.json").write_text(database.list_manifests()[0].to_json())
            body = answer(server.port, "geneva_manifests", ["__system"])
            (HERE / "manifests.arrow").write_bytes(body)


def written(name, batches, new=pa.ipc.new_stream, **options):
    """Batches as pyarrow writes them."""
    out = io.BytesIO()
    with new(out, batches[0].schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        for batch in batches:
            writer.write_batch(batch)
    (HERE / name).write_bytes(out.getvalue())


def from_pyarrow():
    """What the server does not send, but another one might."""
    batches = [pa.record_batch({"t": [f"{n}"], "n": [n]}) for n in range(3)]
    written("batches.arrows", batches)
    written("batches_file.arrow", batches, pa.ipc.new_file)
    replaced = [pa.record_batch({"d": pa.array([t, None, t]).dictionary_encode()}) for t in "ab"]
    written("dictionaries.arrows", replaced)
    written("zstd.arrows", batches, compression="zstd")
    addresses = [(1 << 60) + 3 * n for n in range(3500)]
    written("many_failed_rows.arrows", [pa.record_batch({"row_address": addresses})])
    written("lz4.arrow", batches, pa.ipc.new_file, compression="lz4")
    written("view.arrows", [pa.record_batch({"v": pa.array(["x"], pa.string_view())})])
    union = pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array(["x"])])
    written("union.arrows", [pa.record_batch({"s": pa.StructArray.from_arrays([union], ["u"])})])
    rows = pa.record_batch({"title": ["a", "b c"], "length": [1, 3]})
    written("trial_rows.arrow", [rows], pa.ipc.new_file)
    results = {"__source_row_id": pa.array([0, 1, 1], pa.uint64()), "word": ["a", "b", "c"]}
    written("trial_results.arrows", [pa.record_batch(results)])
    indices = pa.DictionaryArray.from_arrays([0], pa.array([["x"]]))
    written("nested_dictionary.arrows", [pa.record_batch({"d": indices})])


if __name__ == "__main__":
    from_server()
    from_geneva()
    from_pyarrow()
