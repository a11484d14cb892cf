# SPDX-License-Identifier: Apache-2.0
"""The life of the server: state folder, listening, signals, idle exit, shutdown."""

from __future__ import annotations

import asyncio
import os
import platform
import signal
import sys
from argparse import Namespace
from importlib import metadata
from pathlib import Path

from aiohttp import web

from . import buckets, config, manifests
from .app import Server, make_app
from .buckets import Bucket
from .databases import BucketDatabases, Databases
from .errors import ApiError
from .job_queue import JobQueue
from .logs import log, now
from .ray_cleanup import clean_up_orphan
from .ray_session import RaySession
from .state import State, StateError, process_start

_IDLE_POLL_SECONDS = 1.0


def versions() -> dict[str, str | None]:
    """The versions of what jobs run on."""
    found: dict[str, str | None] = {"python": platform.python_version()}
    for name in ("geneva", "lancedb", "pylance", "pyarrow", "ray"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    return found


def deployment_of(options: Namespace, root: Path | str) -> config.Deployment:
    """Reads deployment.toml and checks the default manifest. Raises ConfigError."""
    folder = root if options.root and not buckets.is_url(root) else Path(options.state)
    path = Path(options.config) if options.config else folder / "deployment.toml"
    deployment = config.load(path.absolute(), must_exist=bool(options.config))
    if deployment.default_manifest is not None:
        try:
            manifests.check(deployment.default_manifest, f"{path}: default_manifest")
        except ApiError as error:
            raise config.ConfigError(error.text) from error
    return deployment


def open_bucket(options: Namespace) -> Bucket | None:
    """The bucket of a root that is a URL, reached once. Raises ConfigError. Blocking."""
    if not options.root or not buckets.is_url(options.root):
        return None
    bucket = Bucket.of(options.root, os.environ)
    os.environ.update(bucket.environment())
    bucket.probe()
    return bucket


async def serve(options: Namespace) -> int:
    """Runs until a signal or the idle timeout; returns the exit code. Raises StateError,
    ConfigError.
    """
    kind = "root" if options.root else "database"
    bucket = await asyncio.to_thread(open_bucket, options)
    root = bucket.url if bucket else Path(options.root or options.database).absolute()
    if bucket is None and not root.is_dir():
        raise StateError(f"{root} is not a folder")
    deployment = deployment_of(options, root)
    external = None if options.ray == "auto" else config.check_address(options.ray, "--ray")
    state = State(Path(options.state).absolute())
    state.open()
    key = state.key()
    await asyncio.to_thread(clean_up_orphan, state)

    facts = {**versions(), "root": str(root), "kind": kind, "pid": os.getpid(), "started_at": now()}
    databases = BucketDatabases(bucket) if bucket else Databases(root, kind)
    ray = RaySession(state, external)
    max_jobs = options.max_jobs or deployment.max_jobs or 1
    queue = JobQueue(state, databases, ray, max_jobs, facts)
    server = Server(
        databases, deployment, queue, ray, facts, bool(external), options.idle_timeout or None
    )
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)

    runner = web.AppRunner(make_app(server, key), access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", options.port)
        try:
            await site.start()
        except OSError as error:
            raise StateError(
                f"cannot listen on 127.0.0.1:{options.port}: {error.strerror}", 2
            ) from error
        facts["url"] = f"http://127.0.0.1:{runner.addresses[0][1]}"
        await queue.recover()
        state.publish(endpoint(facts))
        log(f"serving {kind} {root} at {facts['url']}, {max_jobs} job(s) at once")
        await wait_for_end(server, stopping)
    finally:
        log("stopping")
        state.withdraw()
        await runner.cleanup()
        await queue.stop()
        await ray.stop()
        server.pool.shutdown(wait=False, cancel_futures=True)
    log("stopped")
    return 0


def endpoint(facts: dict) -> dict:
    """What endpoint.json says."""
    return {
        "pid": facts["pid"],
        "process_start": process_start(facts["pid"]),
        "url": facts["url"],
        "root": facts["root"],
        "kind": facts["kind"],
        "version": 1,
        "python": sys.executable,
        "geneva": facts["geneva"],
        "started_at": facts["started_at"],
    }


async def wait_for_end(server: Server, stopping: asyncio.Event) -> None:
    """Returns at a signal, or when nothing has been asked or run for the idle timeout."""
    while not stopping.is_set():
        try:
            await asyncio.wait_for(stopping.wait(), _IDLE_POLL_SECONDS)
        except asyncio.TimeoutError:
            timeout = server.idle_timeout
            if timeout and server.queue.idle() and server.idle_seconds() >= timeout:
                log(f"idle for {timeout} s")
                return
