# SPDX-License-Identifier: Apache-2.0
"""Answers requests in several folders, each in a child that has imported geneva but nothing else.

Standard input: {"bridge": folder of the package, "copies": [{"folder", "environment",
"requests"}...]}; the answers of copy N go to the file named by the first argument, with `.N`.
"""

import json
import os
import sys

from loading import load


def main():
    work, path = json.load(sys.stdin), sys.argv[1]
    app, protocol = load(work["bridge"])
    app.peer.import_geneva()
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
