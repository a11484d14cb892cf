# SPDX-License-Identifier: Apache-2.0
"""A store's server as a process of its own, on a port that it chose itself."""

import re
import subprocess
import time


class Server:
    def __init__(self, command, log, says, **environment):
        """`says` is what its log has when it listens, the port as the first group."""
        self.log = log
        with open(log, "wb") as output:
            self._process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **environment,
            )
        self.port = self._wait_for(says)

    def _wait_for(self, says):
        for _ in range(1200):
            found = re.search(says, self.log.read_text(errors="replace"))
            if found:
                return int(found[1])
            assert self._process.poll() is None, self.log.read_text(errors="replace")
            time.sleep(0.05)
        raise AssertionError(f"{self.log} never said {says}")

    @property
    def pid(self):
        return self._process.pid

    def stop(self):
        self._process.terminate()
        self._process.wait(timeout=30)
