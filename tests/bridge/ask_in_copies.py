# SPDX-License-Identifier: Apache-2.0
"""Answers requests in several folders, each in a child that has imported geneva but nothing else.

Standard input: {"bridge": folder of the package, "copies": [{"folder", "environment",
"requests"}...]}; the answers of copy N go to the file named by the first argument, with `.N`.
"""

import importlib
import json
import os
import runpy
import sys


def main():
    work, path = json.load(sys.stdin), sys.argv[1]
    entry = runpy.run_path(os.path.join(work["bridge"], "__main__.py"), run_name="loaded")
    entry["_load_package"]()
    app = importlib.import_module(entry["PACKAGE"] + ".app")
    protocol = importlib.import_module(entry["PACKAGE"] + ".protocol")
    app.isolation.redirect()
    app.isolation.prepare()
    app.peer.import_geneva()
    sys.path[:] = [p for p in sys.path if p != os.path.dirname(os.path.abspath(__file__))]
    for number, copy in enumerate(work["copies"]):
        child = os.fork()
        if child == 0:
            os.chdir(copy["folder"])
            os.environ.update(copy["environment"])
            answers = [app.answer(json.dumps(r).encode(), os.getcwd()) for r in copy["requests"]]
            protocol.write_answer(f"{path}.{number}", answers)
            os._exit(0)
        os.waitpid(child, 0)


main()
