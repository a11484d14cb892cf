# SPDX-License-Identifier: Apache-2.0
import numpy as np
from geneva import udf

from srcpkg.other import PREFIX


@udf
def prefixed(text: str) -> str:
    return PREFIX + str(np.int32(1))
