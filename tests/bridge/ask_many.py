# SPDX-License-Identifier: Apache-2.0
"""Answers a JSON list of requests in one process, as the bridge would one by one.

Standard input: {"bridge": folder of the package, "requests": [...]}; the answers go to the file
named by the first argument. Importing geneva takes seconds, so the tests share it this way; what
only a process of its own can show is tested with one (test_process.py).
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
    sys.path[:] = [p for p in sys.path if p != os.path.dirname(os.path.abspath(__file__))]
    connections = []

    def watch(event, arguments):
        if event == "socket.connect":
            connections.append(repr(arguments))

    sys.addaudithook(watch)
    answers = [app.answer(json.dumps(r).encode(), os.getcwd()) for r in work["requests"]]
    protocol.write_answer(path, {"answers": answers, "connections": connections})


main()
