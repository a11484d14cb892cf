# SPDX-License-Identifier: Apache-2.0
"""The committed pages and scripts that the program prints are what it prints now."""

import os
import pathlib
import subprocess
import tempfile

from files import Finding

GENERATED = {
    "docs/reference.md": ["reference"],
    "docs/geneva.schema.json": ["schema"],
    "completions/genevactl.bash": ["completion", "bash"],
    "completions/_genevactl": ["completion", "zsh"],
    "completions/genevactl.fish": ["completion", "fish"],
    "completions/genevactl.ps1": ["completion", "powershell"],
}
PAGES = "man"  # the folder of the manual pages, which `genevactl man --dir` writes


def program_of(root):
    """$GENEVACTL, or the newest of the builds; None if there is none."""
    if named := os.environ.get("GENEVACTL"):
        return pathlib.Path(named)
    builds = [root / "build" / preset / "genevactl" for preset in ("release", "dev")]
    return max((p for p in builds if p.exists()), key=lambda p: p.stat().st_mtime, default=None)


def first_difference(committed, printed):
    """The number of the first line that differs, from 1."""
    pairs = zip(committed.splitlines(), printed.splitlines())
    same = next((i for i, (left, right) in enumerate(pairs) if left != right), None)
    shorter = min(len(committed.splitlines()), len(printed.splitlines()))
    return (shorter if same is None else same) + 1


def differs(name, committed, printed, program, shown):
    line = first_difference(committed, printed)
    return Finding(name, line, f"differs from what {program} prints: if that is built from these "
                   f"sources, {shown}")


def check_pages(root, program):
    """The manual pages that differ, are missing, or are of a command that there is not."""
    again = f"rm -f {PAGES}/*.1; genevactl man --dir {PAGES}"
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([str(program), "man", "--dir", folder], capture_output=True,
                              text=True, timeout=60)
        if done.returncode != 0:
            return [Finding(PAGES, 1, f"genevactl man ends with {done.returncode}: {done.stderr}")]
        made = {path.name: path.read_text() for path in pathlib.Path(folder).iterdir()}
    there = {path.name: path.read_text() for path in (root / PAGES).glob("*.1")}
    findings = [Finding(f"{PAGES}/{name}", 1, f"is of no command: {again}")
                for name in sorted(set(there) - set(made))]
    for name, page in sorted(made.items()):
        if name not in there:
            findings.append(Finding(f"{PAGES}/{name}", 1, f"is not there: {again}"))
        elif there[name] != page:
            findings.append(differs(f"{PAGES}/{name}", there[name], page, program, again))
    return findings


def check(root):
    """The files that differ from what the program prints."""
    program = program_of(root)
    if program is None:
        return [Finding("build", 0, "no genevactl to ask for its reference page and completions: "
                        "build it (cmake --preset dev && cmake --build --preset dev), or name one "
                        "in GENEVACTL")]
    findings = []
    for name, arguments in GENERATED.items():
        command = [str(program), *arguments]
        shown = f"genevactl {' '.join(arguments)}"
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            findings.append(Finding(name, 1, f"{shown} ends with {done.returncode}: {done.stderr}"))
        elif not (root / name).exists():
            findings.append(Finding(name, 1, f"is not there: {shown} > {name}"))
        elif (committed := (root / name).read_text(encoding="utf-8")) != done.stdout:
            findings.append(differs(name, committed, done.stdout, program, f"{shown} > {name}"))
    return findings + check_pages(root, program)
