# SPDX-License-Identifier: Apache-2.0
"""A transform that uses a helper in every way there is."""

import flat_helper
from flat_helper import Suffix, shout
from geneva import udf

GREETING = "hello"


def local(text):
    return f"{GREETING} {text}"


@udf
def everything(text: str) -> str:
    import flat_lazy
    from kit.deep import more

    return flat_helper.whisper(shout(local(text))) + Suffix().value + flat_lazy.end() + more.MARK


@udf(data_type=None)
def alone(text: str) -> str:
    return text[::-1]
