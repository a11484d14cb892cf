# SPDX-License-Identifier: Apache-2.0
"""Workspace modules that are imported inside functions, carried in the pickle as source.

cloudpickle takes along what a function refers to, but an `import` inside its body happens on the
worker, which has no workspace. The source text of such modules travels as an attribute of the
function; unpickling it puts a finder in front that serves exactly these names. This module itself
travels by value: it must refer to nothing but the standard library.
"""

import importlib.abc
import importlib.util
import sys

ATTRIBUTE = "__genevactl_modules__"


class Carried:
    """`modules`: name -> (source text, whether it is a package, file name for tracebacks)."""

    def __init__(self, modules):
        self.modules = modules

    def __reduce__(self):
        return install, (self.modules,)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    def __init__(self, modules):
        self.genevactl_modules = modules

    def find_spec(self, name, path=None, target=None):
        if name not in self.genevactl_modules:
            return None
        return importlib.util.spec_from_loader(name, self, is_package=self.is_package(name))

    def is_package(self, name):
        return self.genevactl_modules[name][1]

    def get_source(self, name):
        return self.genevactl_modules[name][0]

    def get_code(self, name):
        source, _, origin = self.genevactl_modules[name]
        return compile(source, origin, "exec", dont_inherit=True)

    def exec_module(self, module):
        module.__file__ = self.genevactl_modules[module.__name__][2]
        exec(self.get_code(module.__name__), module.__dict__)


def install(modules):
    """Makes `modules` importable in this process, once, and returns what pickles again."""
    known = [getattr(finder, "genevactl_modules", None) for finder in sys.meta_path]
    if modules not in known:
        sys.meta_path.insert(0, Finder(modules))
    return Carried(modules)
