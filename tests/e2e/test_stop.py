# SPDX-License-Identifier: Apache-2.0
"""A deployment that hangs while its Ray works, and the start after it."""

import json
import os
import pathlib
import signal
import time

import pytest
from conftest import until_it_runs


def has_ended(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def processes_below(folder):
    """Processes whose environment or command names the folder."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            text = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in text and not has_ended(entry.name):
            found.append(int(entry.name))
    return found


def until(condition):
    """Until the condition holds; what it says of itself goes into the failure."""
    deadline = time.monotonic() + 60
    while not (is_so := condition()):
        assert time.monotonic() < deadline, f"it did not come about: {is_so!r}"
        time.sleep(0.1)


class NoneBelow:
    """Whether no process names the folder, and else which ones do."""

    def __init__(self, folder):
        self._left = processes_below(folder)

    def __bool__(self):
        return not self._left

    def __repr__(self):
        lines = []
        for pid in self._left:
            try:
                lines.append(pathlib.Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " "))
            except OSError:
                pass
        return "\n".join(lines)


@pytest.mark.last  # it ends the Ray that the others share
@pytest.mark.timeout(900)
def test_a_hung_deployment_is_ended_with_its_ray_and_its_job_is_failed(database, user):
    database.do("column", "add", "docs", "s", "features:slow")
    words = ("backfill", "docs", "s", "--concurrency", "1", "--checkpoint-size", "1")
    (job,) = database.do(*words, "--detach", "-o", "json").json()
    until_it_runs(database)
    state = user.do("local", "status", "--root", "root", "-o", "json").json()
    server = state["pid"]
    (facts,) = pathlib.Path(user.environment["XDG_STATE_HOME"]).rglob("ray.json")
    ray = json.loads(facts.read_text())["temp_dir"]
    assert len(processes_below(ray)) > 4

    os.kill(server, signal.SIGSTOP)
    stopped = user.do("local", "stop", "--root", "root")
    assert "did not stop within" in stopped.err and "Ray" in stopped.err
    assert has_ended(server)
    until(lambda: NoneBelow(ray))

    user.do("local", "start", "--root", "root", "--detach")
    environment = user.do("local", "env", "--root", "root", "-o", "json").json()
    user.environment["LANCEDB_URI"] = environment["LANCEDB_URI"]
    ended = database.run("job", "wait", job["job_id"], "-o", "json")
    assert ended.code == 10, ended
    assert "the control plane ended while this job was running" in ended.out
    until(lambda: not pathlib.Path(ray).exists())
