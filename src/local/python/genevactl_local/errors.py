# SPDX-License-Identifier: Apache-2.0
"""Errors in the namespace API's own shape: `{"error", "code", "detail"?, "instance"?}`."""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """Error codes of the Lance namespace specification."""

    UNSUPPORTED = 0
    NAMESPACE_NOT_FOUND = 1
    NAMESPACE_ALREADY_EXISTS = 2
    NAMESPACE_NOT_EMPTY = 3
    TABLE_NOT_FOUND = 4
    TABLE_ALREADY_EXISTS = 5
    TABLE_INDEX_NOT_FOUND = 6
    TABLE_INDEX_ALREADY_EXISTS = 7
    TABLE_TAG_NOT_FOUND = 8
    TABLE_TAG_ALREADY_EXISTS = 9
    TRANSACTION_NOT_FOUND = 10
    TABLE_VERSION_NOT_FOUND = 11
    TABLE_COLUMN_NOT_FOUND = 12
    INVALID_INPUT = 13
    CONCURRENT_MODIFICATION = 14
    PERMISSION_DENIED = 15
    UNAUTHENTICATED = 16
    SERVICE_UNAVAILABLE = 17
    INTERNAL = 18
    INVALID_TABLE_STATE = 19
    TABLE_SCHEMA_VALIDATION_ERROR = 20
    THROTTLING = 21
    TABLE_BRANCH_NOT_FOUND = 22
    TABLE_BRANCH_ALREADY_EXISTS = 23


# The HTTP status of a code. The specification names 406 for an operation that is not supported.
_STATUS = {
    Code.UNSUPPORTED: 406,
    Code.INVALID_INPUT: 400,
    Code.PERMISSION_DENIED: 403,
    Code.UNAUTHENTICATED: 401,
    Code.SERVICE_UNAVAILABLE: 503,
    Code.INTERNAL: 500,
    Code.TABLE_SCHEMA_VALIDATION_ERROR: 400,
    Code.THROTTLING: 429,
}
_CONFLICTS = {2, 3, 5, 7, 9, 14, 19, 23}


def status_of(code: Code) -> int:
    """The HTTP status that answers `code`."""
    if code in _STATUS:
        return _STATUS[code]
    return 409 if int(code) in _CONFLICTS else 404


class ApiError(Exception):
    """What a handler raises; the error middleware turns it into the API's JSON."""

    def __init__(self, code: Code, text: str, detail: str | None = None, status: int | None = None):
        super().__init__(text)
        self.code = code
        self.text = text
        self.detail = detail
        self.status = status_of(code) if status is None else status

    def body(self, instance: str) -> dict:
        """The JSON body; `instance` is the path of the request."""
        body = {"error": self.text, "code": int(self.code), "instance": instance}
        if self.detail:
            body["detail"] = self.detail
        return body


def invalid(text: str, detail: str | None = None) -> ApiError:
    return ApiError(Code.INVALID_INPUT, text, detail)


def unsupported(text: str) -> ApiError:
    return ApiError(Code.UNSUPPORTED, text)


def from_library(error: BaseException) -> ApiError:
    """The answer for an exception of pylance or of the namespace library."""
    if isinstance(error, ApiError):
        return error
    text = str(error) or type(error).__name__
    if isinstance(error, NotImplementedError):
        return unsupported(_first_sentence(text))
    code = getattr(error, "code", None)
    if isinstance(code, int) and 0 <= int(code) <= 23:
        return ApiError(_narrow(Code(int(code)), text), text)
    if isinstance(error, ValueError):
        return invalid(text)
    return ApiError(Code.INTERNAL, f"{type(error).__name__}: {text}")


def _narrow(code: Code, text: str) -> Code:
    # pylance wraps a bad column name or filter of the caller as "Internal error: ... InvalidInput".
    if code == Code.INTERNAL and "FieldNotFound" in text:
        return Code.TABLE_COLUMN_NOT_FOUND
    if code == Code.INTERNAL and "InvalidInput" in text:
        return Code.INVALID_INPUT
    return code


def _first_sentence(text: str) -> str:
    return text.split(", /", 1)[0]
