# SPDX-License-Identifier: Apache-2.0
import nsp.part.tool
from geneva import udf


@udf
def spaced(text: str) -> str:
    return nsp.part.tool.mark(text)
