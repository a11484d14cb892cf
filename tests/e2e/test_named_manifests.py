# SPDX-License-Identifier: Apache-2.0
"""The program's named manifests and the real client's: each reads what the other wrote."""

import getpass
import json
import os
import subprocess
import sys
import time
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from conftest import PROGRAM
from geneva.manifest import GenevaManifest
from geneva.manifest.mgr import ManifestConfigManager

sys.path.insert(0, str(Path(__file__).parents[1] / "local"))
from fake_ray import FakeRay  # noqa: E402
from running_server import RunningServer  # noqa: E402
from transforms import double  # noqa: E402


@pytest.fixture(scope="module")
def fake_ray():
    with FakeRay() as fake:
        yield fake


@pytest.fixture(scope="module")
def server(tmp_path_factory, fake_ray):
    """A server over a stand-in of Ray's Jobs API."""
    server = RunningServer(tmp_path_factory.mktemp("server"), ray=fake_ray.url)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def database():
    """A database name of the test's own."""
    return "db_" + uuid.uuid4().hex[:8]


@pytest.fixture
def run(server, database, tmp_path):
    """Runs the program against the database of the test."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LANCEDB_", "XDG_"))}
    environment |= {"HOME": str(tmp_path), "LANCEDB_API_KEY": server.key}

    def command(*words, noun="manifest"):
        place = ["--uri", f"db://{database}", "--host-override", server.url]
        return subprocess.run(
            [PROGRAM, noun, *words, *place],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return command


def write(folder, name="demo", version=None, pip=("cowsay==6.1",)):
    """A manifest with something in every field, and its file."""
    builder = GenevaManifest.create_pip(name).pip(list(pip)).env_vars({"B": "ü", "A": "1"})
    made = builder.build()
    made.version = version
    made.py_modules = ["helpers"]
    made.head_image = "example.org/head:1"
    made.pip_extra_index_urls = ["https://example.org/simple"]
    made.zips = [["_geneva_uploads/a.zip", "_geneva_uploads/b.zip"], []]
    made.checksum = made.compute_checksum()
    (folder / f"{name}.json").write_text(made.to_json())
    return made


def rows(connection):
    """The stored rows as they are, without the time and the writer's own text of JSON."""
    found = ManifestConfigManager(connection).get_table(True).search().limit(99).to_arrow()
    return found.schema, found.to_pylist()


def test_a_pushed_manifest_is_the_real_clients(run, server, database, tmp_path):
    made = write(tmp_path, version="3")
    before = datetime.now(timezone.utc)
    done = run("push", "demo.json", "-o", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["action"] == "created"
    connection = server.connect(database)
    (found,) = connection.list_manifests()
    assert found.to_json() == made.to_json() and found.checksum == made.checksum
    assert found.created_by == getpass.getuser()
    assert before <= found.created_at.replace(tzinfo=timezone.utc) + timedelta(seconds=1)
    # The client's own row of the same manifest, in a database of its own.
    other = server.connect("db_" + uuid.uuid4().hex[:8])
    theirs = GenevaManifest.from_json(made.to_json())
    ManifestConfigManager(other).upsert(theirs)
    schema, ours = rows(connection)
    their_schema, other_rows = rows(other)
    assert schema.equals(their_schema), (schema, their_schema)
    for row in ours + other_rows:
        del row["created_at"]
    assert ours == other_rows


def test_another_content_is_said_and_replaced_only_with_yes(run, server, database, tmp_path):
    write(tmp_path)
    assert run("push", "demo.json").returncode == 0
    again = run("push", "demo.json")
    assert again.returncode == 0 and again.stdout.endswith(" unchanged\n")
    other = write(tmp_path, pip=("cowsay==6.0",))
    refused = run("push", "demo.json")
    assert refused.returncode == 6 and refused.stdout == ""
    assert "cowsay==6.1 -> cowsay==6.0 (down)" in refused.stderr and "--yes" in refused.stderr
    tried = run("push", "demo.json", "--dry-run", "-o", "json")
    assert json.loads(tried.stdout)["action"] == "replaced"
    connection = server.connect(database)
    assert connection.list_manifests()[0].pip == ["cowsay==6.1"]
    done = run("push", "demo.json", "--yes", "-o", "json")
    assert done.returncode == 0, done.stderr
    (found,) = connection.list_manifests()
    assert found.to_json() == other.to_json()
    assert json.loads(done.stdout)["requirements"][0]["after"] == "cowsay==6.0"


def test_a_secret_does_not_get_into_a_deployment(run, server, database, tmp_path):
    token = "hf_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7"
    made = GenevaManifest.create_pip("demo").env_vars({"HUB": token}).build()
    (tmp_path / "demo.json").write_text(made.to_json())
    (tmp_path / "words.py").write_text("")
    for refused in (
        run("push", "demo.json"),
        run("add", "docs", "n", "words:n", "--manifest", "demo.json", noun="column"),
        run("create", "v", "--source", "docs", "--chunker", "words:n", "--manifest", "demo.json",
            noun="view"),
    ):  # fmt: skip
        assert refused.returncode == 9, refused
        assert 'demo.json: env_vars["HUB"]' in refused.stderr and token not in refused.stderr
    assert server.connect(database).list_manifests() == []


def test_list_get_and_delete_of_what_the_client_wrote(run, server, database, tmp_path):
    empty = run("list")
    assert empty.returncode == 0 and empty.stdout == ""
    assert run("list", "-o", "json").stdout == "[]\n"
    connection = server.connect(database)
    manager = ManifestConfigManager(connection)
    for name in ("beta", "alpha", "it's"):
        made = write(tmp_path, name, pip=(f"cowsay=={len(name)}.0", "six"))
        manager.upsert(made)
    listed = json.loads(run("list", "-o", "json").stdout)
    assert [item["name"] for item in listed] == ["alpha", "beta", "it's"]
    assert listed[0]["packages"] == 2 and listed[0]["created_by"] == getpass.getuser()
    assert run("list", "-o", "name").stdout == "alpha\nbeta\nit's\n"
    got = run("get", "it's")
    assert got.returncode == 0, got.stderr
    assert got.stdout == (tmp_path / "it's.json").read_text() + "\n"
    assert run("get", "alpha", "--out", "got.json").stdout.startswith("alpha@")
    assert (tmp_path / "got.json").read_text() == (tmp_path / "alpha.json").read_text()
    missing = run("get", "alpa")
    assert missing.returncode == 5 and "did you mean alpha" in missing.stderr
    assert run("delete", "alpha").returncode == 2
    assert run("delete", "alpha", "nobody", "--yes").returncode == 5
    assert run("delete", "alpha", "--dry-run").stdout == "would delete alpha\n"
    assert len(connection.list_manifests()) == 3
    done = run("delete", "it's", "alpha", "--yes")
    assert done.returncode == 0 and done.stdout == "deleted it's, alpha\n", done.stderr
    assert [each.name for each in connection.list_manifests()] == ["beta"]


def test_a_pushed_manifest_is_the_override_of_one_job(run, server, fake_ray, database, tmp_path):
    server.table(database).add_columns({"c": double()})
    made = GenevaManifest.create_pip("over").pip(["cowsay==6.1"]).env_vars({"MOO": "1"}).build()
    (tmp_path / "over.json").write_text(made.to_json())
    assert run("docs", "c", "--manifest", "over", noun="resolve").returncode == 5
    assert run("push", "over.json").returncode == 0
    shown = json.loads(run("docs", "c", "--manifest", "over", "-o", "json", noun="resolve").stdout)
    assert (shown["manifest"], shown["checksum"]) == ("over", made.checksum)
    assert shown["origin"] == "override"
    started = run("docs", "c", "--manifest", "over", "--detach", "-o", "name", noun="backfill")
    assert started.returncode == 0, started.stderr
    job = started.stdout.strip()
    deadline = time.monotonic() + 60
    while job not in fake_ray.jobs:
        assert time.monotonic() < deadline, server.read_log()
        time.sleep(0.05)
    environment = fake_ray.jobs[job]["body"]["runtime_env"]
    assert "cowsay==6.1" in str(environment["pip"]) and environment["env_vars"]["MOO"] == "1"
    record = server.record(database, job)
    assert (record["manifest_id"], record["manifest_checksum"]) == ("over", made.checksum)
    fake_ray.end(job)
