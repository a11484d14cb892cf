# SPDX-License-Identifier: Apache-2.0
"""A job on a named cluster: a second Ray, which has a resource that no other has."""

import copy
import pathlib
import secrets
import shutil
import subprocess
import sys
import time

import pytest
from conftest import ROOT, Database

sys.path.insert(0, str(ROOT / "src" / "local" / "python"))


@pytest.fixture
def second_ray():
    """Its Jobs API's address and its token's file."""
    from genevactl_local import processes, ray_start
    from genevactl_local.state import process_start

    folder = ray_start.make_temp_dir()
    token = folder / "token"
    token.write_text(secrets.token_hex(32))
    token.chmod(0o600)
    mark = secrets.token_hex(16)
    words, port = ray_start.command(folder)
    words = [word.replace('_head": 1', '_head": 1, "second": 1') for word in words]
    output = folder / "start.log"
    with open(output, "wb") as out:
        process = subprocess.Popen(
            words, cwd=folder, env=ray_start.environment(token, mark, ray_start.free_ports(2)),
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
        )
    session = processes.Session(mark, str(folder), process.pid, process_start(process.pid))
    try:
        deadline = time.monotonic() + 180
        while b"This command will now block" not in output.read_bytes():
            assert process.poll() is None and time.monotonic() < deadline, output.read_text()
            time.sleep(0.3)
        yield f"http://127.0.0.1:{port}", token
    finally:
        processes.end(session, 5)
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def clustered(user, second_ray):
    """A database of a deployment that knows the second Ray as the cluster `second`."""
    address, token = second_ray
    root = pathlib.Path(user.work / "clustered")
    root.mkdir()
    (root / "deployment.toml").write_text(f'[clusters.second]\naddress = "{address}"\n')
    user.do("local", "start", "--root", "clustered", "--detach", RAY_AUTH_TOKEN_PATH=str(token))
    try:
        environment = user.do("local", "env", "--root", "clustered", "-o", "json").json()
        del environment["schema_version"]
        there = copy.copy(user)
        there.environment = {**user.environment, **environment}
        yield Database(environment, there)
    finally:
        user.stop("clustered")


@pytest.mark.timeout(900)
def test_a_job_runs_on_the_cluster_that_is_named(clustered):
    clustered.do("column", "add", "docs", "r", "features:resources")
    unknown = clustered.run("backfill", "docs", "r", "--cluster", "third")
    assert unknown.code == 1, unknown
    assert "cluster 'third' is not in deployment.toml; known: second" in unknown.err
    words = ("backfill", "docs", "r", "--cluster", "second", "--concurrency", "1")
    (job,) = clustered.do(*words, "-o", "json").json()
    assert job["status"] == "DONE"
    assert all("second" in value.split() for value in clustered.values("r"))
    shown = clustered.do("job", "show", job["job_id"], "-o", "json").json()
    assert shown["cluster"] == "second"
