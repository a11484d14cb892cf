# SPDX-License-Identifier: Apache-2.0
"""Reached by transforms.py: a path of its own folder, sets, and a value."""

import pathlib

HERE = pathlib.Path(__file__).parent
WORDS = {"hello", "world", "these", "are", "hashed"}
CONFIG = {"strip": " "}


def clean(text):
    return text.strip(CONFIG["strip"] + str(HERE))
