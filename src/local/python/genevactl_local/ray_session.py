# SPDX-License-Identifier: Apache-2.0
"""The Ray of this deployment: started with the first job, private to this user, stopped by process
id.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from pathlib import Path

from . import ray_jobs, ray_start
from .logs import log
from .ray_cleanup import boot, clean_up
from .ray_jobs import RayAddress, RayError, external_address
from .state import State, process_start, write_atomic

_START_SECONDS = 180
_ATTEMPTS = 3
class RaySession:
    """`auto`: a Ray of our own, started on demand. Else an external Jobs API that is never started
    or stopped.
    """

    def __init__(self, state: State, external: str | None):
        self._state = state
        self.external = external
        self._lock = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._record: dict | None = None
        self._address: RayAddress | None = None
        self._closing = False
        self.phase = "external" if external else "stopped"

    def status(self) -> dict:
        """For `status`: state, the Jobs API's address and the dashboard's (the same URL)."""
        url = self.external or (
            self._address.url if self._address and self.phase == "running" else None
        )
        return {"state": self.phase, "address": url, "dashboard": url}

    def logs_folder(self) -> Path | None:
        """Where a Ray of our own writes what its workers print."""
        if self.external or self._record is None:
            return None
        return Path(self._record["temp_dir"]) / "ray" / "session_latest" / "logs"

    async def address(self) -> RayAddress:
        """The Jobs API, started where it does not run. Raises RayError with the reason."""
        if self.external:
            return external_address(self.external)
        async with self._lock:
            if self._process is not None and self._process.returncode is not None:
                log(f"ray ended by itself with code {self._process.returncode}")
                await self._end()
            if self._closing:
                raise RayError("the control plane is stopping")
            if self._address is None:
                await self._start()
            return self._address

    async def _start(self) -> None:
        self.phase = "starting"
        reason = ""
        for attempt in range(_ATTEMPTS):
            try:
                await self._start_once()
                self.phase = "running"
                return
            except (RayError, OSError) as error:
                reason = str(error)
                log(f"ray did not start (attempt {attempt + 1} of {_ATTEMPTS}): {reason}")
                await self._end()
                if self._closing:
                    break
        raise RayError(f"Ray did not start: {reason}")

    async def _start_once(self) -> None:
        temp_dir = ray_start.make_temp_dir()
        token_path = temp_dir / "token"
        token = secrets.token_hex(32)
        write_atomic(token_path, token.encode())
        mark = secrets.token_hex(16)
        self._record = {"mark": mark, "temp_dir": str(temp_dir)}
        self._save_record()
        words, port = ray_start.command(temp_dir)
        log(f"starting ray below {temp_dir}, jobs API on port {port}")
        environment = ray_start.environment(token_path, mark, ray_start.free_ports(2))
        with open(temp_dir / "start.log", "wb") as out:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", ray_start.DIE_WITH_PARENT, str(os.getpid()), *words,
                stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out, cwd=temp_dir,
                env=environment, start_new_session=True,
            )  # fmt: skip
        pid = self._process.pid
        self._record.update(leader=pid, started=process_start(pid))
        self._save_record()
        address = RayAddress(f"http://127.0.0.1:{port}", token)
        await self._wait_ready(address, temp_dir / "start.log")
        self._address = address
        log(f"ray runs, jobs API at {address.url}")

    def _save_record(self) -> None:
        write_atomic(self._state.ray, json.dumps({**self._record, "boot": boot()}).encode())

    async def _wait_ready(self, address: RayAddress, output: Path) -> None:
        deadline = asyncio.get_running_loop().time() + _START_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            if self._process.returncode is not None:
                raise RayError(
                    f"ray start ended with code {self._process.returncode}: {_tail(output)}"
                )
            try:
                await ray_jobs.version(address)
                if b"This command will now block" in output.read_bytes():
                    return
            except RayError as error:
                if not error.lost:
                    raise
            await asyncio.sleep(0.3)
        raise RayError(f"ray did not answer within {_START_SECONDS} s: {_tail(output)}")

    async def stop(self) -> None:
        """Ends our Ray with everything below it; an external one is left alone."""
        if self.external:
            return
        self._closing = True
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()  # also ends a start that is under way
        async with self._lock:
            await self._end()

    async def _end(self) -> None:
        record, self._record, self._address = self._record, None, None
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.terminate()  # ray start --block ends what it started
            try:
                await asyncio.wait_for(process.wait(), 10)
            except asyncio.TimeoutError:
                log("ray did not end by itself in 10 s")
        if record is not None:
            _, removed = await asyncio.to_thread(clean_up, record, 5.0)
            if removed:  # else the next start looks again
                self._state.ray.unlink(missing_ok=True)
            log("ray is stopped")
        self.phase = "stopped"


def _tail(path: Path) -> str:
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    lines = [line.strip() for line in lines if line.strip()]
    return " ".join(lines[-1:])
