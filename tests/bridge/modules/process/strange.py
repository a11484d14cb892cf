# SPDX-License-Identifier: Apache-2.0
class Strange(Exception):
    def __str__(self):
        raise RuntimeError("no text")


raise Strange
