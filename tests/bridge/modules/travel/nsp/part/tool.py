# SPDX-License-Identifier: Apache-2.0
def mark(text):
    return f"ns:{text}"
