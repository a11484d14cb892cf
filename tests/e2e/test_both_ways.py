# SPDX-License-Identifier: Apache-2.0
"""What one client registers the other computes, on the real engine; and how jobs end."""

import re
import signal

import pytest
from conftest import SECONDS, until_it_runs


def in_a_script(function):
    """The function as if it were written in a script: pickled whole, not by its module's name."""
    function.__module__ = "__main__"
    return function


@pytest.mark.timeout(900)
def test_ours_is_computed_by_the_real_client(database, cows):
    """Only the manifest brings cowsay."""
    added = database.do("column", "add", "docs", "c", "features:cow", "--manifest", cows)
    assert "cows@" in added.out
    decision = database.do("resolve", "docs", "c", "-o", "json").json()
    assert (decision["origin"], decision["manifest"]) == ("pinned", "cows")
    result = database.client.open_table("docs").backfill("c")
    assert result.status == "DONE"
    assert database.values("c") == [f"6.1 hello {n}" for n in range(10)]
    job = database.do("job", "show", result.job_id, "-o", "json").json()
    assert (job["status"], job["manifest"]) == ("DONE", "cows")
    assert job["manifest_checksum"] == decision["checksum"]


@pytest.mark.timeout(900)
def test_theirs_is_computed_by_us_and_repointing_recomputes_only_by_force(database):
    import geneva
    import pyarrow as pa

    def square(id: int) -> int:
        return id * id

    transform = geneva.udf(in_a_script(square), data_type=pa.int64(), num_cpus=0.1)
    database.table.add_columns({"n": transform})
    shown = database.do("column", "show", "docs", "n", "-o", "json").json()
    assert (shown["computed"]["udf_name"], shown["computed"]["inputs"]) == ("square", ["id"])
    plan = database.do("backfill", "docs", "n", "--dry-run", "-o", "json").json()
    assert plan["jobs"][0]["rows"] == 10
    assert database.do("job", "list", "-o", "json").json() == []

    (job,) = database.do("backfill", "docs", "n", "-o", "json").json()
    assert (job["status"], job["ended"]) == ("DONE", "done")
    assert database.values("n") == [n * n for n in range(10)]
    assert [j.job_id for j in database.client.list_jobs()] == [job["job_id"]]

    altered = database.do("column", "alter", "docs", "n", "features:triple")
    assert "old values kept: 10 rows" in altered.err
    assert "genevactl backfill docs n --force" in altered.err
    assert database.values("n") == [n * n for n in range(10)]
    database.do("backfill", "docs", "n", "--force")
    assert database.values("n") == [n * 3 for n in range(10)]
    listed = database.do("job", "list", "-o", "name").out.split()
    assert len(listed) == 2 and listed[1] == job["job_id"]


@pytest.mark.timeout(900)
def test_a_transform_that_fails_is_exit_10_with_its_exception(database):
    database.do("column", "add", "docs", "f", "features:fails")
    ran = database.run("backfill", "docs", "f", "--concurrency", "1")
    assert ran.code == 10, ran
    assert "ValueError" in ran.out and "no luck with 0" in ran.out, ran
    job = database.do("job", "list", "-o", "json").json()[0]
    again = database.run("job", "wait", job["job_id"], "-o", "json")
    assert again.code == 10 and again.json()[0]["ended"] == "job_failed"
    assert any("no luck" in e["message"] for e in again.json()[0]["row_errors"]), again


def read_until(stream, pattern):
    """Lines of a command's stderr up to the first that matches, and the match."""
    text = ""
    for line in stream:
        text += line
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"{pattern} does not come:\n{text}")


@pytest.mark.timeout(900)
def test_an_interrupt_leaves_the_job_to_be_joined_and_cancel_ends_it(database):
    database.do("column", "add", "docs", "s", "features:slow")
    words = ("backfill", "docs", "s", "--concurrency", "1", "--checkpoint-size", "1")
    backfill = database.start(*words)
    job = read_until(backfill.stderr, r"docs\.s: job (\S+) ")[1]
    until_it_runs(database, backfill)
    backfill.send_signal(signal.SIGINT)
    out, err = backfill.communicate(timeout=30)
    assert backfill.returncode == 130, (out, err)
    assert f"{job} goes on" in err
    assert f"genevactl job wait {job}" in err and f"genevactl job cancel {job}" in err
    assert database.do("job", "show", job, "-o", "json").json()["status"] == "RUNNING"

    waiting = database.start("job", "wait")
    read_until(waiting.stderr, rf"following the last job of this directory: {job}")
    joined = database.do(*words, "--detach", "-o", "json")
    assert [started["job_id"] for started in joined.json()] == [job]
    assert f"docs.s is already RUNNING in job {job}" in joined.err
    other = database.run(*words[:-1], "2", "--detach")
    assert other.code == 6 and f"job {job}" in other.err and "--new" in other.err, other
    (new,) = database.do(*words, "--new", "--detach", "-o", "json").json()
    assert new["job_id"] != job
    assert database.do("job", "list", "-o", "name").out.split() == [new["job_id"], job]
    database.do("job", "cancel", new["job_id"])

    database.do("job", "cancel", job)
    out, err = waiting.communicate(timeout=SECONDS)
    assert waiting.returncode == 11, (out, err)
    assert database.client.get_job(job).status == "CANCELLED"
