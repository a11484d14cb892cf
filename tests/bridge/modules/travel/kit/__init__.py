# SPDX-License-Identifier: Apache-2.0
"""A package with relative imports."""

from .shared import twice
