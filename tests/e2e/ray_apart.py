# SPDX-License-Identifier: Apache-2.0
"""A Ray that no deployment started: with a resource that no other has, and a token of its own."""

import contextlib
import secrets
import shutil
import subprocess
import sys
import time

from conftest import ROOT

sys.path.insert(0, str(ROOT / "src" / "local" / "python"))


@contextlib.contextmanager
def ray_apart(resource="second", **variables):
    """Its Jobs API's address and its token's file. Its processes have the variables."""
    from genevactl_local import processes, ray_start
    from genevactl_local.state import process_start

    folder = ray_start.make_temp_dir()
    token = folder / "token"
    token.write_text(secrets.token_hex(32))
    token.chmod(0o600)
    mark = secrets.token_hex(16)
    words, port = ray_start.command(folder)
    words = [word.replace('_head": 1', f'_head": 1, "{resource}": 1') for word in words]
    environment = ray_start.environment(token, mark, ray_start.free_ports(2))
    output = folder / "start.log"
    with open(output, "wb") as out:
        process = subprocess.Popen(
            words, cwd=folder, env={**environment, **variables},
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
        )
    session = processes.Session(mark, str(folder), process.pid, process_start(process.pid))
    try:
        deadline = time.monotonic() + 180
        while b"This command will now block" not in output.read_bytes():
            assert process.poll() is None and time.monotonic() < deadline, output.read_text()
            time.sleep(0.3)
        yield f"http://127.0.0.1:{port}", token
    finally:
        processes.end(session, 5)
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
