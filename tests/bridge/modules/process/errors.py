# SPDX-License-Identifier: Apache-2.0
"""Named like a module of the bridge."""

import geneva
import protocol


@geneva.udf
def embed(text):
    """The user's."""


assert protocol.MINE
