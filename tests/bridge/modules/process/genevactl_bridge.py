# SPDX-License-Identifier: Apache-2.0
import geneva


@geneva.udf
def embed(text):
    """Not the bridge's."""
