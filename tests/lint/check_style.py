# SPDX-License-Identifier: Apache-2.0
"""How a file looks: its first line, its width, its end, and clang-format where it is there."""

import re
import shutil
import subprocess

from files import CPP, Finding, lines_of, project_files

COLUMNS = 100
FILE_LINES = 300
FUNCTION_LINES = 50
SPDX = "SPDX-License-Identifier: Apache-2.0"
CODE = CPP | {".py", ".sh", ".cmake"}
CLANG_FORMAT_MAJOR = "14"  # Debian 12's: other versions break lines in other places


def is_code(path, lines):
    """Sources and scripts; what has no ending counts if it starts with #!."""
    if path.suffix in CODE or path.name == "CMakeLists.txt":
        return True
    return path.suffix == "" and bool(lines) and lines[0].startswith("#!")


def check_file(path, lines):
    """The findings of one source file."""
    head = [line for line in lines[:2] if not line.startswith("#!")]
    if not head or SPDX not in head[0]:
        yield Finding(path, 1, f"the first line must hold {SPDX}")
    if path.suffix == ".hpp" and "#pragma once" not in lines:
        yield Finding(path, 1, "a header needs #pragma once")
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS and "http" not in line:
            yield Finding(path, number, f"{len(line)} columns, more than {COLUMNS}")
        if line != line.rstrip():
            yield Finding(path, number, "ends with blanks")
        if "\t" in line and path.suffix in CODE:
            yield Finding(path, number, "has a tab")


def check(root):
    """What every source file must have."""
    findings = []
    for path in project_files(root):
        lines = lines_of(root / path)
        if is_code(path, lines):
            findings += check_file(path, lines)
    return findings


def check_format(root):
    """The lines that clang-format would change, or None if there is no clang-format to ask."""
    program = shutil.which(f"clang-format-{CLANG_FORMAT_MAJOR}") or shutil.which("clang-format")
    if program is None:
        return None
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    if not re.search(rf"version {CLANG_FORMAT_MAJOR}\.", version):
        return None
    paths = [str(p) for p in project_files(root) if p.suffix in CPP]
    if not paths:
        return []
    command = [program, "--dry-run", "--style=file", *paths]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    places = re.findall(r"^(\S+?):(\d+):\d+: warning", done.stderr, re.MULTILINE)
    first = {}
    for name, line in places:
        first.setdefault(name, int(line))
    return [Finding(name, line, "not as clang-format has it") for name, line in first.items()]


def long_ones(root):
    """Files and functions that are longer than is good: a report, not an error."""
    findings = []
    for path in project_files(root):
        if path.suffix not in CPP | {".py"}:
            continue
        lines = lines_of(root / path)
        if len(lines) > FILE_LINES:
            findings.append(Finding(path, 1, f"{len(lines)} lines in one file"))
        if path.suffix == ".cpp":
            findings += long_functions(path, lines)
    return findings


def long_functions(path, lines):
    """Functions by their braces in the first column, as clang-format leaves them."""
    begin = None
    for number, line in enumerate(lines, 1):
        if line.endswith("{") and not line.startswith((" ", "namespace", "}", "struct", "class")):
            begin = number
        elif line.startswith("}") and begin is not None:
            if number - begin > FUNCTION_LINES:
                yield Finding(path, begin, f"a function of {number - begin} lines")
            begin = None
