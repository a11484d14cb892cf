# SPDX-License-Identifier: Apache-2.0
"""Imported inside a function only, and needs a package that only the workers have."""

try:
    import only_the_workers_have_this
except ImportError:
    only_the_workers_have_this = None

import flat_lazy_needs


def end():
    return flat_lazy_needs.END
