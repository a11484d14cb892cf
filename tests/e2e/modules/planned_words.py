# SPDX-License-Identifier: Apache-2.0
"""A helper that a transform imports."""

WORD = "first"
