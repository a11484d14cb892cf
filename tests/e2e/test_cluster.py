# SPDX-License-Identifier: Apache-2.0
"""A job on a named cluster: a second Ray, which has a resource that no other has."""

import copy
import pathlib

import pytest
from conftest import Database
from ray_apart import ray_apart


@pytest.fixture
def second_ray():
    """Its Jobs API's address and its token's file."""
    with ray_apart() as found:
        yield found


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
