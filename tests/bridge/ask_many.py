# SPDX-License-Identifier: Apache-2.0
"""Answers a JSON list of requests in one process, as the bridge would one by one.

Standard input: {"bridge": folder of the package, "requests": [...]}; the answers go to the file
named by the first argument. Importing geneva takes seconds, so the tests share it this way; what
only a process of its own can show is tested with one (test_process.py).
"""

import json
import os
import sys

from loading import load


def main():
    work, path = json.load(sys.stdin), sys.argv[1]
    app, protocol = load(work["bridge"])
    connections = []

    def watch(event, arguments):
        if event == "socket.connect":
            connections.append(repr(arguments))

    sys.addaudithook(watch)
    answers = [app.answer(json.dumps(r).encode(), os.getcwd()) for r in work["requests"]]
    protocol.write_answer(path, {"answers": answers, "connections": connections})


main()
