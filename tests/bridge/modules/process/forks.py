# SPDX-License-Identifier: Apache-2.0
import os

import geneva

CHILD = os.fork()
if CHILD:
    os.waitpid(CHILD, 0)


@geneva.udf
def embed(text):
    pass
