# SPDX-License-Identifier: Apache-2.0
"""What a Ray session leaves behind: ends its processes and removes its folder."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from . import processes
from .logs import log
from .state import State


def clean_up(record: dict, patience: float) -> tuple[int, bool]:
    """Ends what a session left running and removes its folder. Blocking.

    Returns how many processes there were, whether the folder was gone in `patience` seconds:
    environments are large, so the removal goes on by itself (and ends) after that.
    """
    temp_dir = Path(record["temp_dir"])
    count = processes.end(processes.Session(**record), 5.0)
    if not temp_dir.name.startswith(f"gctl-{os.getuid()}-"):
        return count, True
    removal = subprocess.Popen(
        ["rm", "-rf", "--", str(temp_dir)],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        removal.wait(patience)
    except subprocess.TimeoutExpired:
        return count, False
    return count, True


def clean_up_orphan(state: State) -> None:
    """Ends the Ray of a server that was killed, as its record in the state folder names it.
    Blocking.
    """
    try:
        record = json.loads(state.ray.read_text("utf-8"))
        if record.pop("boot", None) != boot():
            record["leader"] = None  # the machine restarted: process ids mean others now
        count, _ = clean_up(record, 1.0)
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as error:
        log(f"the record of an earlier ray is unreadable and is dropped: {error}")
        state.ray.unlink(missing_ok=True)
        return
    state.ray.unlink(missing_ok=True)
    log(f"cleaned up after an earlier server: {count} ray processes ended")


def boot() -> str | None:
    """Which start of the machine this is, where the system tells."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return None
