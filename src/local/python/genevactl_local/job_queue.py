# SPDX-License-Identifier: Apache-2.0
"""The queue of jobs: one file each, a number at once, surviving a restart of the server."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

from . import jobs_table
from .databases import Databases
from .errors import ApiError, Code
from .job_run import JobRun, Outcome
from .jobs import Job
from .logs import log
from .output import DRIVER, Output
from .ray_session import RaySession
from .state import State, write_atomic

_KEEP_FINISHED = 500
_AFTERWARDS_SECONDS = 3.0
_TOUCH_SECONDS = 240.0  # well below the time after which clients take a record for stale
RESTART_REASON = "the control plane ended while this job was running"
STOP_REASON = "the control plane was stopped while this job was running"


class JobQueue:
    """Runs queued jobs in order; all its methods belong to the event loop's thread."""

    def __init__(
        self, state: State, databases: Databases, ray: RaySession, max_jobs: int, versions: dict
    ):
        self._state = state
        self._databases = databases
        self._ray = ray
        self._max_jobs = max_jobs
        self._versions = versions
        self._jobs: dict[str, Job] = {}
        self._waiting: list[str] = []
        self._running: dict[str, tuple[JobRun, asyncio.Task]] = {}
        self._stopping = False
        self._afterwards: set[asyncio.Task] = set()
        self._touching: asyncio.Task | None = None
        self.last_active = time.monotonic()

    # -- life ---------------------------------------------------------------------------------

    async def recover(self) -> None:
        """Reads the files of an earlier server: what ran is FAILED, what was queued is queued
        again.
        """
        jobs = sorted(await asyncio.to_thread(self._read_all), key=lambda job: job.created)
        for job in jobs:
            self._jobs[job.job_id] = job
            if job.state == "queued":
                self._waiting.append(job.job_id)
            elif job.state == "running":
                await self._finish(job, Outcome("FAILED", RESTART_REASON))
        if self._waiting:
            log(f"{len(self._waiting)} queued jobs of an earlier server go on")
        await asyncio.to_thread(self._prune)
        self._pump()
        self._touching = asyncio.create_task(self._keep_touching())

    async def stop(self) -> None:
        """Ends running jobs (FAILED); queued ones stay in their files."""
        self._stopping = True
        if self._touching is not None:
            self._touching.cancel()
        running = list(self._running.values())
        for run, _ in running:
            run.end(Outcome("FAILED", STOP_REASON))
        if running:
            await asyncio.wait([task for _, task in running], timeout=20)

    # -- requests -----------------------------------------------------------------------------

    async def add(self, job: Job) -> None:
        """Writes the PENDING record and the job's file, then queues it."""
        database = await asyncio.to_thread(self._databases.get, job.database)
        await asyncio.to_thread(jobs_table.insert, database, job.record())
        await self._save(job)
        self._jobs[job.job_id] = job
        self._waiting.append(job.job_id)
        for note in job.notes:
            log(f"job {job.job_id}: {note}")
        log(
            f"job {job.job_id} queued: {'.'.join(job.table)} {job.column}, manifest origin "
            f"{job.origin}"
        )
        self._pump()

    async def cancel(self, job_id: str) -> None:
        """Ends a job and marks it CANCELLED. Raises 404 for an unknown id, 409 for one that has
        ended.
        """
        job = self._known(job_id)
        outcome = Outcome("CANCELLED", "cancelled by request")
        live = job_id in self._running or job_id in self._waiting
        if job_id in self._running:
            run, task = self._running[job_id]
            run.end(outcome)
            await asyncio.wait([task], timeout=60)
        elif job_id in self._waiting:
            self._waiting.remove(job_id)
            await self._finish(job, outcome)
        if not live or job.state != "CANCELLED":
            raise ApiError(
                Code.CONCURRENT_MODIFICATION, f"job {job_id} has already ended", detail=job.state
            )

    async def logs(self, job_id: str) -> str:
        """What the job's driver has printed so far."""
        self._known(job_id)
        if job_id in self._running:
            return await self._running[job_id][0].logs()
        path = self._log_path(job_id)
        return await asyncio.to_thread(path.read_text, "utf-8", "replace") if path.exists() else ""

    async def output(self, job_id: str, positions: dict[str, int]) -> dict:
        """What each process of a job has printed since these positions."""
        job = self._known(job_id)
        ended = False
        if job_id in self._running:
            outputs = await self._running[job_id][0].outputs()
        else:
            ended = job.state not in ("queued", "running")
            outputs = await asyncio.to_thread(self._kept_output, job_id) if ended else {}
        elsewhere = job.address or self._ray.external
        note = f"workers run at {elsewhere}: Ray forwards what they print" if elsewhere else ""
        parts = [o.part(name, positions.get(name, 0), ended) for name, o in outputs.items()]
        return {"job_id": job_id, "ended": ended, "note": note, "parts": parts}

    def columns_in_use(self, database: str, table: list[str]) -> dict[str, list[str]]:
        """The top-level columns that queued and running jobs read or write, with these jobs."""
        found: dict[str, list[str]] = {}
        for job in self._jobs.values():
            live = job.state in ("queued", "running")
            if live and job.database == database:
                for name in job.columns_in_use(table):
                    found.setdefault(name, []).append(job.job_id)
        return found

    def jobs_of(self, database: str, table: list[str]) -> list[str]:
        """The queued and running jobs that read or write a table."""
        return [
            job.job_id
            for job in self._jobs.values()
            if job.state in ("queued", "running")
            and job.database == database
            and table in (job.table, job.source)
        ]

    def counts(self) -> dict[str, int]:
        return {"running": len(self._running), "queued": len(self._waiting)}

    def idle(self) -> bool:
        return not self._running and not self._waiting

    async def touch_waiting(self) -> None:
        """Says in the records of queued jobs that they are still known: a client takes a record
        that nobody updates for that of a lost job.
        """
        for job in [self._jobs[job_id] for job_id in self._waiting]:
            try:
                database = await asyncio.to_thread(self._databases.get, job.database)
                await asyncio.to_thread(
                    jobs_table.update, database, job.job_id, {}, unless_terminal=True
                )
            except (OSError, ValueError, ApiError) as error:
                log(f"job {job.job_id}: its record could not be updated: {error}")

    async def _keep_touching(self) -> None:
        while True:
            await asyncio.sleep(_TOUCH_SECONDS)
            await self.touch_waiting()

    # -- running ------------------------------------------------------------------------------

    def _pump(self) -> None:
        while not self._stopping and self._waiting and len(self._running) < self._max_jobs:
            job = self._jobs[self._waiting.pop(0)]
            run = JobRun(job, self._databases, self._ray, self._versions)
            task = asyncio.create_task(self._run(job, run))
            self._running[job.job_id] = (run, task)

    async def _run(self, job: Job, run: JobRun) -> None:
        outcome = Outcome("FAILED", "the control plane could not run this job")
        try:
            job.state = "running"
            await self._save(job)
            outcome = await run.run()
        except Exception as error:  # a job must end in its record, whatever happened
            log(f"job {job.job_id}: {type(error).__name__}: {error}")
            outcome = Outcome("FAILED", f"the control plane could not run this job: {error}")
        finally:
            try:
                await asyncio.gather(self._finish(job, outcome), self._keep_logs(job, run))
            finally:
                self._running.pop(job.job_id, None)
                self.last_active = time.monotonic()
                self._look_again(job, outcome)
                self._pump()

    async def _keep_logs(self, job: Job, run: JobRun) -> None:
        outputs = await run.outputs()
        driver = outputs.get(DRIVER, Output(0, b""))
        kept = json.dumps({name: output.to_json() for name, output in outputs.items()})
        try:
            await asyncio.to_thread(write_atomic, self._log_path(job.job_id), driver.data)
            await asyncio.to_thread(write_atomic, self._output_path(job.job_id), kept.encode())
        except OSError as error:
            log(f"job {job.job_id}: its log could not be kept: {error}")

    def _look_again(self, job: Job, outcome: Outcome) -> None:
        """A dying worker may still write the record: whoever was last, the outcome stands."""

        async def later() -> None:
            await asyncio.sleep(_AFTERWARDS_SECONDS)
            try:
                await asyncio.to_thread(self._settle, job, outcome)
            except (OSError, ValueError, ApiError) as error:
                log(f"job {job.job_id}: its record could not be read: {error}")

        if not self._stopping and outcome.status != "DONE":
            task = asyncio.create_task(later())
            self._afterwards.add(task)
            task.add_done_callback(self._afterwards.discard)

    async def _finish(self, job: Job, outcome: Outcome) -> None:
        """Makes record and file agree with how the job ended. The record's own terminal status
        wins.
        """
        status = outcome.status
        try:
            status = await asyncio.to_thread(self._settle, job, outcome)
        except (OSError, ValueError, ApiError) as error:
            log(f"job {job.job_id}: its record could not be updated: {error}")
        job.state = status
        await self._save(job)
        reason = (
            f": {outcome.reason.splitlines()[0][:200]}"
            if outcome.reason and status == outcome.status
            else ""
        )
        log(f"job {job.job_id} ended: {status}{reason}")

    def _settle(self, job: Job, outcome: Outcome) -> str:
        database = self._databases.get(job.database)
        record = jobs_table.read(database, job.job_id)
        if record is None:
            return outcome.status
        values = JobRun.missing(job, record)
        event = None
        status = record["status"]
        overruled = outcome.status == "CANCELLED" and status == "FAILED"
        if status not in jobs_table.TERMINAL or overruled:
            status = outcome.status
            values["status"] = status
            event = outcome.reason
        elif status == "FAILED" and outcome.status == "FAILED" and not _says_why(record["events"]):
            event = outcome.reason
        if status == "FAILED" and record.get("completed_at") is None:
            values["status"] = status
        if values or event:
            jobs_table.update(database, job.job_id, values, event)
        return status

    # -- files --------------------------------------------------------------------------------

    def _known(self, job_id: str) -> Job:
        if job_id not in self._jobs:
            raise ApiError(Code.TABLE_NOT_FOUND, f"job '{job_id}' is not known to this deployment")
        return self._jobs[job_id]

    async def _save(self, job: Job) -> None:
        await asyncio.to_thread(write_atomic, self._path(job.job_id), job.to_json())

    def _path(self, job_id: str) -> Path:
        return self._state.jobs / f"{job_id}.json"

    def _log_path(self, job_id: str) -> Path:
        return self._state.jobs / f"{job_id}.log"

    def _output_path(self, job_id: str) -> Path:
        return self._state.jobs / f"{job_id}.output"

    def _kept_output(self, job_id: str) -> dict[str, Output]:
        try:
            kept = json.loads(self._output_path(job_id).read_bytes())
        except FileNotFoundError:
            return {}
        return {name: Output.from_json(entry) for name, entry in kept.items()}

    def _read_all(self) -> list[Job]:
        jobs = []
        for path in self._state.jobs.glob("*.json"):
            if path.name.startswith("."):
                continue
            try:
                jobs.append(Job.from_json(path.read_bytes()))
            except (OSError, ValueError, TypeError) as error:
                log(f"job file {path.name} is unreadable and is skipped: {error}")
        return jobs

    def _prune(self) -> None:
        ended = [j for j in self._jobs.values() if j.state not in ("queued", "running")]
        for job in sorted(ended, key=lambda j: j.created)[:-_KEEP_FINISHED]:
            self._path(job.job_id).unlink(missing_ok=True)
            self._log_path(job.job_id).unlink(missing_ok=True)
            self._output_path(job.job_id).unlink(missing_ok=True)
            del self._jobs[job.job_id]


def _says_why(events) -> bool:
    """Whether the last event is more than a heading that every failed job gets."""
    last = events[-1] if events else ""
    return len(last) > 60 or "rror" in last
