# SPDX-License-Identifier: Apache-2.0
import geneva

from . import shared, twice


@geneva.udf
def doubled(text: str) -> str:
    from . import later

    return later.frame(twice(text) + shared.twice("-"))


@geneva.udf(version="1")
class Counter:
    def __init__(self, step: int = 3):
        self.step = step

    def __call__(self, text: str) -> int:
        from .later import frame

        return len(frame(text)) * self.step
