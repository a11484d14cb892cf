# SPDX-License-Identifier: Apache-2.0
"""Loads payloads as a worker does, in a process that has only geneva.

Standard input: [[payload (base64), argument]...]; the first argument names the file for
[[result, result after a second pickling]...].
"""

import base64
import json
import subprocess
import sys

import cloudpickle

AGAIN = """
import pickle, sys
function, argument = pickle.loads(sys.stdin.buffer.read())
print(function(argument), end="")
"""


def call(payload, argument):
    udf = cloudpickle.loads(base64.b64decode(json.loads(base64.b64decode(payload))["udf_pickle"]))
    before = cloudpickle.dumps((udf.func, argument))
    first = udf.func(argument)
    second = subprocess.run(
        [sys.executable, "-c", AGAIN], input=before, capture_output=True, check=False
    )
    return [first, second.stdout.decode() or second.stderr.decode()]


def main():
    path, work = sys.argv[1], json.load(sys.stdin)
    with open(path, "w", encoding="utf-8") as file:
        json.dump([call(payload, argument) for payload, argument in work], file)


main()
