# SPDX-License-Identifier: Apache-2.0
"""Backfill requests and the queue, over a stand-in of Ray's Jobs API."""

import asyncio
import base64
import json
import os
import shlex
import signal
import time
import zlib

import lance
import pytest
from fake_ray import FakeRay
from genevactl_local import job_run, jobs, jobs_table, manifests
from genevactl_local.databases import Databases
from genevactl_local.job_queue import JobQueue
from genevactl_local.jobs import Job
from genevactl_local.ray_session import RaySession
from genevactl_local.state import State
from running_server import RunningServer, create_namespace
from transforms import cow, double, manifest, unpacked

BACKFILL = "/v1/table/docs/backfill_column"
DEFAULT = "[default_manifest]\nname = 'fallback'\npip = ['cowsay==6.0']\n"


def until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One server over one stand-in for the tests that do not stop it."""
    with FakeRay() as fake:
        server = RunningServer(tmp_path_factory.mktemp("shared"), ray=fake.url)
        server.start()
        yield server, fake
        server.stop()


@pytest.fixture
def fake_ray(request):
    """The stand-in of the shared server where the test uses that, else one of the test's own."""
    if "local" in request.fixturenames:
        yield request.getfixturevalue("shared")[1]
    else:
        with FakeRay() as fake:
            yield fake


@pytest.fixture
def local(shared, database):
    """The shared server with a table `docs`: `c` computed, `p` computed and pinned. Idle
    afterwards.
    """
    server, fake = shared
    table = server.table(database)
    table.add_columns({"c": double()})
    table.add_columns({"p": cow(manifest=manifest("cows", "cowsay==6.1", MOO="1"))})
    yield server
    fake.stopped.clear()

    def idle():
        for job_id in [key for key, job in fake.jobs.items() if job["status"] == "RUNNING"]:
            fake.end(job_id)
        return server.get("/genevactl/v1/status")[1]["jobs"] == {"running": 0, "queued": 0}

    until(idle, 60)


def submit(server, database, **body):
    status, answer = server.post(BACKFILL, {"column": "c", **body}, database=database)
    assert status == 202, answer
    return answer["job_id"]


def driver_task(body):
    """What the driver is told, out of the command that Ray would run."""
    words = shlex.split(body["entrypoint"])
    assert words[:2] == ["python", "-c"]
    source = words[2].split("b64decode('")[1].split("'")[0]
    assert b"backfill" in zlib.decompress(base64.b64decode(source))
    return json.loads(base64.b64decode(words[3]))


def test_one_ray_job_in_the_pinned_manifest(local, fake_ray, database):
    job_id = submit(local, database, column="p", where="id < 5", concurrency=1, task_size=3)
    until(lambda: job_id in fake_ray.jobs)
    body = fake_ray.jobs[job_id]["body"]
    assert body["runtime_env"] == {
        "pip": ["geneva==" + local.endpoint()["geneva"], "cowsay==6.1"],
        "env_vars": {"MOO": "1", "PIP_EXTRA_INDEX_URL": os.environ.get("PIP_EXTRA_INDEX_URL", "")},
    }
    assert driver_task(body) == {
        "job_id": job_id,
        "folder": str(local.root / database),
        "table": ["docs"],
        "column": "p",
        "arguments": {"where": "id < 5", "concurrency": 1, "task_size": 3},
    }
    assert local.key not in json.dumps(body)
    record = local.record(database, job_id)
    pinned = manifest("cows", "cowsay==6.1", MOO="1")
    assert (record["manifest_id"], record["manifest_checksum"]) == ("cows", pinned.checksum)
    assert json.loads(record["config"]) == {
        "where": "id < 5",
        "concurrency": 1,
        "task_size": 3,
        "manifest_origin": "@udf",
    }
    assert (record["status"], record["job_type"], record["table_name"], record["column_name"]) == (
        "PENDING",
        "BACKFILL",
        "docs",
        "p",
    )
    assert (record["input_columns"], record["output_columns"]) == (["text"], ["p"])
    fake_ray.end(job_id, logs="hello from the driver\n")
    assert local.wait(database, job_id)["status"] == "DONE"
    assert local.record(database, job_id)["completed_at"] is not None
    until(lambda: local.get(f"/genevactl/v1/job/{job_id}/logs")[1] == b"hello from the driver\n")


def test_the_record_is_there_before_the_answer(start, database):
    server = start(ray="http://127.0.0.1:1")
    server.table(database).add_columns({"c": double()})
    job_id = submit(server, database)
    assert server.record(database, job_id)["launched_by"]


def test_an_unreachable_ray_fails_the_job_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(job_run, "_SUBMIT_SECONDS", 0.5)
    job = Job("j", "d", "/", ["t"], "c", {}, None, "none", {})
    ray = RaySession(State(tmp_path), "http://127.0.0.1:1")
    outcome = asyncio.run(job_run.JobRun(job, None, ray, {"geneva": "0.17.0"}).run())
    assert outcome.status == "FAILED" and "cannot be reached" in outcome.reason


def test_a_job_that_never_got_to_ray_ends_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(job_run, "_STOP_SECONDS", 1000)
    monkeypatch.setattr(job_run, "_LOST_SECONDS", 1000)

    async def ended():
        job = Job("j", "d", "/", ["t"], "c", {}, None, "none", {})
        ray = RaySession(State(tmp_path), "http://127.0.0.1:1")
        run = job_run.JobRun(job, None, ray, {"geneva": "0.17.0"})
        task = asyncio.create_task(run.run())
        await asyncio.sleep(0.2)
        run.end(job_run.Outcome("CANCELLED", "cancelled by request"))
        return await asyncio.wait_for(task, 60)

    assert asyncio.run(ended()).status == "CANCELLED"


def test_resolution(fake_ray, start, database, tmp_path, monkeypatch):
    config = tmp_path / "other.toml"
    config.write_text(DEFAULT + "[clusters.big]\naddress = '" + fake_ray.url + "'\n")
    server = start(ray="http://127.0.0.1:1", config=config)
    table = server.table(database)
    table.add_columns({"c": double()})
    table.add_columns({"p": double(manifest=manifest("pin", "a==1"))})
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    with pytest.warns(DeprecationWarning):
        server.connect(database).define_manifest("over", manifest("over", "b==1"))

    def resolved(**body):
        job_id = submit(server, database, cluster="big", **body)
        until(lambda: job_id in fake_ray.jobs)
        fake_ray.end(job_id)
        record = server.wait(database, job_id)
        origin = json.loads(record["config"])["manifest_origin"]
        assert record["cluster_name"] == "big"
        return origin, record["manifest_id"], fake_ray.jobs[job_id]["body"]["runtime_env"]

    assert resolved(column="c")[:2] == ("deployment-default", "fallback")
    assert resolved(column="p")[:2] == ("@udf", "pin")
    origin, name, env = resolved(column="p", manifest="over")
    assert (origin, name, env["pip"][1:]) == ("explicit", "over", ["b==1"])
    zips = json.loads(base64.b64decode(env["env_vars"]["GENEVA_ZIPS"]))
    assert any(zips["zips"]) and server.key not in json.dumps(zips)
    default = server.get("/genevactl/v1/default_manifest")[1]["manifest"]
    assert default["name"] == "fallback" and json.loads(default["json"])["pip"] == ["cowsay==6.0"]
    assert server.get("/genevactl/v1/clusters")[1] == {
        "clusters": [{"name": "big", "address": fake_ray.url}]
    }


@pytest.mark.parametrize("override", [None, {"name": "o"}])
@pytest.mark.parametrize("pinned", [None, {"name": "p"}])
@pytest.mark.parametrize("default", [None, {"name": "d"}])
def test_every_combination_of_candidates(override, pinned, default):
    found = manifests.resolve(override, pinned, default)
    order = [
        (override, "explicit"),
        (pinned, "@udf"),
        (default, "deployment-default"),
        (None, "none"),
    ]
    assert (found.manifest, found.origin) == next(
        pair for pair in order if pair[0] or pair[1] == "none"
    )


def test_without_any_manifest_the_servers_own_environment(local, fake_ray, database):
    job_id = submit(local, database, concurrency=1)
    until(lambda: job_id in fake_ray.jobs)
    assert fake_ray.jobs[job_id]["body"]["runtime_env"] == {}
    assert local.record(database, job_id)["manifest_id"] is None


@pytest.mark.parametrize(
    ("body", "status", "code", "word"),
    [
        ({"column": "nope"}, 404, 12, "nope"),
        ({"column": "text"}, 400, 13, "not computed"),
        ({"column": "c", "manifest": "nobody"}, 404, 4, "nobody"),
        ({"column": "c", "cluster": "nowhere"}, 400, 13, "nowhere"),
        ({"column": "c", "where": "nope = 1"}, 400, 13, "where"),
        ({"column": "c", "where": "id ="}, 400, 13, "where"),
        ({"column": "c", "where": "id = " + "0" * 65536}, 400, 13, "65541 bytes"),
        ({"column": "c", "read_version": 99}, 404, 11, "99"),
        ({"column": "c", "concurrency": 0}, 400, 13, "concurrency"),
        ({"column": "c", "task_size": -1}, 400, 13, "task_size"),
        ({"column": "c", "num_frags": "2"}, 400, 13, "num_frags"),
        (
            {"column": "c", "min_checkpoint_size": 5, "max_checkpoint_size": 4},
            400,
            13,
            "min_checkpoint_size",
        ),
        ({"column": "c", "branch": "b"}, 406, 0, "branches"),
        ({"column": "c", "intra_applier_concurrency": 2}, 406, 0, "raise 'concurrency' instead"),
        ({"column": "c", "priority": 1}, 400, 13, "priority"),
        ({}, 400, 13, "column"),
    ],
)
def test_backfill_refuses(server, body, status, code, word):
    if server.post("/v1/table/docs/exists", database="refusing")[0] != 200:
        server.table("refusing").add_columns({"c": double()})
    got, answer = server.post(BACKFILL, body, database="refusing")
    assert (got, answer["code"]) == (status, code) and word in answer["error"]
    assert not list((server.root / "refusing").glob("*geneva_jobs")), (
        "a refused request left a record"
    )


def test_the_version_that_the_caller_has_seen(local, database):
    ahead = {"x-lancedb-min-read-version": "50"}
    status, answer = local.post(BACKFILL, {"column": "c"}, database=database, headers=ahead)
    assert (status, answer["code"]) == (404, 11)
    junk = {"x-lancedb-min-read-version": "new"}
    assert local.post(BACKFILL, {"column": "c"}, database=database, headers=junk)[1]["code"] == 13
    seen = {"x-lancedb-min-read-version": "2"}
    assert local.post(BACKFILL, {"column": "c"}, database=database, headers=seen)[0] == 202


@pytest.mark.parametrize(
    ("arguments", "cpus", "expected"),
    [
        ({"concurrency": 8}, 2, {"concurrency": 2}),
        ({"concurrency": 2}, 2, {"concurrency": 2}),
        ({}, 4, {"concurrency": 4}),
        ({}, 16, {}),
        ({"concurrency": 1}, 1, {"concurrency": 1}),
    ],
)
def test_concurrency_is_capped_and_said(arguments, cpus, expected):
    before = dict(arguments)
    notes = jobs.cap(arguments, cpus)
    assert arguments == expected
    assert bool(notes) == (before != expected) and all("capped" in note for note in notes)


def test_cancel_a_running_job(local, fake_ray, database):
    job_id = submit(local, database)
    until(lambda: job_id in fake_ray.jobs)
    assert local.post(f"/genevactl/v1/job/{job_id}/cancel") == (
        200,
        {"job_id": job_id, "status": "CANCELLED"},
    )
    assert fake_ray.stopped == [job_id]
    record = local.record(database, job_id)
    assert (
        record["status"] == "CANCELLED"
        and record["completed_at"]
        and "cancelled" in record["events"][-1]
    )
    status, answer = local.post(f"/genevactl/v1/job/{job_id}/cancel")
    assert status == 409 and answer["detail"] == "CANCELLED"


def test_cancel_a_queued_job(local, fake_ray, database):
    first, second = submit(local, database), submit(local, database)
    until(lambda: first in fake_ray.jobs)
    assert local.get("/genevactl/v1/status")[1]["jobs"] == {"running": 1, "queued": 1}
    assert local.post(f"/genevactl/v1/job/{second}/cancel")[0] == 200
    assert local.record(database, second)["status"] == "CANCELLED" and second not in fake_ray.jobs
    fake_ray.end(first)
    assert local.wait(database, first)["status"] == "DONE"
    status, answer = local.post(f"/genevactl/v1/job/{first}/cancel")
    assert (status, answer["code"], answer["detail"]) == (409, 14, "DONE")


def test_jobs_run_in_order_and_as_many_as_allowed(fake_ray, start, database):
    server = start(ray=fake_ray.url, extra=["--max-jobs", "2"])
    server.table(database).add_columns({"c": double()})
    jobs = [submit(server, database) for _ in range(4)]
    until(lambda: len(fake_ray.jobs) == 2)
    time.sleep(1.5)
    assert list(fake_ray.jobs) == jobs[:2]
    fake_ray.end(jobs[1])
    until(lambda: len(fake_ray.jobs) == 3)
    assert list(fake_ray.jobs)[2] == jobs[2]


def test_a_killed_server_fails_what_ran_and_runs_what_was_queued(fake_ray, start, database):
    server = start(ray=fake_ray.url)
    server.table(database).add_columns({"c": double()})
    ran, queued = submit(server, database), submit(server, database)
    until(lambda: ran in fake_ray.jobs)
    server.stop(signal.SIGKILL)
    assert server.record(database, ran)["status"] == "PENDING"
    server.start()
    record = server.wait(database, ran)
    assert record["status"] == "FAILED" and "control plane ended" in record["events"][-1]
    until(lambda: queued in fake_ray.jobs)
    fake_ray.end(queued)
    assert server.wait(database, queued)["status"] == "DONE"
    assert server.post(f"/genevactl/v1/job/{ran}/cancel")[1]["detail"] == "FAILED"


def test_a_stopped_server_fails_what_ran_and_keeps_what_was_queued(fake_ray, start, database):
    server = start(ray=fake_ray.url)
    server.table(database).add_columns({"c": double()})
    ran, queued = submit(server, database), submit(server, database)
    until(lambda: ran in fake_ray.jobs)
    assert server.stop() == 0
    assert fake_ray.stopped == [ran]
    record = server.record(database, ran)
    assert record["status"] == "FAILED" and "stopped" in record["events"][-1]
    assert server.record(database, queued)["status"] == "PENDING" and queued not in fake_ray.jobs
    server.start()
    until(lambda: queued in fake_ray.jobs)


def test_a_damaged_job_file_does_not_stop_the_server(fake_ray, start):
    server = start(ray=fake_ray.url)
    server.stop()
    (server.state / "jobs" / "x.json").write_text('{"job_id": ')
    server.start()
    assert "x.json is unreadable" in server.read_log()


def test_a_driver_that_dies_is_failed_with_its_last_words(local, fake_ray, database):
    job_id = submit(local, database)
    until(lambda: job_id in fake_ray.jobs)
    words = "".join(f"line {n}\n" for n in range(50)) + "\x1b[31mSegmentation fault\x1b[0m\n"
    fake_ray.end(job_id, "FAILED", "Job entrypoint command failed with exit code 139", words)
    last = local.wait(database, job_id)["events"][-1]
    assert (
        "exit code 139" in last and last.endswith("Segmentation fault") and "line 5\n" not in last
    )


def test_a_manifest_that_cannot_be_installed_says_why(local, fake_ray, database):
    job_id = submit(local, database, column="p")
    until(lambda: job_id in fake_ray.jobs)
    message = (
        "runtime_env setup failed: Failed to set up runtime environment.\nTraceback\n  "
        "File x\nLast 50 lines of stdout:\n"
        "    ERROR: Could not find a version that satisfies the requirement nope==1\n"
        "    ERROR: No matching distribution found for nope==1\n"
    )
    fake_ray.end(job_id, "FAILED", message)
    last = local.wait(database, job_id)["events"][-1]
    assert last.startswith("manifest 'cows' could not be installed: ERROR: Could not find")
    assert last.endswith("No matching distribution found for nope==1")


def test_what_the_engine_drops_of_the_record_is_put_back(local, fake_ray, database):
    """The engine replaces config, and a client's own PENDING update may empty the manifest."""
    import lance

    job_id = submit(local, database, column="p", concurrency=1)
    until(lambda: job_id in fake_ray.jobs)
    table = lance.dataset(str(next((local.root / database).glob("*geneva_jobs"))))
    engine = '{"where": "p IS NULL", "intra_applier_concurrency": 1, "memory": 5}'
    table.update(
        {"config": f"'{engine}'", "manifest_id": "NULL", "status": "'RUNNING'"},
        where=f"job_id = '{job_id}'",
    )
    until(lambda: local.record(database, job_id)["manifest_id"] == "cows")
    assert json.loads(local.record(database, job_id)["config"]) == {
        "concurrency": 1,
        "manifest_origin": "@udf",
        "memory": 5,
        "engine_where": "p IS NULL",
        "engine_intra_applier_concurrency": 1,
    }
    assert local.record(database, job_id)["status"] == "RUNNING"


def test_a_record_that_the_engine_ended_keeps_its_end(local, fake_ray, database):
    import lance

    job_id = submit(local, database)
    until(lambda: job_id in fake_ray.jobs)
    table = lance.dataset(str(next((local.root / database).glob("*geneva_jobs"))))
    changes = {"status": "'FAILED'", "events": "array_append(events, 'ValueError: boom')"}
    table.update(changes, where=f"job_id = '{job_id}'")
    fake_ray.end(
        job_id, "FAILED", "Job entrypoint command failed with exit code 1", "long traceback"
    )
    until(lambda: local.get("/genevactl/v1/status")[1]["jobs"]["running"] == 0)
    record = local.record(database, job_id)
    assert record["events"][-1] == "ValueError: boom" and record["completed_at"] is not None


def test_several_outputs_are_all_named(local, fake_ray, database):
    local.connect(database).open_table("docs").add_columns(unpacked())
    job_id = submit(local, database, column="p_head")
    assert local.record(database, job_id)["output_columns"] == ["p_head", "p_length"]


def test_no_column_of_a_live_job_is_dropped(local, fake_ray, database):
    """Neither what it writes nor what it reads, whether it runs or waits; others are."""
    table = local.connect(database).open_table("docs")
    table.add_columns(unpacked())
    first, second = submit(local, database, column="p"), submit(local, database, column="p_head")
    until(lambda: first in fake_ray.jobs)

    def drop(*names):
        body = {"columns": list(names)}
        return local.post("/v1/table/docs/drop_columns", body, database=database)

    for names, job in ((["p"], first), (["p_head", "p_length"], second), (["text"], first)):
        status, answer = drop(*names)
        assert (status, answer["code"]) == (409, 14) and job in answer["error"], (names, answer)
    assert drop("c")[0] == 200
    jobs = lance.dataset(str(next((local.root / database).glob("*geneva_jobs"))))
    jobs.update({"status": "'DONE'"}, where=f"job_id = '{first}'")
    assert drop("p")[0] == 200  # the engine has written its end: only its process is left
    assert drop("p_head", "p_length")[0] == 409
    fake_ray.end(first)


def test_a_table_in_a_child_namespace(local, fake_ray, database):
    """Its record has the last part as the name, as the client's own; config tells it apart."""
    import pyarrow as pa

    connection = local.connect(database)
    create_namespace(connection, "kid")
    data = pa.table({"id": [1], "text": ["a"]})
    connection.create_table("docs", data, namespace_path=["kid"]).add_columns({"c": double()})
    path = "/v1/table/kid%24docs/backfill_column"
    status, answer = local.post(path, {"column": "c"}, database=database)
    assert status == 202
    job_id = answer["job_id"]
    record = local.record(database, job_id)
    assert record["table_name"] == "docs"
    assert json.loads(record["config"])["table_id"] == ["kid", "docs"]
    until(lambda: job_id in fake_ray.jobs)
    assert driver_task(fake_ray.jobs[job_id]["body"])["table"] == ["kid", "docs"]
    drop = "/v1/table/{}docs/drop_columns"
    body = {"columns": ["c"]}
    assert local.post(drop.format("kid%24"), body, database=database)[0] == 409
    assert local.post(drop.format(""), body, database=database)[0] == 200


def test_the_token_of_the_environment_goes_to_an_external_ray(fake_ray, start, database):
    server = start(ray=fake_ray.url, env={"RAY_AUTH_TOKEN": "t0ken"})
    server.table(database).add_columns({"c": double()})
    job_id = submit(server, database)
    until(lambda: job_id in fake_ray.jobs)
    assert fake_ray.jobs[job_id]["headers"]["Authorization"] == "Bearer t0ken"
    assert "t0ken" not in server.read_log()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("defualt_manifest = 'x'", "unknown key 'defualt_manifest'"),
        ("max_jobs = 0", "max_jobs"),
        ("max_jobs = true", "max_jobs"),
        ("default_manifest = 'none.json'", "none.json"),
        ("default_manifest = '{'", "JSON"),
        ("default_manifest = 3", "default_manifest"),
        ("[default_manifest]\npip = ['a']", "no name"),
        ("[default_manifest]\nname = 'x'\nconda = {a = 1}", "conda"),
        ("[clusters.a]\nurl = 'http://x:1'", "address"),
        ("[clusters.a]\naddress = 'x:1'", "http://HEAD"),
        ("a = [", "TOML"),
    ],
)
def test_a_bad_deployment_file_is_refused(tmp_path, text, word):
    import argparse

    from genevactl_local.config import ConfigError
    from genevactl_local.server import deployment_of

    (tmp_path / "deployment.toml").write_text(text)
    options = argparse.Namespace(root=str(tmp_path), state=str(tmp_path / "state"), config=None)
    with pytest.raises(ConfigError) as error:
        deployment_of(options, tmp_path)
    assert word in str(error.value)


def test_a_good_deployment_file(tmp_path):
    from genevactl_local import config

    (tmp_path / "m.json").write_text(manifest("x", "a==1").to_json())
    file = tmp_path / "deployment.toml"
    file.write_text(
        "default_manifest = 'm.json'\nmax_jobs = 3\n[clusters.c]\naddress = 'http://h:8265/'\n"
    )
    found = config.load(file, True)
    assert found.default_manifest["pip"] == ["a==1"] and found.max_jobs == 3
    assert found.clusters == {"c": "http://h:8265"}


def test_the_runtime_environment_of_a_manifest(monkeypatch):
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://outer/simple")
    full = {
        "name": "m",
        "pip": ["a==1"],
        "env_vars": {"X": "1"},
        "pip_extra_index_urls": ["https://inner/simple"],
    }
    assert manifests.runtime_env(full, "0.17.0", "/d") == {
        "pip": ["geneva==0.17.0", "a==1"],
        "env_vars": {"X": "1", "PIP_EXTRA_INDEX_URL": "https://inner/simple https://outer/simple"},
    }
    assert manifests.runtime_env({"name": "m", "requirements_path": "/r.txt"}, "0.17.0", "/d")[
        "pip"
    ] == [
        "geneva==0.17.0",
        "-r /r.txt",
    ]
    assert "pip" not in manifests.runtime_env({"name": "m", "env_vars": {"X": "1"}}, "0.17.0", "/d")


def test_the_checksum_is_the_clients():
    for made in (manifest("a", "x==1"), manifest("ü", "y==2", K="ß")):
        assert manifests.checksum(json.loads(made.to_json())) == made.checksum


def test_reasons_are_short():
    job = Job("j", "d", "/", ["t"], "c", {}, {"name": "m"}, "@udf", {})
    reason = job_run.install_reason(job, "\n".join(f"noise {n}" for n in range(1000)))
    assert reason == "manifest 'm' could not be installed: " + "\n".join(
        f"noise {n}" for n in range(994, 1000)
    )


def test_the_record_of_a_queued_job_does_not_grow_stale(tmp_path):
    (tmp_path / "root" / "db").mkdir(parents=True)
    state, databases = State(tmp_path / "state"), Databases(tmp_path / "root", "root")
    state.open()
    from lance_namespace_urllib3_client.models import CreateNamespaceRequest

    databases.get("db").namespace.create_namespace(CreateNamespaceRequest(id=["__system"]))
    job = Job("id-1", "db", str(tmp_path), ["docs"], "c", {}, None, "none", {})

    async def touched() -> tuple[dict, dict]:
        queue = JobQueue(state, databases, None, 0, {})
        await queue.add(job)
        before = jobs_table.read(databases.get("db"), job.job_id)
        await queue.touch_waiting()
        return before, jobs_table.read(databases.get("db"), job.job_id)

    before, after = asyncio.run(touched())
    assert after["updated_at"] > before["updated_at"]
    assert {**after, "updated_at": None} == {**before, "updated_at": None}
