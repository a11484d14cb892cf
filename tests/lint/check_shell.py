# SPDX-License-Identifier: Apache-2.0
"""shellcheck over every shell script, the options that each must set, and scripts/test's suites."""

import pathlib
import re
import shutil
import subprocess

from files import Finding, lines_of, project_files


def is_shell(path, lines):
    """By ending, or by the first line."""
    return path.suffix == ".sh" or (bool(lines) and lines[0].endswith(("bash", "/sh")))


def check_suites(root):
    """Folders with Python tests that scripts/test would never run."""
    script = pathlib.Path("scripts/test")
    if not (root / script).exists():
        return []
    named = re.search(r"^all_suites=\((.*)\)$", (root / script).read_text(), re.MULTILINE)
    suites = named.group(1).split() if named else []
    tests = [p for p in project_files(root) if p.match("tests/*/test_*.py")]
    folders = sorted({p.parts[1] for p in tests} - set(suites))
    return [Finding(script, 1, f"runs no suite '{folder}'") for folder in folders]


def check(root):
    """What is wrong with the scripts, or None if there is no shellcheck."""
    findings = check_suites(root)
    scripts = [p for p in project_files(root) if is_shell(p, lines_of(root / p))]
    for path in scripts:
        lines = lines_of(root / path)
        if lines[0].startswith("#!"):
            if "set -euo pipefail" not in lines:
                findings.append(Finding(path, 1, "a script needs set -euo pipefail"))
            if not (root / path).stat().st_mode & 0o100:
                findings.append(Finding(path, 1, "is not executable"))
    if not scripts:
        return findings
    program = shutil.which("shellcheck")
    if program is None:
        return None
    # SC2317 (unreachable) does not see functions that are called through "$@".
    command = [program, "--external-sources", "--format=gcc", "--exclude=SC2317"]
    command += [str(path) for path in scripts]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    for line in done.stdout.splitlines():
        path, number, _, text = line.split(":", 3)
        findings.append(Finding(path, int(number), text.strip()))
    return findings
