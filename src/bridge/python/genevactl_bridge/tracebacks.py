# SPDX-License-Identifier: Apache-2.0
"""An exception as its user should see it: without the frames of the bridge."""

import os
import traceback

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_IMPORTLIB = (os.sep + os.path.join("importlib", "__init__.py"), "<frozen importlib")


def _is_ours(filename):
    return (
        filename.startswith(_HERE)
        or filename.startswith(_IMPORTLIB[1])
        or filename.endswith(_IMPORTLIB[0])
    )


def _strip(summary):
    kept = [frame for frame in summary.stack if not _is_ours(frame.filename)]
    summary.stack[:] = kept
    linked = [summary.__cause__, summary.__context__, *(getattr(summary, "exceptions", None) or ())]
    for other in linked:
        if other is not None:
            _strip(other)


def user_frames(error):
    """Whether any frame of `error` lies outside the bridge and the import machinery."""
    return any(not _is_ours(f.filename) for f in traceback.extract_tb(error.__traceback__))


def text(error):
    """The traceback as Python prints it, the bridge's and the import machinery's frames gone."""
    summary = traceback.TracebackException.from_exception(error)
    _strip(summary)
    header = "Traceback (most recent call last):\n"
    printed = "".join(summary.format())
    return printed if summary.stack else printed.replace(header, "", 1)


def headline(error):
    """`ValueError: first line of its text`, at most 300 characters."""
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # noqa: BLE001 (a user's __str__ may raise anything)
        lines = ["<its text cannot be read>"]
    name = type(error).__name__
    return (f"{name}: {lines[0]}" if lines else name)[:300]


def whole(error):
    """The traceback with every frame, for a bug of the bridge itself."""
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))
