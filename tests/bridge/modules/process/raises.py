# SPDX-License-Identifier: Apache-2.0
class Strange(Exception):
    def __str__(self):
        raise RuntimeError("no text")


def deep():
    try:
        {}["missing"]
    except KeyError as error:
        raise ValueError("first line\nsecond line") from error


deep()
