# SPDX-License-Identifier: Apache-2.0
"""Entry point: see the package's docstring.

Python puts this file's folder first on sys.path, where `errors.py` and the like would hide the
user's modules of the same name. It is taken off before anything else is imported, and the package
is loaded under a private name so that a user's own `genevactl_bridge` stays importable.
"""

import sys

PACKAGE = "_genevactl_bridge"


def _load_package():
    import importlib.util
    import os

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    spec = importlib.util.spec_from_file_location(
        PACKAGE, os.path.join(here, "__init__.py"), submodule_search_locations=[here]
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)


def main():
    # The package may lie in a folder that the caller removes or compares: leave no bytecode there.
    wanted = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    _load_package()
    import importlib

    app = importlib.import_module(PACKAGE + ".app")
    sys.dont_write_bytecode = wanted
    app.run(sys.argv[1:])


if __name__ == "__main__":
    main()
