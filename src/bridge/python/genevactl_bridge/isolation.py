# SPDX-License-Identifier: Apache-2.0
"""Keeps what the user's module does to the process away from the answer."""

import atexit
import gc
import os
import signal
import sys
import threading

# Importing geneva starts a telemetry exporter or unpacks archives when these are set; neither
# was asked for here.
_UNWANTED = ("GENEVA_TELEMETRY_INIT_ON_IMPORT", "LANCEDB_OTEL_COLLECTOR_URL", "GENEVA_ZIPS")

_LEAVE_SECONDS = 2.0


def redirect():
    """Points descriptor 1 at standard error and descriptor 0 at nothing.

    Done on descriptors, so that C code and child processes cannot write into the answer's place
    either, and a module that asks for input meets its end instead of waiting for it.
    """
    null = os.open(os.devnull, os.O_RDWR)
    try:
        os.fstat(2)
    except OSError:
        os.dup2(null, 2)
    os.dup2(2, 1)
    os.dup2(null, 0)
    os.close(null)
    if sys.stdout is not None:
        sys.stdout.reconfigure(line_buffering=True)


def prepare():
    """Environment, signals and memory for a short life."""
    for name in _UNWANTED:
        os.environ.pop(name, None)
    # An interrupt ends the process at once, in C code too; a module that raises
    # KeyboardInterrupt by itself is then an ordinary import error.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Importing geneva makes a million objects that all live: look at them less often.
    gc.set_threshold(100_000, 50, 100)
    sys.argv = ["genevactl"]


def leave(status):
    """Ends the process: exit handlers run, but neither they nor left-over threads can hang it."""
    watchdog = threading.Timer(_LEAVE_SECONDS, os._exit, (status,))
    watchdog.daemon = True
    watchdog.start()
    try:
        atexit._run_exitfuncs()
    except BaseException:  # noqa: BLE001 (the answer is written, nothing may change the status)
        pass
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass
    os._exit(status)
