# SPDX-License-Identifier: Apache-2.0
"""What it takes to start a Ray that is private to this user: its environment, folder, ports and
command.
"""

from __future__ import annotations

import os
import random
import secrets
import socket
import sys
import tempfile
from pathlib import Path

from . import processes

_WORKER_PORTS = 400
# Ray makes unix sockets below its folder; their whole path must fit in 107 bytes.
_LONGEST_TEMP = 40
_DROP = {
    "RAY_ADDRESS", "RAY_TMPDIR", "RAY_NAMESPACE", "RAY_RUNTIME_ENV_HOOK",
    "RAY_JOB_CONFIG_JSON_ENV_VAR",
    "LANCEDB_API_KEY", "LANCEDB_URI", "LANCEDB_OTEL_COLLECTOR_URL", "PYTHONPATH", "PYTHONHOME",
    # Ray starts dozens of interpreters: without bytecode files each compiles its libraries anew,
    # and Ray's raylet then gives up waiting for its agents (15 s).
    "PYTHONDONTWRITEBYTECODE",
}  # fmt: skip
_DROP_PREFIXES = ("RAY_AUTH_", "GENEVACTL_")

# Ends Ray when the server is killed outright (prctl PR_SET_PDEATHSIG, Linux); elsewhere the next
# start cleans up. A program before the real one: a preexec_fn would fork beside pylance's threads.
DIE_WITH_PARENT = (
    "import ctypes,os,sys\n"
    "if sys.platform == 'linux': ctypes.CDLL(None).prctl(1, 15)\n"
    "if os.getppid() == int(sys.argv[1]): os.execv(sys.argv[2], sys.argv[2:])"
)


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
