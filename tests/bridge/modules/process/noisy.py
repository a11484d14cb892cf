# SPDX-License-Identifier: Apache-2.0
"""Prints in every way there is, and answers nothing of it."""

import atexit
import logging
import os
import subprocess
import sys
import warnings

import geneva

print("printed")
sys.__stdout__.write("written\n")
os.write(1, b"by descriptor\n")
subprocess.run([sys.executable, "-S", "-c", "print('by a child')"], check=True)
logging.basicConfig(stream=sys.stdout, level="INFO")
logging.info("logged")
warnings.warn("warned")
atexit.register(print, "at exit")
LINE = sys.stdin.readline()


@geneva.udf
def loud(text):
    """Loud."""
