# SPDX-License-Identifier: Apache-2.0
"""Servers for the tests: without Ray, over a stand-in of its Jobs API, and with a real one."""

import signal
import sys
import uuid
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parents[1] / "src" / "local" / "python"))

from running_server import RunningServer  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "engine: runs jobs on a real Ray")
    config.addinivalue_line("markers", "seconds(n): the test may take that long")


@pytest.fixture(autouse=True)
def time_limit(request):
    """Every test ends: after 180 s, or what its `seconds` mark says."""
    mark = request.node.get_closest_marker("seconds")
    limit = mark.args[0] if mark else 180

    def too_long(_number, _frame):
        pytest.fail(f"the test took more than {limit} s", pytrace=True)

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(limit)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def start(tmp_path):
    """Starts servers that end with the test: `start(root=…, ray=…, config=…)`."""
    servers = []

    def make(**options):
        options.setdefault("folder", tmp_path / f"server{len(servers)}")
        server = RunningServer(**options)
        servers.append(server)
        server.start()
        return server

    yield make
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One server of the module that reaches no Ray: nothing listens where it would look for one."""
    server = RunningServer(tmp_path_factory.mktemp("server"), ray="http://127.0.0.1:1")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    """The one server of the session with a real Ray, and a deployment default that only sets a
    variable.
    """
    folder = tmp_path_factory.mktemp("engine")
    root = folder / "root"
    root.mkdir()
    (root / "deployment.toml").write_text(
        "[default_manifest]\nname = 'default-env'\nenv_vars = {GCTL_DEFAULT = 'from the "
        "deployment'}\n"
    )
    # A manifest that cannot be installed is tried once: Ray copies the tests' whole environment for
    # each of its usual three tries.
    server = RunningServer(folder, root=root, env={"RUNTIME_ENV_RETRY_TIMES": "1"})
    server.start()
    yield server
    server.stop()


@pytest.fixture
def database():
    """A database name of the test's own."""
    return "db_" + uuid.uuid4().hex[:8]
