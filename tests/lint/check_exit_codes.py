# SPDX-License-Identifier: Apache-2.0
"""docs/exit-codes.md has the table of src/base/error.cpp, row by row."""

import re

from files import Finding, lines_of

SOURCE = "src/base/error.cpp"
PAGE = "docs/exit-codes.md"
ENTRY = re.compile(r'\{ErrorKind::\w+,\s*(\d+),\s*"(\w+)",\s*((?:"[^"]*"\s*)+)\}')
ROW = re.compile(r"^\| (\d+) \| (\w+) \| (.*) \|$")


def rows_of_source(text):
    """(code, kind, meaning) of exit_code_table()."""
    return [(code, kind, "".join(re.findall(r'"([^"]*)"', meaning)))
            for code, kind, meaning in ENTRY.findall(text)]


def check(root):
    """The rows that differ; the row of 0, which is no error, stands only in the page."""
    if not (root / SOURCE).exists():
        return []
    wanted = rows_of_source((root / SOURCE).read_text(encoding="utf-8"))
    if not wanted:
        return [Finding(SOURCE, 1, "no row of the table of exit codes was found")]
    found = {}
    for number, line in enumerate(lines_of(root / PAGE) if (root / PAGE).exists() else [], 1):
        if match := ROW.match(line):
            found[match.groups()] = number
    findings = [Finding(PAGE, 1, f"lacks the row | {' | '.join(row)} |")
                for row in wanted if row not in found]
    findings += [Finding(PAGE, number, f"{SOURCE} has no such row")
                 for row, number in found.items() if row not in wanted]
    if not findings and list(found) != wanted:
        findings.append(Finding(PAGE, 1, f"the rows are not in the order of {SOURCE}"))
    return findings
