# SPDX-License-Identifier: Apache-2.0
"""Imported by one function of transforms.py."""


def of(text):
    return text.replace("colr", "colour")
