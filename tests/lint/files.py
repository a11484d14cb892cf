# SPDX-License-Identifier: Apache-2.0
"""Which files the checks look at, and how a check says what it found."""

import pathlib
import subprocess
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
CPP = {".cpp", ".hpp", ".h", ".c"}


@dataclass(frozen=True)
class Finding:
    path: pathlib.Path
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


def project_files(root=ROOT):
    """The files of the tree, relative to its root: git's list where there is one."""
    if (root / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout
        paths = [pathlib.Path(name) for name in listed.decode().split("\0") if name]
    else:
        paths = [p.relative_to(root) for p in root.rglob("*")]
        paths = [p for p in paths if p.parts[0] != "build" and "__pycache__" not in p.parts]
    return sorted({p for p in paths if (root / p).is_file()})


def lines_of(path):
    """The lines of a text file; none for what is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []
