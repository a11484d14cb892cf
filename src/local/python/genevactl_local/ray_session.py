# SPDX-License-Identifier: Apache-2.0
"""The Ray of this deployment: started with the first job, private to this user, stopped by process
id.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import secrets
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from . import processes, ray_jobs
from .logs import log
from .ray_jobs import RayAddress, RayError
from .state import State, process_start, write_atomic

_START_SECONDS = 180
_ATTEMPTS = 3
_WORKER_PORTS = 400
# Ray makes unix sockets below its folder; their whole path must fit in 107 bytes.
_LONGEST_TEMP = 40
_DROP = {
    "RAY_ADDRESS", "RAY_TMPDIR", "RAY_NAMESPACE", "RAY_RUNTIME_ENV_HOOK",
    "RAY_JOB_CONFIG_JSON_ENV_VAR",
    "LANCEDB_API_KEY", "LANCEDB_URI", "LANCEDB_OTEL_COLLECTOR_URL", "PYTHONPATH", "PYTHONHOME",
    # Ray starts dozens of interpreters: without bytecode files each compiles its libraries anew,
    # and
    # Ray's raylet then gives up waiting for its agents (15 s).
    "PYTHONDONTWRITEBYTECODE",
}  # fmt: skip
_DROP_PREFIXES = ("RAY_AUTH_", "GENEVACTL_")


def environment(token_path: Path, mark: str, metric_ports: list[int]) -> dict[str, str]:
    """What Ray and everything below it inherits: the server's environment less keys and foreign
    Rays.
    """
    env = {
        k: v for k, v in os.environ.items() if k not in _DROP and not k.startswith(_DROP_PREFIXES)
    }
    env.update(
        {
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN_PATH": str(token_path),
            "RAY_USAGE_STATS_ENABLED": "0",
            # The name notwithstanding: with 0 every Ray process listens on 127.0.0.1 and nothing
            # else.
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
            # Else every Ray of the machine wants the same two.
            "DASHBOARD_METRIC_PORT": str(metric_ports[0]),
            "AUTOSCALER_METRIC_PORT": str(metric_ports[1]),
            "GENEVA_TELEMETRY_INIT_ON_IMPORT": "false",
            "GENEVA_ENABLE_OTEL_LANCE_METRICS": "false",
            processes.MARK: mark,
            # A job without a manifest runs "python": it must be the server's own.
            "PATH": os.path.dirname(sys.executable) + os.pathsep + env.get("PATH", os.defpath),
        }
    )
    return env


def make_temp_dir() -> Path:
    """A new private folder whose path is short enough for Ray's sockets."""
    # Not $XDG_RUNTIME_DIR: it is small and in memory, and Ray copies whole environments below this
    # folder.
    base = tempfile.gettempdir()
    name = f"gctl-{os.getuid()}-{secrets.token_hex(4)}"
    if len(os.path.join(base, name)) > _LONGEST_TEMP:
        base = "/tmp"
    folder = Path(base) / name
    folder.mkdir(mode=0o700)
    return folder


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago, all different."""
    held = [socket.socket() for _ in range(count)]
    try:
        for sock in held:
            sock.bind(("127.0.0.1", 0))
        return [sock.getsockname()[1] for sock in held]
    finally:
        for sock in held:
            sock.close()


def free_range(count: int, taken: set[int]) -> int:
    """The first of `count` consecutive ports, below the ephemeral range, of which nearly all are
    free.
    """
    best, most = 20000, -1
    for _ in range(8):
        first = random.randrange(20000, 32000 - count)
        free = sum(
            1 for port in range(first, first + count) if port not in taken and _is_free(port)
        )
        if free == count:
            return first
        if free > most:
            best, most = first, free
    return best


def _is_free(port: int) -> bool:
    with socket.socket() as sock:
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def command(temp_dir: Path) -> tuple[list[str], int]:
    """`ray start --head` with ports of its own; returns it and the Jobs API's port."""
    names = [
        "port", "dashboard-port", "ray-client-server-port", "node-manager-port",
        "object-manager-port",
        "dashboard-agent-listen-port", "dashboard-agent-grpc-port", "runtime-env-agent-port",
        "metrics-export-port",
    ]  # fmt: skip
    ports = dict(zip(names, free_ports(len(names))))
    first = free_range(_WORKER_PORTS, set(ports.values()))
    words = [
        sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block",
        "--node-ip-address=127.0.0.1", "--dashboard-host=127.0.0.1", "--include-dashboard=true",
        f"--temp-dir={temp_dir / 'ray'}", '--resources={"geneva_ray_head": 1}',
        f"--min-worker-port={first}", f"--max-worker-port={first + _WORKER_PORTS - 1}",
        "--disable-usage-stats", "--log-style=record",
    ]  # fmt: skip
    words += [f"--{name}={port}" for name, port in ports.items()]
    return words, ports["dashboard-port"]


# Ends Ray when the server is killed outright (prctl PR_SET_PDEATHSIG, Linux); elsewhere the next
# start cleans up. A program before the real one: a preexec_fn would fork beside pylance's threads.
_DIE_WITH_PARENT = (
    "import ctypes,os,sys\n"
    "if sys.platform == 'linux': ctypes.CDLL(None).prctl(1, 15)\n"
    "if os.getppid() == int(sys.argv[1]): os.execv(sys.argv[2], sys.argv[2:])"
)


class RaySession:
    """`auto`: a Ray of our own, started on demand. Else an external Jobs API that is never started
    or stopped.
    """

    def __init__(self, state: State, external: str | None):
        self._state = state
        self._external = external
        self._lock = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._record: dict | None = None
        self._address: RayAddress | None = None
        self._closing = False
        self.phase = "external" if external else "stopped"

    def status(self) -> dict:
        """For `status`: state, the Jobs API's address and the dashboard's (the same URL)."""
        url = self._external or (
            self._address.url if self._address and self.phase == "running" else None
        )
        return {"state": self.phase, "address": url, "dashboard": url}

    async def address(self) -> RayAddress:
        """The Jobs API, started where it does not run. Raises RayError with the reason."""
        if self._external:
            return external_address(self._external)
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
        temp_dir = make_temp_dir()
        token_path = temp_dir / "token"
        token = secrets.token_hex(32)
        write_atomic(token_path, token.encode())
        mark = secrets.token_hex(16)
        self._record = {"mark": mark, "temp_dir": str(temp_dir)}
        self._save_record()
        words, port = command(temp_dir)
        log(f"starting ray below {temp_dir}, jobs API on port {port}")
        with open(temp_dir / "start.log", "wb") as out:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", _DIE_WITH_PARENT, str(os.getpid()), *words,
                stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out, cwd=temp_dir,
                env=environment(token_path, mark, free_ports(2)), start_new_session=True,
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
        if self._external:
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


def _tail(path: Path) -> str:
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    lines = [line.strip() for line in lines if line.strip()]
    return " ".join(lines[-1:])
