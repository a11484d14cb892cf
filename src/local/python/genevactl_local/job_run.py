# SPDX-License-Identifier: Apache-2.0
"""One job on Ray: submit, watch until it ends, and say how it ended."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from . import jobs_table, manifests, output, ray_jobs
from .databases import Databases
from .errors import ApiError
from .jobs import Job
from .logs import log
from .output import Output
from .ray_jobs import RayAddress, RayError, external_address
from .ray_session import RaySession

_POLL_SECONDS = 1.0
_POLL_ENDING_SECONDS = 0.2
_LOST_SECONDS = 60.0
_SUBMIT_SECONDS = 60.0
_STOP_SECONDS = 30.0
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_MAX_REASON = 4000


@dataclass(frozen=True)
class Outcome:
    """The status that a job's record is to have in the end, and the event that says why."""

    status: str
    reason: str | None = None


class JobRun:
    """The life of one job on Ray. `end` may be called at any time from the event loop."""

    def __init__(self, job: Job, databases: Databases, ray: RaySession, versions: dict):
        self.job = job
        self._databases = databases
        self._ray = ray
        self._versions = versions
        self._address: RayAddress | None = None
        self._sent = False  # Ray may know of it
        self._ended = asyncio.Event()
        self._ending = False  # the engine has written the end; its process is about to go
        self._forced: Outcome | None = None

    def end(self, outcome: Outcome) -> None:
        """Makes the job end as soon as it can, with this outcome."""
        self._forced = self._forced or outcome
        self._ended.set()

    async def logs(self) -> str:
        return "" if self._address is None else await ray_jobs.logs(self._address, self.job.job_id)

    async def outputs(self) -> dict[str, Output]:
        """What its processes have printed, by source."""
        if self._address is None:
            return {}
        text = await ray_jobs.whole_log(self._address, self.job.job_id)
        found = {output.DRIVER: Output.of_text(text)}
        folder = None if self.job.address else self._ray.logs_folder()
        if folder is not None:
            number = await ray_jobs.ray_job(self._address, self.job.job_id)
            if number:
                found.update(await asyncio.to_thread(output.of_workers, folder, number))
        return found

    async def run(self) -> Outcome:
        """Submits and watches; returns how it ended."""
        try:
            address = await self._unless_ended(self._reach())
            if address is not None:
                self._address = address
                await self._submit()
            status, message = await self._watch()
        except RayError as error:
            return self._forced or Outcome("FAILED", str(error)[-_MAX_REASON:])
        if self._forced is not None:
            return self._forced
        if status == "SUCCEEDED":
            return Outcome("DONE")
        return Outcome("FAILED", await self._reason(status, message))

    async def _reach(self) -> RayAddress:
        return external_address(self.job.address) if self.job.address else await self._ray.address()

    async def _unless_ended(self, work):
        """The result of `work`, or None when `end` came first; the work is not broken off."""
        task = asyncio.ensure_future(work)
        waiter = asyncio.ensure_future(self._ended.wait())
        await asyncio.wait([task, waiter], return_when=asyncio.FIRST_COMPLETED)
        waiter.cancel()
        if task.done():
            return task.result()
        task.add_done_callback(lambda t: t.exception() if not t.cancelled() else None)
        return None

    async def _submit(self) -> None:
        env = manifests.runtime_env(self.job.manifest, self._versions["geneva"], self.job.folder)
        deadline = asyncio.get_running_loop().time() + _SUBMIT_SECONDS
        while not self._ended.is_set():
            try:
                await ray_jobs.submit(self._address, self.job.job_id, entrypoint(self.job), env)
                log(f"job {self.job.job_id} submitted to {self._address.url}")
                self._sent = True
                return
            except RayError as error:
                known = (await self._state())[0] not in ("MISSING", "UNKNOWN")
                self._sent = self._sent or known or not error.unsent
                if known:
                    return  # an earlier try of ours went through
                # Ray answers 500 until its first agent has registered.
                if (
                    error.status not in (0, 500, 502, 503, 504)
                    or asyncio.get_running_loop().time() > deadline
                ):
                    raise
                await asyncio.sleep(1)

    async def _state(self) -> tuple[str, str]:
        try:
            return await ray_jobs.status(self._address, self.job.job_id)
        except RayError as error:
            return ("MISSING", "") if error.status == 404 else ("UNKNOWN", str(error))

    async def _watch(self) -> tuple[str, str]:
        """Polls until the job ended, or nobody answers any more, or `end` was called."""
        loop = asyncio.get_running_loop()
        last_answer = loop.time()
        stop_at = None
        while self._address is not None:
            if self._ended.is_set() and not self._sent:
                return "STOPPED", ""
            status, message = await self._state()
            if status in ray_jobs.TERMINAL:
                return status, message
            if status not in ("UNKNOWN", "MISSING"):
                last_answer = loop.time()
            elif loop.time() - last_answer > _LOST_SECONDS:
                return (
                    "LOST",
                    f"contact with Ray was lost: {message or 'it does not know the job any more'}",
                )
            if self._ended.is_set():
                if status == "MISSING":  # it was never submitted
                    return "STOPPED", ""
                if stop_at is None:
                    stop_at = loop.time()
                    await self._stop()
                elif loop.time() - stop_at > _STOP_SECONDS:
                    return "STOPPED", ""
            elif not self._ending:
                await self._reconcile()
            await self._pause(stop_at is not None)
        return "STOPPED", ""

    async def _pause(self, stopping: bool) -> None:
        if stopping:
            await asyncio.sleep(0.3)
            return
        try:
            seconds = _POLL_ENDING_SECONDS if self._ending else _POLL_SECONDS
            await asyncio.wait_for(self._ended.wait(), seconds)
        except asyncio.TimeoutError:
            pass

    async def _stop(self) -> None:
        try:
            await ray_jobs.stop(self._address, self.job.job_id)
        except RayError as error:
            log(f"job {self.job.job_id}: ray could not stop it: {error}")

    async def _reconcile(self) -> None:
        """Puts back what the engine's or the client's own update of the record has dropped."""
        try:
            await asyncio.to_thread(self._reconcile_now)
        except (OSError, ValueError, ApiError) as error:
            log(f"job {self.job.job_id}: its record could not be read: {error}")

    def _reconcile_now(self) -> None:
        database = self._databases.get(self.job.database)
        record = jobs_table.read(database, self.job.job_id)
        if record is None:
            return
        values = self.missing(self.job, record)
        if values:
            jobs_table.update(database, self.job.job_id, values)
        self._ending = record["status"] in jobs_table.TERMINAL

    @staticmethod
    def missing(job: Job, record: dict) -> dict:
        """The fields of ours that the record lacks; the engine's own config keys are kept beside
        ours.
        """
        ours = job.record()
        values = {
            key: ours[key]
            for key in ("manifest_id", "manifest_checksum", "cluster_name")
            if ours[key] is not None and record.get(key) != ours[key]
        }
        try:
            config = json.loads(record.get("config") or "{}")
        except ValueError:
            config = {}
        if not isinstance(config, dict):
            config = {}
        if any(config.get(key) != value for key, value in job.config.items()):
            if "where" in config and "where" not in job.config:
                config["engine_where"] = config.pop("where")
            for key in set(config) & {"concurrency", "intra_applier_concurrency"} - set(job.config):
                config[f"engine_{key}"] = config.pop(key)
            values["config"] = json.dumps({**config, **job.config})
        return values

    async def _reason(self, status: str, message: str) -> str:
        if "runtime_env" in message or "runtime environment" in message.lower():
            return install_reason(self.job, message)
        text = _ANSI.sub("", await self.logs()).replace("\r", "\n")
        lines = [line.rstrip() for line in text.splitlines() if line.strip()]
        tail = "\n".join(lines[-12:])
        head = (
            message.strip().splitlines()[0] if message.strip() else f"the Ray job ended: {status}"
        )
        return f"{head}\n{tail}"[-_MAX_REASON:] if status != "LOST" else head


def install_reason(job: Job, message: str) -> str:
    """The end of the installer's own words, out of Ray's long story of a failed runtime
    environment.
    """
    lines = [_ANSI.sub("", line).strip() for line in message.replace("\\n", "\n").splitlines()]
    errors = [
        line for line in lines if line.startswith(("ERROR:", "error:", "×", "hint:", "fatal:"))
    ]
    told = errors[-6:] or [line for line in lines if line][-6:]
    name = (job.manifest or {}).get("name")
    return f"manifest '{name}' could not be installed: " + "\n".join(told)[-_MAX_REASON:]


def task_of(job: Job) -> dict:
    """What the driver is told."""
    return {
        "job_id": job.job_id,
        "folder": job.folder,
        "table": job.table,
        "column": None if job.source else job.column,
        "arguments": job.arguments,
    }


def entrypoint(job: Job) -> str:
    """The driver and its task inside the command itself: it then runs on any cluster, with no file
    to find.

    Not in the environment: Ray starts extra processes for every environment that it has not seen.
    """
    source = (Path(__file__).parent / "driver.py").read_bytes()
    packed = base64.b64encode(zlib.compress(source, 9)).decode()
    task = base64.b64encode(json.dumps(task_of(job), ensure_ascii=False).encode()).decode()
    code = f"import base64,zlib;exec(zlib.decompress(base64.b64decode('{packed}')))"
    return f'python -c "{code}" {task}'
