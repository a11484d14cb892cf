# SPDX-License-Identifier: Apache-2.0


def _arrow_type_to_json(data_type):
    return {"type": data_type}
