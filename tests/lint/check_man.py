# SPDX-License-Identifier: Apache-2.0
"""The committed manual pages, read by the two formatters that there are: neither complains."""

import os
import shutil
import subprocess

from files import Finding


def pages_of(root):
    return sorted((root / "man").glob("*.1"))


def findings_in(lines):
    return [Finding("man", 1, line) for line in lines if line.strip()]


def check_mandoc(root):
    """None if there is no mandoc."""
    if not (mandoc := shutil.which("mandoc")):
        return None
    pages = [str(page) for page in pages_of(root)]
    if not pages:
        return findings_in(["there are no manual pages"])
    done = subprocess.run([mandoc, "-T", "lint", "-W", "warning", *pages], capture_output=True,
                          text=True, timeout=60)
    return findings_in((done.stdout + done.stderr).splitlines())


def check_man(root):
    """None if there is no man of man-db."""
    if not (man := shutil.which("man")):
        return None
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80", "MANROFFSEQ": "",
                   "MAN_KEEP_FORMATTING": ""}
    pages = [str(page) for page in pages_of(root)]
    done = subprocess.run([man, "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", *pages],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          env=environment, timeout=120)
    if "--warnings" in done.stderr and done.returncode != 0:
        return None  # another man
    return findings_in(done.stderr.splitlines())
