# SPDX-License-Identifier: Apache-2.0
import threading

LOCK_TYPE = type(threading.Lock())


def shout(text):
    return text.upper()


def whisper(text):
    return f"({text})"


class Suffix:
    value = "!"
