# SPDX-License-Identifier: Apache-2.0
"""pyflakes over every Python file: names that nothing defines, imports that nothing uses."""

import re
import shutil
import subprocess

from files import Finding, project_files

# Files that are there to be wrong, or to be read and not run.
EXEMPT = ("tests/bridge/modules/", "tests/bridge/stub/", "tests/e2e/modules/")
LINE = re.compile(r"(?P<path>[^:]+):(?P<line>\d+):\d+:? (?P<text>.*)")


def check(root):
    """What pyflakes finds, or None if it is not there."""
    program = shutil.which("pyflakes3")
    if program is None:
        return None
    paths = [str(p) for p in project_files(root) if p.suffix == ".py"]
    paths = [path for path in paths if not path.startswith(EXEMPT)]
    if not paths:
        return []
    done = subprocess.run([program, *paths], cwd=root, capture_output=True, text=True)
    found = [LINE.fullmatch(line) for line in (done.stdout + done.stderr).splitlines()]
    return [Finding(m["path"], int(m["line"]), m["text"]) for m in found if m]
