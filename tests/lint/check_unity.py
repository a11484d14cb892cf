# SPDX-License-Identifier: Apache-2.0
"""Names in unnamed namespaces: the sources of a room are compiled together (unity builds), so that
two of its files must not define the same one there, nor a function of the room's own headers."""

import re

from files import Finding, project_files

TOGETHER = re.compile(r"(src/\w+|tests/unit/\w+|tests/flow)/\w+\.cpp")
DROP = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"
    r"|^[ \t]*#(?:\\\n|[^\n])*",
    re.DOTALL | re.MULTILINE,
)
HEADER = re.compile(r"(?:src|include/genevactl)/(\w+)/\w+\.hpp")
DECLARED = re.compile(
    r"^(?:inline |template <[^\n]*>\n?|constexpr |\[\[nodiscard\]\] )*"
    r"[A-Za-z_][\w:<>,&* ]*[ &*>](\w+)\(",
    re.MULTILINE,
)
TYPE = re.compile(r"^(?:struct|class|union|enum(?:\s+(?:class|struct))?)\s+(\w+)")
ALIAS = re.compile(r"^(?:using|namespace)\s+(\w+)\s*=\s*(.*)", re.DOTALL)
FUNCTION = re.compile(r"^[A-Za-z_][^=({]*?[\s*&>](\w+)\s*\(")
VARIABLE = re.compile(r"^[A-Za-z_][^=({]*?[\s*&>]([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)*(?:=|\{|$)")


def statements(text):
    """(line, text) of what stands directly in an unnamed namespace, without the bodies."""
    text = DROP.sub(lambda found: '""' + "\n" * found.group().count("\n"), text)
    scopes, begin, line = [], 0, 1
    for at, char in enumerate(text):
        line += char == "\n"
        head = text[begin:at].replace('""', " ").strip()
        if char == "{":
            if re.search(r"\bnamespace(\s+[\w:]+)?$", head):
                scopes.append("unnamed" if head.endswith("namespace") else "named")
                begin = at + 1
            else:
                if scopes[-1:] == ["unnamed"]:
                    yield line, head + "{"
                scopes.append("body")
        elif char == "}" and scopes:
            scopes.pop()
            begin = at + 1
        elif char == ";" and scopes[-1:] != ["body"]:
            if scopes[-1:] == ["unnamed"] and head:
                yield line, head
            begin = at + 1


def parameters(head):
    """The types of a function's parameters, roughly; "" where some have defaults, which make an
    overload ambiguous."""
    depth, part, parts = 0, "", []
    for char in head[head.index("(") + 1 :]:
        depth += (char in "(<[{") - (char in ")>]}")
        if depth < 0:
            break
        if char == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += char
    parts.append(part)
    if any("=" in each for each in parts):
        return ""
    return tuple(re.sub(r"(?<=[\s*&>])\w+$", "", each.strip()).strip() for each in parts)


def definition(head):
    """(name, what tells two of that name apart), or None for what defines nothing."""
    head = re.sub(r"^(?:template\s*<[^{;]*?>\s*(?=[a-z]))", "", head)
    head = re.sub(r"\[\[.*?\]\]\s*", "", head)
    if found := TYPE.match(head):
        return found[1], ""
    if found := ALIAS.match(head):
        return found[1], "= " + " ".join(found[2].split())
    if re.match(r"using\b|friend\b|static_assert\b|[A-Z_]+\(", head):
        return None
    if (found := FUNCTION.match(head)) and not re.match(r"(?:constexpr|const)\b[^(]*=", head):
        return (found[1], parameters(head)) if head.endswith("{") else None
    if found := VARIABLE.match(head):
        return found[1], ""
    return None


def clash(one, other):
    """Functions may be overloaded, and an alias may be said twice."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return one == other
    same_alias = isinstance(one, str) and one.startswith("=") and one == other
    return not same_alias


def declared_functions(root, paths):
    """(room, name) of each function that a header of the room declares, and the header."""
    found = {}
    for path in paths:
        if header := HEADER.fullmatch(path.as_posix()):
            for name in DECLARED.findall((root / path).read_text("utf-8")):
                found[f"src/{header[1]}", name] = path
    return found


def check(root):
    paths = project_files(root)
    found, seen, declared = [], {}, declared_functions(root, paths)
    for path in paths:
        together = TOGETHER.fullmatch(path.as_posix())
        if not together:
            continue
        for line, head in statements((root / path).read_text("utf-8")):
            name, kind = definition(head) or (None, None)
            if name is None:
                continue
            if isinstance(kind, tuple) and (together[1], name) in declared:
                text = f"'{name}' hides that of {declared[together[1], name]} from the files below"
                found.append(Finding(path, line, text))
            others = seen.setdefault((together[1], name), [])
            for other_path, other_line, other_kind in others:
                if other_path != path and clash(kind, other_kind):
                    text = f"'{name}' is also in {other_path}:{other_line}, compiled together"
                    found.append(Finding(path, line, text))
                    break
            others.append((path, line, kind))
    return found
