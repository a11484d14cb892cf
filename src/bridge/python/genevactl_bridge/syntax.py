# SPDX-License-Identifier: Apache-2.0
"""Source text as a digest that comments, layout, file names and line numbers do not change.

The tree that `ast` gives is hashed without positions and without fields that are empty, so that
the minor versions of Python, which add fields, agree as long as they read the text alike.
"""

import ast
import functools
import hashlib

_IGNORED = {"ctx", "kind", "type_comment", "type_ignores"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)
_LOOKS_AROUND = {"globals", "locals", "vars", "eval", "exec", "dir"}
_PLAIN_BASES = {"object", "NamedTuple", "TypedDict", "Enum", "Protocol"}


def digest(tag, *parts):
    """SHA-256 of a tag and byte strings, each with its length in front: no two lists collide."""
    made = hashlib.sha256()
    for part in (tag.encode("utf-8"), *parts):
        made.update(len(part).to_bytes(8, "big"))
        made.update(part)
    return made.digest()


def _text(value):
    return value.encode("utf-8", "surrogatepass")


def of_constant(value):
    """The digest of what a constant of a program can be."""
    name = type(value).__name__
    if isinstance(value, str):
        return digest(name, _text(value))
    if isinstance(value, bytes):
        return digest(name, value)
    if isinstance(value, tuple):
        return digest(name, *map(of_constant, value))
    if isinstance(value, frozenset):
        return digest(name, *sorted(map(of_constant, value)))
    return digest(name, repr(value).encode("ascii", "backslashreplace"))


def of_tree(node):
    """The digest of a syntax tree, or of a list of them."""
    if isinstance(node, ast.AST):
        fields = sorted(
            (name, value)
            for name, value in ast.iter_fields(node)
            if name not in _IGNORED and value is not None and value != []
        ) if not isinstance(node, ast.Constant) else [("value", node.value)]
        parts = []
        for name, value in fields:
            parts += [_text(name), _of_field(node, value)]
        return digest(type(node).__name__, *parts)
    if isinstance(node, list):
        return digest("list", *map(of_tree, node))
    return of_constant(node)


def _of_field(node, value):
    if isinstance(node, ast.Constant):
        return of_constant(value)
    constants = isinstance(node, ast.Set) and all(isinstance(e, ast.Constant) for e in node.elts)
    return digest("list", *sorted(map(of_tree, value))) if constants else of_tree(value)


def _is_main_block(node):
    """`if __name__ == "__main__":`, which no import runs."""
    test = node.test if isinstance(node, ast.If) else None
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
        and len(test.ops) == 1
        and isinstance(test.ops[0], ast.Eq)
        and getattr(test.comparators[0], "value", None) == "__main__"
        and not node.orelse
    )


def _geneva_names(tree):
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] == "geneva":
                    names.add(alias.asname or "geneva")
        elif isinstance(node, ast.ImportFrom) and not node.level:
            if (node.module or "").partition(".")[0] == "geneva":
                names.update(alias.asname or alias.name for alias in node.names)
    return names


def _root(node):
    while isinstance(node, (ast.Call, ast.Attribute)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _is_quiet(node, geneva):
    """Whether defining this does nothing else: no decorators but geneva's, no clever classes."""
    if not isinstance(node, _DEFINITIONS):
        return False
    if any(_root(decorator) not in geneva for decorator in node.decorator_list):
        return False
    if isinstance(node, ast.ClassDef):
        names = [getattr(base, "attr", getattr(base, "id", None)) for base in node.bases]
        return not node.keywords and all(name in _PLAIN_BASES for name in names)
    return True


def _mentioned(node):
    """Every name that a tree could mean: names, attributes, and texts that could be names."""
    found = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            found.add(inner.id)
        elif isinstance(inner, ast.Attribute):
            found.add(inner.attr)
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            if inner.value.isidentifier():
                found.add(inner.value)
    return found


def imported_by(tree):
    """The statements of a module that an import of it runs."""
    return [node for node in tree.body if not _is_main_block(node)]


def kept_for(tree, roots):
    """The statements of a module without the definitions that `roots` do not reach.

    Only definitions at the top that do nothing but define are left out, and none where the module
    looks names up by itself (`globals()`, `eval`).
    """
    statements = imported_by(tree)
    geneva = _geneva_names(tree)
    quiet = [node for node in statements if _is_quiet(node, geneva)]
    wanted = set(roots)
    for node in statements:
        if node not in quiet:
            wanted |= _mentioned(node)
    kept = []
    grown = True
    while grown:
        more = [node for node in quiet if node.name in wanted and node not in kept]
        grown = bool(more)
        kept += more
        for node in more:
            wanted |= _mentioned(node)
    if wanted & _LOOKS_AROUND:
        return statements
    return [node for node in statements if node not in quiet or node in kept]


def of_text(source):
    """The digest of a module's text that cannot be read as a tree."""
    return digest("text", _text(source))


def of_function(source, code):
    """The digest of the definition of a code object in its module's text; None if unclear."""
    try:
        found = [node for node in _functions(source) if _defines(node, code)]
        return of_tree(found[0]) if len(found) == 1 else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@functools.lru_cache(maxsize=None)
def _functions(source):
    kinds = (*_FUNCTIONS, ast.Lambda)
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]


def _defines(node, code):
    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and node.lineno == code.co_firstlineno
    if not isinstance(node, _FUNCTIONS) or node.name != code.co_name:
        return False
    lines = [node.lineno, *(decorator.lineno for decorator in node.decorator_list)]
    return min(lines) == code.co_firstlineno


def of_code(code):
    """The digest of compiled code, for functions without a text. Of one minor version of Python."""
    constants = [
        of_code(value) if hasattr(value, "co_code") else of_constant(value)
        for value in code.co_consts
    ]
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    counts = (
        code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags,
    )
    return digest(
        "code",
        code.co_code,
        getattr(code, "co_exceptiontable", b""),
        of_constant(code.co_name),
        *map(of_constant, names),
        of_constant(counts),
        *constants,
    )
