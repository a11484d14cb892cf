# SPDX-License-Identifier: Apache-2.0
"""Which modules are the user's own, and which of them a module reaches.

A workspace module is one whose code no worker has unless it travels: it lies under the working
directory, or at least in no site-packages and not in the standard library. Files that an installed
distribution lists in its RECORD are not the workspace's, wherever they lie; an editable install
lists none of the code it points at, so that code is.
"""

import ast
import importlib.metadata
import os
import site
import sys
import sysconfig
import types

_INSTALLED = ("site-packages", "dist-packages")
_HERE = os.path.dirname(os.path.realpath(__file__))


def _standard_folders():
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = {sysconfig.get_paths().get(name) for name in names}
    folders.update(site.getsitepackages())
    folders.add(site.getusersitepackages())
    return tuple(os.path.realpath(folder) + os.sep for folder in folders if folder)


class Workspace:
    """What belongs to the user. Asks the disk and sys.modules; imports nothing."""

    def __init__(self, directory):
        self._directory = os.path.join(os.path.realpath(directory), "")
        self._standard = tuple(
            folder for folder in _standard_folders() if not self._directory.startswith(folder)
        )
        self._recorded = {}
        self._trees = {}
        self._specs = {}

    def _is_recorded(self, file):
        """Whether a distribution installed into a sys.path folder of its own lists `file`."""
        for entry in sys.path:
            folder = os.path.realpath(entry or ".")
            if not file.startswith(folder + os.sep) or not os.path.isdir(folder):
                continue
            if folder not in self._recorded:
                self._recorded[folder] = {
                    os.path.realpath(item.locate())
                    for distribution in importlib.metadata.distributions(path=[folder])
                    if distribution.read_text("RECORD") is not None
                    for item in distribution.files or ()
                }
            if file in self._recorded[folder]:
                return True
        return False

    def owns_file(self, path):
        file = os.path.realpath(path)
        if file.startswith(_HERE + os.sep):
            return False
        below = file[len(self._directory):] if file.startswith(self._directory) else file
        if any(part in _INSTALLED for part in below.split(os.sep)):
            return False
        return not file.startswith(self._standard) and not self._is_recorded(file)

    def owns_spec(self, spec):
        """Whether the module of this ModuleSpec is the user's; namespace packages by a folder."""
        if spec is None:
            return False
        if spec.origin and spec.has_location:
            return self.owns_file(spec.origin)
        namespace = spec.origin is None and spec.submodule_search_locations is not None
        folders = list(spec.submodule_search_locations) if namespace else []
        return any(self.owns_file(os.path.join(folder, "_")) for folder in folders)

    def find(self, name):
        """The ModuleSpec of workspace module `name`, or None; runs no code."""
        if name not in self._specs:
            self._specs[name] = self._find(name)
        return self._specs[name]

    def _find(self, name):
        spec = getattr(sys.modules.get(name), "__spec__", None) or _search(name)
        return spec if self.owns_spec(spec) else None

    def owns(self, name):
        return self.find(name) is not None

    def source(self, name):
        """The source text of workspace module `name`, or None (namespace package, binary)."""
        spec = self.find(name)
        get_source = getattr(getattr(spec, "loader", None), "get_source", None)
        try:
            return get_source(name) if get_source else None
        except (ImportError, OSError, SyntaxError, UnicodeError):
            return None

    def tree(self, name):
        """The syntax tree of workspace module `name`; None without a text, or one to be read."""
        if name not in self._trees:
            source = self.source(name)
            try:
                self._trees[name] = None if source is None else ast.parse(source)
            except (SyntaxError, ValueError):
                self._trees[name] = None
        return self._trees[name]

    def imports(self, name, statements=None):
        """(at the top, inside functions): the workspace modules that `name`'s source imports.

        With `statements`, those that these statements of it import.
        """
        spec = self.find(name)
        package = name if spec and spec.submodule_search_locations is not None else (
            name.rpartition(".")[0]
        )
        top, lazy = set(), set()

        def visit(node, inside):
            function = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            for imported in _imported(node, package):
                (lazy if inside else top).update(self._with_parents(imported))
            for child in ast.iter_child_nodes(node):
                visit(child, inside or function)

        if statements is None:
            tree = self.tree(name)
            statements = [] if tree is None else tree.body
        for node in statements:
            visit(node, False)
        return top - {name}, lazy - {name}

    def _with_parents(self, name):
        parts = name.split(".")
        names = [".".join(parts[: depth + 1]) for depth in range(len(parts))]
        return [candidate for candidate in names if self.owns(candidate)]

    def _referenced(self, name):
        """Workspace modules that the loaded module `name` refers to by the objects it holds."""
        found = set()
        for value in list(vars(sys.modules.get(name) or types.ModuleType(name)).values()):
            try:
                is_module = isinstance(value, types.ModuleType)
                owner = value.__name__ if is_module else getattr(value, "__module__", None)
            except Exception:  # noqa: BLE001 (a user's object may answer with anything)
                continue
            if isinstance(owner, str) and owner != name and self.owns(owner):
                found.update(self._with_parents(owner))
        return found

    def reach(self, name, statements=None):
        """Every workspace module that `name` reaches, itself and packages included, sorted.

        With `statements`, what these statements of it reach.
        """
        seen, waiting = set(), self._with_parents(name)
        while waiting:
            current = waiting.pop()
            if current not in seen:
                seen.add(current)
                top, lazy = self.imports(current, statements if current == name else None)
                waiting.extend((top | lazy | self._referenced(current)) - seen)
        return sorted(seen)

    def lazily_reached(self, name):
        """Those of reach(name) that are needed by an import inside some function, sorted."""
        waiting = set()
        for module in self.reach(name):
            waiting |= self.imports(module)[1]
        seen = set()
        while waiting:
            current = waiting.pop()
            if current not in seen:
                seen.add(current)
                top, lazy = self.imports(current)
                waiting |= (top | lazy | set(self._with_parents(current))) - seen
        return sorted(seen)


def _search(name):
    """The ModuleSpec of a module that is not loaded, or None; imports no package on the way."""
    path, spec, parts = None, None, name.split(".")
    for depth in range(len(parts)):
        if depth and path is None:
            return None
        spec = _ask_finders(".".join(parts[: depth + 1]), path)
        if spec is None:
            return None
        path = spec.submodule_search_locations
    return spec


def _ask_finders(name, path):
    for finder in sys.meta_path:
        try:
            spec = finder.find_spec(name, path)
        except Exception:  # noqa: BLE001 (finders are anybody's code)
            continue
        if spec is not None:
            return spec
    return None


def _imported(node, package):
    """The absolute names that one AST node imports, seen from `package`."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parents = package.split(".")
            if node.level > len(parents):
                return []
            kept = parents[: len(parents) - node.level + 1]
            base = ".".join([*kept, base] if base else kept)
        return [base, *(f"{base}.{alias.name}" for alias in node.names if alias.name != "*")]
    call = isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    if call and isinstance(node.args[0].value, str):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in ("import_module", "__import__"):
            return [node.args[0].value]
    return []
