# SPDX-License-Identifier: Apache-2.0
"""The arrows between the rooms: who may include whom, which library belongs to which room, and
who may write to stdout. The tables below are the authority."""

import re

from files import CPP, Finding, lines_of, project_files

MAY_INCLUDE = {
    "base": set(),
    "model": {"base"},
    "settings": {"base", "model"},
    "project": {"base", "model", "settings"},
    "manifest": {"base", "model"},
    "resolve": {"base", "model"},
    "plan": {"base", "model", "project"},
    "capture": {"base", "model"},
    "transport": {"base"},
    "storage": {"base", "transport"},
    "namespace": {"base", "model", "transport"},
    "bridge": {"base", "model"},
    "local": {"base", "model", "transport"},
    "render": {"base", "model"},
    "cli": {"base", "model", "settings", "run", "render"},
}
MAY_INCLUDE["run"] = set(MAY_INCLUDE)  # the verbs may use every room

LIBRARY_ROOM = {  # the only room that may include headers with this beginning
    "curl/": "transport",
    "archive.h": "capture",
    "archive_entry.h": "capture",
    "zlib.h": "capture",
    "isa-l/": "capture",
    "nanoarrow/": "namespace",
    "toml++/": "base",
    "CLI/": "cli",
}
PUBLIC_LIBRARIES = {"tl/expected.hpp", "nlohmann/json_fwd.hpp"}  # allowed in include/

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')
STDOUT = re.compile(
    r"std::cout\b|(?<![\w.>])(?:std::)?(?:printf|puts|putchar)\s*\("
    r"|\bfprintf\s*\(\s*stdout\b|\bf(?:puts|write|putc)\s*\(.*\bstdout\b"
    r"|\bfmt::print(?:ln)?\s*\(\s*(?!std::cerr|stderr)(?:stdout|std::cout|\"|R\"|fg\(|fmt::)"
    r"|(?<![\w.>])(?:::)?write\s*\(\s*(?:1|STDOUT_FILENO)\b"
)


def room_of(path):
    """The room a source belongs to; None for main.cpp and tests, which may include everything."""
    parts = path.parts
    if parts[:2] == ("include", "genevactl") and len(parts) > 3:
        return parts[2]
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    return None


def included_room(path, name):
    """The room that an include of `name` in `path` reaches, or None for a library's header."""
    parts = name.split("/")
    if parts[0] == "genevactl" and len(parts) > 2:
        return parts[1]
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    if parts[0] == "..":
        while parts[0] == "..":
            parts = parts[1:]
        return parts[0] if parts[0] in MAY_INCLUDE else None
    return parts[0] if len(parts) > 1 and parts[0] in MAY_INCLUDE else None


def is_standard(name):
    """C and C++ standard headers have no slash and no ending but .h; POSIX's are among them."""
    return "/" not in name and (name.endswith(".h") or "." not in name)


def check_include(path, room, quote, name):
    """What is wrong with one include line, as a list of texts."""
    target = included_room(path, name)
    if target is not None and target != room:
        if target not in MAY_INCLUDE:
            return [f"includes {name}, but there is no room '{target}'"]
        if target not in MAY_INCLUDE[room]:
            return [f"room '{room}' may not include room '{target}' ({name})"]
    if target is not None:
        return []
    problems = [
        f"{name} belongs to room '{owner}' alone"
        for prefix, owner in LIBRARY_ROOM.items()
        if name.startswith(prefix) and room != owner
    ]
    public = path.parts[0] == "include"
    if public and quote == "<" and not is_standard(name) and name not in PUBLIC_LIBRARIES:
        if not name.startswith("sys/"):
            problems.append(f"{name} is a library's header, not allowed in include/")
    return problems


def check(root):
    """Every wrong arrow in the tree."""
    findings = []
    for path in project_files(root):
        room = room_of(path)
        if room is None or path.suffix not in CPP:
            continue
        if room not in MAY_INCLUDE:
            findings.append(Finding(path, 1, f"there is no room '{room}'"))
            continue
        for number, line in enumerate(lines_of(root / path), 1):
            match = INCLUDE.match(line)
            if match:
                texts = check_include(path, room, *match.groups())
                findings += [Finding(path, number, text) for text in texts]
            elif room != "render" and STDOUT.search(line.split("//")[0]):
                findings.append(Finding(path, number, "only room 'render' writes to stdout"))
    return findings
