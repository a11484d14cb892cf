# SPDX-License-Identifier: Apache-2.0
"""MODULE:OBJECT -> the object."""

import dataclasses
import difflib
import importlib
import importlib.machinery
import importlib.util
import os
import sys
import typing

from . import tracebacks
from .protocol import Failure


@dataclasses.dataclass(frozen=True)
class Target:
    module: str
    attributes: typing.Tuple[str, ...]

    def __str__(self):
        return f"{self.module}:{'.'.join(self.attributes)}"

    @property
    def root(self):
        return self.module.partition(".")[0]


def parse(text):
    """The Target in `text`; a Failure of kind usage that says how one is written."""
    module, colon, attributes = text.partition(":")
    path = module.endswith(".py") or "/" in module or "\\" in module
    if path and os.path.splitext(module)[0]:
        stem = os.path.splitext(os.path.normpath(module))[0].replace("\\", "/")
        hint = f"write the module, not its file: {stem.replace('/', '.')}:{attributes or 'OBJECT'}"
    else:
        hint = "write MODULE:OBJECT, for example features:embed"
    parts = [*module.split("."), *attributes.split(".")]
    if not colon or path or not all(part.isidentifier() for part in parts):
        raise Failure("usage", f"'{text}' is not MODULE:OBJECT", hint)
    return Target(module, tuple(attributes.split(".")))


def _holds(folder, root):
    spec = importlib.machinery.PathFinder.find_spec(root, [folder])
    return spec is not None


def search_path(directory, root):
    """The folders to put first on sys.path: `directory`, then its `src` if that holds `root`."""
    source = os.path.join(directory, "src")
    return [directory, source] if os.path.isdir(source) and _holds(source, root) else [directory]


def _not_found(target, folders):
    near = []
    for folder in folders:
        for entry in sorted(os.listdir(folder) if os.path.isdir(folder) else ()):
            name = entry[:-3] if entry.endswith(".py") else entry
            if name.isidentifier() and (name != entry or os.path.isdir(os.path.join(folder, name))):
                near.append(name)
    close = difflib.get_close_matches(target.root, near, 3)
    looked = " and ".join(folders)
    hint = f"did you mean {' or '.join(close)}?" if close else (
        "run genevactl in the folder that holds it, or install it into this interpreter"
    )
    return Failure(
        "module-not-found",
        f"no module named '{target.module}' in {looked} or in {sys.executable}",
        hint,
    )


def _hidden(target, folders):
    """The user's file that an already imported module of the same name keeps from being seen."""
    loaded = sys.modules.get(target.root)
    if loaded is None:
        return None
    spec = importlib.machinery.PathFinder.find_spec(target.root, folders)
    if spec is None or spec.origin is None:
        return None
    origin = getattr(loaded, "__file__", None) or "built into Python"
    if origin != "built into Python" and os.path.realpath(origin) == os.path.realpath(spec.origin):
        return None
    return Failure(
        "import",
        f"{spec.origin} has the name of a module that is already in use ({origin})",
        f"rename it: '{target.root}' belongs to Python or to a package that geneva needs",
    )


def _missing_dependency(target, folders, error):
    root = error.name.partition(".")[0]
    if any(_holds(folder, root) for folder in folders):
        hint = f"'{root}' is the workspace's own and has no such module: check the import"
    else:
        hint = (
            f"{sys.executable} -m pip install {root}; or import it inside the function, where "
            "only the workers need it: they get it from the manifest"
        )
    return Failure(
        "module-not-found",
        f"'{target.module}' imports '{error.name}', which is not in {sys.executable}",
        hint,
        tracebacks.text(error),
    )


def _stopped(target, error):
    if isinstance(error, SystemExit):
        what = f"called sys.exit({error.code!r})"
    else:
        what = f"raised {tracebacks.headline(error)}"
    return Failure(
        "import",
        f"module '{target.module}' {what} while it was imported",
        "it must be importable: put what only a script does under `if __name__ == \"__main__\":`"
        if isinstance(error, SystemExit)
        else f"see the traceback; `{sys.executable} -c 'import {target.module}'` shows it too",
        tracebacks.text(error),
    )


def check(target, directory):
    """A Failure of kind module-not-found where nothing on the path has the target's first name.

    Imports nothing, so that a typo is answered before the seconds that importing geneva takes.
    """
    folders = search_path(directory, target.root)
    if any(_holds(folder, target.root) for folder in folders) or target.root in sys.modules:
        return
    try:
        spec = importlib.util.find_spec(target.root)
    except Exception:  # noqa: BLE001 (finders are anybody's code: let the import decide)
        return
    if spec is None:
        raise _not_found(target, folders)


def load(target, directory):
    """Imports the target's module with `directory` first on sys.path and returns it.

    Failures: module-not-found (the target's module, or one that it imports), import (whatever
    else its code raised, with the user's own traceback).
    """
    folders = search_path(directory, target.root)
    hidden = _hidden(target, folders)
    if hidden is not None:
        raise hidden
    sys.path[:0] = folders
    importlib.invalidate_caches()
    try:
        return importlib.import_module(target.module)
    except ModuleNotFoundError as error:
        if not error.name:
            raise _stopped(target, error) from None
        own = target.module == error.name or target.module.startswith(error.name + ".")
        if own and not tracebacks.user_frames(error):
            raise _not_found(target, folders) from None
        raise _missing_dependency(target, folders, error) from None
    except BaseException as error:  # noqa: BLE001 (SystemExit and the like end only the import)
        raise _stopped(target, error) from None


def resolve(target, module, is_transform):
    """The object that `target` names in `module`; a Failure with near names otherwise."""
    found = module
    for depth, attribute in enumerate(target.attributes):
        holder = found
        try:
            found = getattr(holder, attribute)
        except AttributeError:
            where = ".".join((target.module, *target.attributes[:depth]))
            raise _no_object(where, holder, attribute, is_transform) from None
        except Exception as error:  # noqa: BLE001 (a module's __getattr__ may raise anything)
            raise _stopped(target, error) from None
    return found


def _no_object(where, holder, attribute, is_transform):
    held = list(getattr(holder, "__dict__", {}).items())
    names = sorted(name for name, value in held if is_transform(value))
    close = difflib.get_close_matches(attribute, names, 3) or names[:5]
    nothing = f"'{where}' has no transform: decorate a function with @geneva.udf"
    return Failure(
        "object-not-found",
        f"'{where}' has no '{attribute}'",
        f"transforms there: {', '.join(close)}" if close else nothing,
    )
