# SPDX-License-Identifier: Apache-2.0
"""Loads the bridge into a process of the tests as it would load itself."""

import importlib
import os
import runpy
import sys


def load(bridge):
    """The modules `app` and `protocol` of the package in this folder, ready to answer. The tests'
    own folder is not on sys.path any more."""
    entry = runpy.run_path(os.path.join(bridge, "__main__.py"), run_name="loaded")
    entry["_load_package"]()
    app = importlib.import_module(entry["PACKAGE"] + ".app")
    protocol = importlib.import_module(entry["PACKAGE"] + ".protocol")
    app.isolation.redirect()
    app.isolation.prepare()
    sys.path[:] = [p for p in sys.path if p != os.path.dirname(os.path.abspath(__file__))]
    return app, protocol
