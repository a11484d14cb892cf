# SPDX-License-Identifier: Apache-2.0
"""The state folder of one deployment: key, lock, endpoint.json, jobs/. All of it is 0700/0600."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import stat
from pathlib import Path


class StateError(Exception):
    """One sentence; `exit_code` is what the process ends with."""

    def __init__(self, text: str, exit_code: int = 2):
        super().__init__(text)
        self.exit_code = exit_code


def write_atomic(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Writes a temporary file beside `path`, flushed to disk, and renames it over."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def process_start(pid: int) -> int | None:
    """When a process started, in clock ticks since boot (field 22 of /proc/PID/stat); None without
    /proc.
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        return None
    return int(text.rpartition(")")[2].split()[19])


class State:
    """Holds the folder's lock as long as it lives: one server for one state folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.jobs = folder / "jobs"
        self.endpoint = folder / "endpoint.json"
        self.ray = folder / "ray.json"
        self._lock = None

    def open(self) -> None:
        """Makes the folder where it is missing and takes the lock. Raises StateError."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if stat.S_IMODE(self.folder.stat().st_mode) & 0o077:
                os.chmod(self.folder, 0o700)
            self.jobs.mkdir(mode=0o700, exist_ok=True)
            self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StateError(f"cannot use the state folder {self.folder}: {error}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StateError(
                f"another server already runs with the state folder {self.folder}", 6
            ) from error

    def key(self) -> str:
        """The API key, made at the first call. Refuses a file that others can read."""
        path = self.folder / "key"
        if not path.exists():
            write_atomic(path, (secrets.token_hex(32) + "\n").encode())
        facts = path.stat()
        if stat.S_IMODE(facts.st_mode) & 0o077 or facts.st_uid != os.geteuid():
            raise StateError(
                f"{path} must be yours alone: chmod 600 it, or delete it for a new key"
            )
        key = path.read_text("ascii", "replace").strip()
        if len(key) < 32:
            raise StateError(f"{path} holds no key: delete it, and the next start makes a new one")
        return key

    def publish(self, endpoint: dict) -> None:
        """Says where the server listens."""
        write_atomic(self.endpoint, (json.dumps(endpoint, indent=1) + "\n").encode())

    def withdraw(self) -> None:
        """Removes what `publish` wrote."""
        self.endpoint.unlink(missing_ok=True)
