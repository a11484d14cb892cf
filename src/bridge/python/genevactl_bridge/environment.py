# SPDX-License-Identifier: Apache-2.0
"""Versions and platform of this interpreter, without importing what they are versions of."""

import importlib.metadata
import platform
import sys

DISTRIBUTIONS = ("geneva", "lancedb", "pylance", "pyarrow", "ray")


def _version(distribution):
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def describe():
    """The `environment` member of answers; a distribution that is not installed is null."""
    document = {"python": platform.python_version(), "executable": sys.executable}
    document.update({name: _version(name) for name in DISTRIBUTIONS})
    document["platform"] = {
        "system": platform.system(),
        "arch": platform.machine(),
        "python_version": platform.python_version(),
    }
    return document
