# SPDX-License-Identifier: Apache-2.0
from .constants import TIMES


def frame(text):
    return "<" * TIMES + text + ">"
