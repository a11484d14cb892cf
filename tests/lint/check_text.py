# SPDX-License-Identifier: Apache-2.0
"""What no text of the project may hold, and the links between its pages."""

import re

from files import Finding, lines_of, project_files

# Written in pieces, so that this file does not find itself.
HOSTS = "|".join(
    name.replace(" ", r"\.")
    for name in (
        "pypi org", "files pythonhosted org", "deb debian org", "crates io", "registry npmjs org",
        "proxy golang org", "repo1 maven org", "repo maven apache org",
    )
)
FORBIDDEN = {
    "a path of somebody's machine": re.compile(
        r"(?<![\w./$}-])/(?:wo" + r"rk|ro" + r"ot|tmp/la" + r"b|Us" + r"ers/\w+"
        r"|ho" + r"me/(?!a/|me/|you/|user/)\w+)/"
    ),
    "the host of a package registry": re.compile(HOSTS),
    "a note to oneself: do it or file it": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
    "a left-over of a merge": re.compile(r"^(?:<{7}|>{7})(?: |$)"),
}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*)$")


def check_words(root):
    """Lines with what must not be there."""
    findings = []
    for path in project_files(root):
        if path.name == "LICENSE":
            continue
        for number, line in enumerate(lines_of(root / path), 1):
            for what, pattern in FORBIDDEN.items():
                if pattern.search(line):
                    findings.append(Finding(path, number, what))
    return findings


def anchors_of(path):
    """The anchors that a page's headings make, as GitHub makes them."""
    headings = [m.group(1) for m in map(HEADING.match, lines_of(path)) if m]
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def check_links(root):
    """Links of the pages to files or headings that are not there."""
    findings = []
    for path in project_files(root):
        if path.suffix != ".md":
            continue
        for number, line in enumerate(lines_of(root / path), 1):
            for link in LINK.findall(line):
                if re.match(r"[a-z]+:", link):
                    continue
                name, _, anchor = link.partition("#")
                target = (root / path.parent / name) if name else root / path
                if not target.exists():
                    findings.append(Finding(path, number, f"links to {name}, which is not there"))
                elif anchor and target.suffix == ".md" and anchor not in anchors_of(target):
                    findings.append(Finding(path, number, f"{link}: there is no such heading"))
    return findings


def check(root):
    """All of the above."""
    return check_words(root) + check_links(root)
