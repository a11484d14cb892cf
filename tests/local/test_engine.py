# SPDX-License-Identifier: Apache-2.0
"""The real client, the real engine and a real Ray, through the server. One Ray for all of them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.error
import urllib.request

import geneva
import lance
import pyarrow as pa
import pytest
from transforms import by_value, cow, double, manifest, unpacked

pytestmark = [pytest.mark.engine, pytest.mark.seconds(840)]
SECONDS = 600


def rows(server, database, *columns, name="docs"):
    return (
        lance.dataset(str(server.root / database / f"{name}.lance"))
        .to_table(columns=list(columns))
        .to_pylist()
    )


def test_reading_never_starts_ray(engine, database):
    engine.table(database)
    engine.get("/v1/namespace/%24/table/list", database=database)
    assert engine.get("/genevactl/v1/status")[1]["ray"]["state"] in ("stopped", "running")
    if (
        engine.get("/genevactl/v1/status")[1]["jobs"] == {"running": 0, "queued": 0}
        and not engine.used
    ):
        assert engine.get("/genevactl/v1/status")[1]["ray"]["state"] == "stopped"


def test_a_pinned_column_with_the_real_client(engine, database):
    """Only the manifest brings cowsay; the client's own defaults are capped; the record is one and
    complete.
    """
    engine.used = True
    table = engine.table(database)
    pinned = manifest("cows", "cowsay==6.1")
    table.add_columns({"c": cow(manifest=pinned)})
    result = table.backfill("c")
    assert result.status == "DONE"
    values = [row["c"] for row in rows(engine, database, "c")]
    assert all(value.startswith("6.1") and f"hello {n}" in value for n, value in enumerate(values))
    record = engine.record(database, result.job_id)
    assert (record["manifest_id"], record["manifest_checksum"]) == ("cows", pinned.checksum)
    config = json.loads(record["config"])
    assert (config["manifest_origin"], config["concurrency"]) == ("@udf", 8)
    assert config["concurrency_used"] < 8 and "capped" in record["events"][0]
    assert record["completed_at"] is not None and any(
        '"rows_committed"' in m for m in record["metrics"]
    )
    connection = engine.connect(database)
    assert [job.job_id for job in connection.list_jobs()] == [result.job_id]
    assert connection.get_job(result.job_id).status == "DONE"
    assert b"ended: DONE" in engine.get(f"/genevactl/v1/job/{result.job_id}/logs")[1]
    output = engine.get(f"/genevactl/v1/job/{result.job_id}/logs?parts={{}}")[1]
    printed = {part["source"]: part["text"] for part in output["parts"]}
    assert "ended: DONE" in printed.pop("driver")
    workers = "".join(printed.values())
    assert all(workers.count(f"a cow for hello {n}\n") == 1 for n in range(10)), printed


def test_only_loopback_and_only_with_the_token(engine):
    """After the first job: Ray's API wants the token, and nothing of it listens outside."""
    status = engine.get("/genevactl/v1/status")[1]["ray"]
    assert status["state"] == "running"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(status["address"] + "/api/jobs/", timeout=30)
    assert refused.value.code == 401
    session = json.loads((engine.state / "ray.json").read_text())
    listening = subprocess.run(["ss", "-ltnpH"], capture_output=True, text=True, check=False).stdout
    from genevactl_local.processes import Session

    session.pop("boot")
    pids = Session(**session).pids()
    assert len(pids) > 4
    ours = [
        line.split()[3]
        for line in listening.splitlines()
        if any(f"pid={pid}," in line for pid in pids)
    ]
    assert ours and all(
        "127.0.0.1]:" in address or address.startswith("127.0.0.1:") for address in ours
    ), ours


def test_parameters_reach_the_engine_and_the_default_manifest_applies(engine, database, tmp_path):
    """Registered by a direct connection, filled through the server: rows, fragments, batches and
    the version of the table as asked.
    """
    calls = tmp_path / "calls"
    engine.used = True
    engine.table(database)
    native = geneva.connect(str(engine.root / database))

    def mark(id: int, text: str) -> str:
        import os

        with open(calls_path, "a") as out:
            out.write(f"{id} {text}\n")
        return f"{id} {os.environ.get('GCTL_DEFAULT')}"

    calls_path = str(calls)
    table = native.open_table("docs")
    for first in (10, 20, 30):
        table.add(pa.table({"id": range(first, first + 10), "text": ["x"] * 10}))
    table.add_columns({"m": geneva.udf(by_value(mark), data_type=pa.string(), num_cpus=0.1)})
    table.checkout_latest()
    version = table.version
    table.update(where="id = 4", values={"text": "moved to another fragment"})
    table.add(pa.table({"id": range(40, 50), "text": ["late"] * 10}))
    body = {
        "column": "m",
        "where": "id % 2 = 0",
        "num_frags": 3,
        "task_size": 5,
        "checkpoint_size": 2,
        "min_checkpoint_size": 2,
        "max_checkpoint_size": 2,
        "batch_checkpoint_flush_interval_seconds": 0,
        "commit_granularity": 1,
        "concurrency": 1,
        "intra_applier_concurrency": 1,
        "read_version": version,
    }
    before = lance.dataset(str(engine.root / database / "docs.lance")).version
    status, answer = engine.post("/v1/table/docs/backfill_column", body, database=database)
    assert status == 202
    record = engine.wait(database, answer["job_id"], seconds=SECONDS)
    assert record["status"] == "DONE", record["events"]
    filled = {row["id"]: row["m"] for row in rows(engine, database, "id", "m") if row["m"]}
    assert filled == {n: f"{n} from the deployment" for n in range(0, 30, 2) if n != 4}
    assert "4 hello 4" in calls.read_text().splitlines(), "the row as it was in read_version"
    assert record["manifest_id"] == "default-env"
    assert json.loads(record["config"]).items() >= {
        **body,
        "manifest_origin": "deployment-default",
    }.items() - {("column", "m")}
    metrics = {m["name"]: m for m in map(json.loads, record["metrics"])}
    assert metrics["tasks_completed"]["n"] == 6 and metrics["workers"]["total"] == 1
    assert metrics["avg_batch_num_rows"]["n"] <= 2
    commits = lance.dataset(str(engine.root / database / "docs.lance")).version - before
    assert commits >= 3, "commit_granularity 1 is one commit for each fragment"


def test_a_failing_transform(engine, database):
    def boom(id: int) -> int:
        raise ValueError(f"boom at {id}")

    table = engine.table(database)
    table.add_columns({"b": geneva.udf(by_value(boom), data_type=pa.int64(), num_cpus=0.1)})
    with pytest.raises(Exception, match="boom at 0"):
        table.backfill("b", concurrency=1)
    record = engine.records(database)[0]
    job_id = record["job_id"]
    record = engine.wait(database, job_id, "FAILED")
    assert "boom at 0" in record["events"][-1] and len(engine.records(database)) == 1
    errors = table.get_errors(job_id=job_id)
    assert errors and errors[0].error_type == "ValueError" and "boom" in errors[0].error_message
    assert b"boom at 0" in engine.get(f"/genevactl/v1/job/{job_id}/logs")[1]


def test_cancel_ends_the_work(engine, database, tmp_path):
    traces = tmp_path / "traces"

    def slow(id: int) -> int:
        import time

        with open(path, "a") as out:
            out.write(f"{id}\n")
        time.sleep(3)
        return id

    path = str(traces)
    table = engine.table(database, rows=200)
    table.add_columns({"s": geneva.udf(by_value(slow), data_type=pa.int64(), num_cpus=0.1)})
    job = table.backfill_async("s", concurrency=1)
    deadline = time.monotonic() + SECONDS
    while not traces.exists():
        assert time.monotonic() < deadline, engine.read_log()
        time.sleep(0.2)
    status, answer = engine.post(f"/genevactl/v1/job/{job.job_id}/cancel")
    assert (status, answer["status"]) == (200, "CANCELLED")
    record = engine.record(database, job.job_id)
    assert record["status"] == "CANCELLED" and record["completed_at"] is not None
    time.sleep(4)
    before = traces.read_text()
    time.sleep(8)
    assert traces.read_text() == before, "the transform still runs"
    assert engine.record(database, job.job_id)["status"] == "CANCELLED"


def test_a_manifest_that_cannot_be_installed(engine, database):
    table = engine.table(database)
    table.add_columns({"c": double(manifest=manifest("broken", "cowsay==0.0.0.1"))})
    job = table.backfill_async("c", concurrency=1)
    record = engine.wait(database, job.job_id, seconds=SECONDS)
    assert record["status"] == "FAILED"
    assert "manifest 'broken' could not be installed" in record["events"][-1]
    assert "cowsay==0.0.0.1" in record["events"][-1]
    assert len(engine.records(database)) == 1


def test_a_named_manifest_overrides_the_pin_and_carries_the_workspace(
    engine, database, tmp_path, monkeypatch
):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "gctl_helper.py").write_text("WORD = 'from the workspace'\n")
    monkeypatch.chdir(tmp_path / "work")

    def both(text: str) -> str:
        import cowsay
        import gctl_helper

        return f"{cowsay.__version__} {gctl_helper.WORD}"

    table = engine.table(database)
    table.add_columns(
        {
            "c": geneva.udf(
                by_value(both),
                data_type=pa.string(),
                num_cpus=0.1,
                manifest=manifest("cows", "cowsay==6.1"),
            )
        }
    )
    with pytest.warns(DeprecationWarning):
        engine.connect(database).define_manifest("other", manifest("other", "cowsay==6.0"))
    job = table.backfill_async("c", concurrency=1, manifest="other")
    record = engine.wait(database, job.job_id, seconds=SECONDS)
    assert record["status"] == "DONE", record["events"]
    assert {row["c"] for row in rows(engine, database, "c")} == {"6.0 from the workspace"}
    assert (
        record["manifest_id"] == "other"
        and json.loads(record["config"])["manifest_origin"] == "explicit"
    )
    metadata = lance.dataset(str(engine.root / database / "docs.lance")).schema.field("c").metadata
    assert b"cowsay==6.1" in metadata[b"virtual_column.manifest"], (
        "the override changed the snapshot"
    )


def test_columns_of_the_server_are_filled_by_a_direct_connection(engine, database, tmp_path):
    engine.table(database).add_columns(unpacked(num_cpus=0.1))
    script = textwrap.dedent(
        """
        import os, ray, sys, geneva
        ray.init(num_cpus=2, include_dashboard=False, _temp_dir=sys.argv[2],
                 resources={"geneva_ray_head": 1})
        print(geneva.connect(sys.argv[1]).open_table("docs")
              .backfill("p_head", concurrency=1).status)
        ray.shutdown()
        """
    )
    folder = tempfile.mkdtemp(prefix="gctl-t")
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    env.update(
        RAY_AUTH_MODE="disabled", RAY_USAGE_STATS_ENABLED="0", RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER="0"
    )
    try:
        words = [sys.executable, "-c", script, str(engine.root / database), folder]
        done = subprocess.run(
            words, capture_output=True, text=True, timeout=SECONDS, cwd=tmp_path, env=env
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    assert "DONE" in done.stdout, done.stdout[-2000:] + done.stderr[-2000:]
    found = engine.connect(database).open_table("docs").to_arrow().to_pylist()
    assert [(row["p_head"], row["p_length"]) for row in found] == [("h", 7)] * 10
    assert [job.status for job in engine.connect(database).list_jobs()] == ["DONE"]


def test_the_end_of_the_server_is_the_end_of_its_ray(start, database, tmp_path):
    """A killed server takes its Ray along, and the next one fails its job and stops cleanly."""
    from genevactl_local.processes import Session

    server = start()
    server.table(database).add_columns({"c": double()})
    job = server.connect(database).open_table("docs").backfill_async("c", concurrency=1)
    deadline = time.monotonic() + SECONDS
    while server.get("/genevactl/v1/status")[1]["ray"]["state"] != "running":
        assert time.monotonic() < deadline, server.read_log()
        time.sleep(0.2)
    facts = json.loads((server.state / "ray.json").read_text())
    session = Session(facts["mark"], facts["temp_dir"], facts["leader"], facts["started"])
    assert len(session.pids()) > 4 and (os.stat(facts["temp_dir"]).st_mode & 0o777) == 0o700
    server.stop(signal.SIGKILL)
    server.start()
    record = server.wait(database, job.job_id, seconds=60)
    assert record["status"] == "FAILED" and "control plane ended" in record["events"][-1]
    assert session.pids() == []
    assert server.stop() == 0
    assert not (server.state / "ray.json").exists()
