# SPDX-License-Identifier: Apache-2.0
"""Finding and ending processes of ours, only ever by id and only after checking that they are ours."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

MARK = "GENEVACTL_RAY_SESSION"


def marked(mark: str, temp_dir: str) -> list[int]:
    """The processes of this user that carry the session's random mark in their environment.

    Without /proc (macOS) the session's private folder on the command line tells them.
    """
    if Path("/proc/self/environ").exists():
        needle = f"{MARK}={mark}".encode()
        return [pid for pid in _own() if needle in _environment(pid)]
    listing = subprocess.run(
        ["ps", "-U", str(os.getuid()), "-o", "pid=,command="], capture_output=True, text=True, check=False
    ).stdout
    found = [line.split(None, 1) for line in listing.splitlines()]
    return [int(parts[0]) for parts in found if len(parts) == 2 and temp_dir in parts[1]]


def _own() -> list[int]:
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


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def end_marked(mark: str, temp_dir: str, patience: float) -> int:
    """SIGTERM, then SIGKILL after `patience` seconds, to every marked process. Returns how many there were."""
    first = marked(mark, temp_dir)
    _signal(first, signal.SIGTERM)
    deadline = time.monotonic() + patience
    left = first
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = _alive(marked(mark, temp_dir))
    for _ in range(50):
        if not left:
            break
        _signal(left, signal.SIGKILL)
        time.sleep(0.1)
        left = _alive(marked(mark, temp_dir))
    return len(first)


def _alive(pids: list[int]) -> list[int]:
    def zombie(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0] == "Z"
        except OSError:
            return False

    return [pid for pid in pids if not zombie(pid)]


def _signal(pids: list[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            pass
