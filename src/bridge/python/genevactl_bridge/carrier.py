# SPDX-License-Identifier: Apache-2.0
"""Workspace modules that travel inside the pickle as source.

cloudpickle takes along what a function refers to, but an `import` inside its body happens on the
worker, which has no workspace. And a module that the function refers to as a whole travels with
all that it holds, which fails where it holds a lock or a connection. The source text of such
modules travels instead: unpickling it puts a finder in front that serves exactly these names.
This module itself travels by value: it must refer to nothing but the standard library.
"""

import importlib
import importlib.abc
import importlib.util
import sys
import types

ATTRIBUTE = "__genevactl_modules__"


class Carried:
    """`modules`: name -> (source text, whether it is a package, file name for tracebacks)."""

    def __init__(self, modules):
        self.modules = modules

    def __reduce__(self):
        return install, (self.modules,)


class CarriedModule(types.ModuleType):
    """A module that pickles as its name and the sources it needs, wherever it is pickled."""

    def __reduce__(self):
        return import_carried, (vars(self)[ATTRIBUTE], self.__name__)


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

    def create_module(self, spec):
        module = CarriedModule(spec.name)
        vars(module)[ATTRIBUTE] = self.genevactl_modules
        return module

    def exec_module(self, module):
        module.__file__ = self.genevactl_modules[module.__name__][2]
        exec(self.get_code(module.__name__), module.__dict__)


def install(modules):
    """Makes `modules` importable in this process, once, and returns what pickles again."""
    known = [getattr(finder, "genevactl_modules", None) for finder in sys.meta_path]
    if modules not in known:
        sys.meta_path.insert(0, Finder(modules))
    return Carried(modules)


def uninstall():
    """Takes the finders of this process away again: geneva unpickles what it has just pickled."""
    sys.meta_path[:] = [f for f in sys.meta_path if not hasattr(f, "genevactl_modules")]


def import_carried(modules, name):
    """Module `name`, from the carried sources where this process has not imported it yet."""
    install(modules)
    return importlib.import_module(name)
