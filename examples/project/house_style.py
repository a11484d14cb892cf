# SPDX-License-Identifier: Apache-2.0
"""A module of this project: it travels with the captured workspace."""

MARK = "§"


def heading_of(text: str) -> str:
    """The first sentence, as a heading."""
    return f"{MARK} {text.split('.')[0].strip().capitalize()}"
