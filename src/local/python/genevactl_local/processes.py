# SPDX-License-Identifier: Apache-2.0
"""Finding and ending the processes of a Ray session: only by id, only after checking that they are
ours.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

MARK = "GENEVACTL_RAY_SESSION"


@dataclass(frozen=True)
class Session:
    """How the processes of one Ray are told: none of the signs alone is on all of them.

    `mark` is a random word in the environment (a process that renames itself overwrites its own),
    `temp_dir` a private folder with a random name on command lines and as working directory, and
    `leader` the process session of the first one, which started at `started` (clock ticks).
    """

    mark: str
    temp_dir: str
    leader: int | None = None
    started: int | None = None

    def pids(self) -> list[int]:
        """The running processes of this user that belong to the session, zombies aside."""
        if Path("/proc/self/stat").exists():
            return [pid for pid in _own_pids() if self._owns(pid)]
        listing = subprocess.run(
            ["ps", "-U", str(os.getuid()), "-o", "pid=,command="],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        found = [line.split(None, 1) for line in listing.splitlines()]
        return [int(parts[0]) for parts in found if len(parts) == 2 and self.temp_dir in parts[1]]

    def _owns(self, pid: int) -> bool:
        facts = _stat(pid)
        if facts is None or facts[0] == "Z":
            return False
        if self._in_session(int(facts[3]), int(facts[19])):
            return True
        if f"{MARK}={self.mark}".encode() in _read(pid, "environ").split(b"\0"):
            return True
        return self.temp_dir.encode() in _read(pid, "cmdline")

    def _in_session(self, session: int, started: int) -> bool:
        if (
            not self.leader
            or self.started is None
            or session != self.leader
            or started < self.started
        ):
            return False
        # The number of a session is free for others only when all of its processes have ended.
        leader = _stat(self.leader)
        return leader is None or int(leader[19]) == self.started


def _own_pids() -> list[int]:
    uid, me = os.getuid(), os.getpid()
    pids = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit() or int(entry.name) == me:
            continue
        try:
            if entry.stat().st_uid == uid:
                pids.append(int(entry.name))
        except OSError:
            pass
    return pids


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat after the name: [0] state, [3] session, [19] start."""
    text = _read(pid, "stat").decode("ascii", "replace")
    return text.rpartition(")")[2].split() or None


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def end(session: Session, patience: float) -> int:
    """SIGTERM, then SIGKILL after `patience` seconds. Returns how many there were. Blocking."""
    first = left = session.pids()
    _signal(first, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = session.pids()
    for _ in range(50):
        if not left:
            break
        _signal(left, signal.SIGKILL)
        time.sleep(0.1)
        left = session.pids()
    return len(first)


def _signal(pids: list[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            pass
