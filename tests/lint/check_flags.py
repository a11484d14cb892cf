# SPDX-License-Identifier: Apache-2.0
"""The pages name only flags that there are: every `--flag` of README.md and docs/*.md is in
docs/reference.md (which check_generated.py compares with the program) or is a foreign tool's, and
one that follows `genevactl COMMAND` is that command's."""

import re

from files import Finding, lines_of, project_files

REFERENCE = "docs/reference.md"
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")
SPAN = re.compile(r"`([^`]+)`")
COMMAND = re.compile(r"\bgenevactl((?: +[a-z]+)*)(.*)")
EVERYWHERE = {"--help"}
# What other programs take, by the page that speaks of them; "*" is any page.
FOREIGN = {
    "*": {"--preset", "--build", "--install"},  # cmake
    "docs/benchmarks.md": {"--jobs", "--rounds", "--alone"},  # benchmarks/run, capture
    "docs/bridge.md": {"--answer"},  # the embedded bridge
    "docs/local.md": {"--state", "--database", "--idle-timeout",  # the control plane
                      "--no-index"},  # uv
    "docs/manifest.md": {  # pip, requirements files and uv
        "--all-releases", "--config-settings", "--editable", "--find-links", "--format",
        "--hash", "--index-url", "--no-binary", "--no-deps", "--no-index", "--only-binary",
        "--only-final", "--package", "--pre", "--prefer-binary", "--require-hashes",
        "--trusted-host", "--use-feature"},
}


def flags_of(reference):
    """The flags of each command by its words: ("job", "list") -> {"--limit", …}; () has those that
    go with every command."""
    flags = {}
    command = ()
    for line in reference:
        if line.startswith("## genevactl"):
            command = tuple(line.split()[2:])
            flags[command] = set()
        elif line.startswith("| `"):
            flags.setdefault(command, set()).update(FLAG.findall(line.split("` |")[0]))
    return flags


def command_in(text, flags):
    """The longest command that the words after `genevactl` name, and what follows it."""
    match = COMMAND.search(text)
    if not match:
        return None, ""
    words = match.group(1).split()
    while words and tuple(words) not in flags:
        words.pop()
    return tuple(words), match.group(0)


def findings_of(path, flags):
    known = set().union(*flags.values(), EVERYWHERE, FOREIGN["*"], FOREIGN.get(str(path), set()))
    common = flags[()] | EVERYWHERE | FOREIGN["*"] | FOREIGN.get(str(path), set())

    def check(lines):
        in_block = False
        for number, line in enumerate(lines, 1):
            if line.lstrip().startswith("```"):
                in_block = not in_block
                continue
            is_code = in_block or line.startswith("    ")
            for code in [line] if is_code else SPAN.findall(line):
                command, rest = command_in(code, flags)
                for flag in FLAG.findall(code):
                    if flag not in known:
                        yield Finding(path, number, f"no command has {flag}")
                    elif (command and flag in FLAG.findall(rest)
                          and not any(flag in found for words, found in flags.items()
                                      if words[:len(command)] == command)
                          and flag not in common):
                        yield Finding(path, number, f"genevactl {' '.join(command)} has no {flag}")
    return check


def check(root):
    """The flags that no command has."""
    if not (root / REFERENCE).exists():
        return []
    flags = flags_of(lines_of(root / REFERENCE))
    flags.setdefault((), set())
    pages = [p for p in project_files(root)
             if p.suffix == ".md" and (p.parts[0] == "docs" or len(p.parts) == 1)]
    return [finding for page in pages
            for finding in findings_of(page, flags)(lines_of(root / page))]
