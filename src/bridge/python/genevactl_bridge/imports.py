# SPDX-License-Identifier: Apache-2.0
"""Importing what distributions bring, to see whether an environment works."""

import importlib
import importlib.metadata
import os

from . import tracebacks

# Folders that distributions leave beside their packages by mistake; nobody means to import them.
_BYSTANDERS = {"test", "tests", "doc", "docs", "example", "examples", "benchmarks", "scripts"}


def _from_files(distribution):
    """The importable names that the RECORD shows at the top of site-packages."""
    for item in distribution.files or ():
        first = item.parts[0]
        if len(item.parts) == 1:
            stem, suffix = first.partition(".")[0], os.path.splitext(first)[1]
            if suffix in (".py", ".so", ".pyd"):
                yield stem
        elif item.suffix in (".py", ".so", ".pyd") and "." not in first:
            yield first


def modules_of(distribution):
    """The public modules at the top of a distribution, sorted."""
    stated = (distribution.read_text("top_level.txt") or "").split()
    names = set(stated) | set(_from_files(distribution))
    return sorted(
        name
        for name in names
        if name.isidentifier() and not name.startswith("_") and name not in _BYSTANDERS
    )


def _import(name):
    try:
        importlib.import_module(name)
    except BaseException as error:  # noqa: BLE001 (SystemExit and native errors are answers too)
        return {
            "module": name,
            "error": tracebacks.headline(error),
            "traceback": tracebacks.text(error),
        }
    return {"module": name, "error": None, "traceback": None}


def try_all(names):
    """For each distribution: its version and how the import of each of its modules went."""
    answers = []
    for name in names:
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            answers.append({"distribution": name, "version": None, "modules": []})
            continue
        modules = [_import(module) for module in modules_of(distribution)]
        answers.append(
            {"distribution": name, "version": distribution.version, "modules": modules}
        )
    return answers
