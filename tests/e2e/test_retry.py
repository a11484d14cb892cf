# SPDX-License-Identifier: Apache-2.0
"""Rows that failed are computed again, and no others, on the real engine."""

import pytest

FAILED = [1, 4, 7]


def calls(database):
    """How often the transform was called for each row."""
    found = sorted(database.traces.glob("calls-*"))
    return {int(file.name.split("-")[1]): len(file.read_text()) for file in found}


@pytest.mark.timeout(900)
def test_only_the_failed_rows_are_computed_again(database):
    database.do("column", "add", "docs", "m", "moody:moody")
    first = database.do("backfill", "docs", "m")
    (job,) = database.do("job", "list", "-o", "name").out.split()
    assert "3 rows failed and stayed empty" in first.out, first
    assert f"genevactl backfill --retry-failed {job}" in first.out
    empty = [None if n in FAILED else n + 100 for n in range(10)]
    assert database.values("m") == empty
    before = calls(database)

    plan = database.do("backfill", "--retry-failed", job, "--dry-run", "-o", "json").json()
    assert (plan["failed_rows"], plan["jobs"][0]["rows"]) == (3, 3)
    assert calls(database) == before

    (database.traces / "luck").touch()
    retried = database.do("backfill", "--retry-failed", job, "docs", "m")
    assert f"docs.m: 3 of 3 failed rows of job {job}" in retried.err
    assert database.values("m") == [n + 100 for n in range(10)]
    after = calls(database)
    assert [n for n in after if after[n] > before[n]] == FAILED

    nothing = database.do("backfill", "--retry-failed", job)
    assert "0 of 3 failed rows" in nothing.out and "nothing to compute again" in nothing.out
    assert len(database.do("job", "list", "-o", "name").out.split()) == 2
