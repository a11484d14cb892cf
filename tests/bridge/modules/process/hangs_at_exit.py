# SPDX-License-Identifier: Apache-2.0
import atexit
import threading

import geneva

threading.Thread(target=threading.Event().wait).start()
atexit.register(threading.Event().wait)


@geneva.udf
def quiet(text):
    pass
