# SPDX-License-Identifier: Apache-2.0
"""Ray's Jobs API over HTTP: submit, status, stop, logs."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

import aiohttp

TERMINAL = {"SUCCEEDED", "FAILED", "STOPPED"}
_TIMEOUT = aiohttp.ClientTimeout(total=60)
_MAX_LOG = 4 << 20


class RayError(Exception):
    """Ray refused or could not be reached; the text says which. `lost` when it may come back,
    `unsent` when nothing of the request can have got there.
    """

    def __init__(self, text: str, lost: bool = False, status: int = 0, unsent: bool = False):
        super().__init__(text)
        self.lost = lost
        self.status = status
        self.unsent = unsent


@dataclass(frozen=True)
class RayAddress:
    """Where a Jobs API listens, and the token that it wants (None: no authentication)."""

    url: str
    token: str | None = None

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


async def _call(ray: RayAddress, method: str, path: str, body=None):
    try:
        async with aiohttp.ClientSession(timeout=_TIMEOUT, trust_env=False) as session:
            async with session.request(
                method, ray.url + path, json=body, headers=ray.headers(), allow_redirects=False
            ) as response:
                if response.status != 200:
                    text = (await response.text())[-2000:]
                    lost = response.status in (502, 503, 504)
                    raise RayError(
                        f"Ray at {ray.url} answered {response.status}: {text}",
                        lost,
                        response.status,
                    )
                return await response.json()
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        raise RayError(
            f"Ray at {ray.url} cannot be reached: {error or type(error).__name__}",
            lost=True,
            unsent=isinstance(error, aiohttp.ClientConnectorError),
        ) from error


async def version(ray: RayAddress) -> dict:
    return await _call(ray, "GET", "/api/version")


async def submit(ray: RayAddress, submission_id: str, entrypoint: str, runtime_env: dict) -> None:
    """Starts a job; the caller's id makes a second submission harmless (Ray refuses it)."""
    body = {"submission_id": submission_id, "entrypoint": entrypoint, "runtime_env": runtime_env}
    await _call(ray, "POST", "/api/jobs/", body)


async def status(ray: RayAddress, submission_id: str) -> tuple[str, str]:
    """The job's status and message; ("MISSING", "") when Ray does not know it."""
    try:
        answer = await _call(ray, "GET", f"/api/jobs/{submission_id}")
    except RayError as error:
        if error.status == 404:
            return "MISSING", ""
        raise
    return answer["status"], answer.get("message") or ""


async def stop(ray: RayAddress, submission_id: str) -> None:
    """Asks Ray to end the job's driver; harmless when it has ended."""
    try:
        await _call(ray, "POST", f"/api/jobs/{submission_id}/stop")
    except RayError as error:
        if error.status != 404:
            raise


async def whole_log(ray: RayAddress, submission_id: str) -> str:
    """What the driver has printed; empty when there is nothing yet."""
    try:
        answer = await _call(ray, "GET", f"/api/jobs/{submission_id}/logs")
    except RayError:
        return ""
    return answer.get("logs") or ""


async def logs(ray: RayAddress, submission_id: str) -> str:
    """The last 4 MiB of it."""
    return (await whole_log(ray, submission_id))[-_MAX_LOG:]


async def ray_job(ray: RayAddress, submission_id: str) -> str | None:
    """Ray's own id of the job, by which its workers' files are named; None before it has one."""
    try:
        answer = await _call(ray, "GET", f"/api/jobs/{submission_id}")
    except RayError:
        return None
    return answer.get("job_id") or (answer.get("driver_info") or {}).get("id")


def external_address(url: str) -> RayAddress:
    """An external Jobs API with the token of the environment, if there is one."""
    token = os.environ.get("RAY_AUTH_TOKEN")
    path = os.environ.get("RAY_AUTH_TOKEN_PATH")
    if not token and path:
        try:
            token = Path(path).expanduser().read_text("utf-8").strip()
        except OSError as error:
            raise RayError(
                f"RAY_AUTH_TOKEN_PATH {path} cannot be read: {error.strerror}"
            ) from error
    return RayAddress(url.rstrip("/"), token or None)
