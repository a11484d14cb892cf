# SPDX-License-Identifier: Apache-2.0
from . import constants


def twice(text):
    return text * constants.TIMES
