# SPDX-License-Identifier: Apache-2.0
"""Stands in for geneva where a test is about the process: imports at once, can only inspect."""

from .transformer import udf
