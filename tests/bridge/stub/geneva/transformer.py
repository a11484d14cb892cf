# SPDX-License-Identifier: Apache-2.0
class UDF:
    input_columns = ["text"]
    version = "1"
    num_cpus = num_gpus = 1.0
    memory = manifest = None
    is_multi_output = False
    data_type = "string"

    def __init__(self, func):
        self.func, self.name = func, func.__name__


class Chunker:
    pass


class UDTF:
    pass


def udf(func):
    return UDF(func)
