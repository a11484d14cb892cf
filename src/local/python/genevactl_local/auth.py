# SPDX-License-Identifier: Apache-2.0
"""Who may speak to the server: the holder of the key, on this machine, and no web page."""

from __future__ import annotations

import hmac

from aiohttp import web

from .errors import ApiError, Code

_HOSTS = {"127.0.0.1", "localhost", "[::1]"}


def check_host(host: str | None) -> None:
    """Refuses a Host that is not loopback: a rebound DNS name must not reach the server."""
    name = (host or "").strip().lower()
    bare, colon, port = name.rpartition(":")
    if not colon or name.endswith("]"):
        bare, port = name, ""
    if bare not in _HOSTS or (colon and not name.endswith("]") and not port.isdigit()):
        raise ApiError(
            Code.PERMISSION_DENIED,
            "the Host header does not name this machine's loopback address; use the server's "
            "own URL",
        )


def check_origin(headers) -> None:
    """Refuses every request that a web page could have sent."""
    if "Origin" in headers:
        raise ApiError(
            Code.PERMISSION_DENIED, "requests of web pages (with an Origin header) are refused"
        )


def check_key(headers, key: str) -> None:
    """Compares the request's key in constant time. `x-api-key`, or `Authorization: Bearer`."""
    given = headers.get("x-api-key")
    if given is None:
        scheme, _, value = headers.get("Authorization", "").partition(" ")
        given = value.strip() if scheme.lower() == "bearer" else None
    if given is None:
        raise ApiError(Code.UNAUTHENTICATED, "no API key: send it as x-api-key")
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), key.encode()):
        raise ApiError(
            Code.UNAUTHENTICATED,
            "the API key is not this deployment's; `genevactl local env` prints the right one",
        )


def middleware(key: str):
    """Checks every request before anything of it is read."""

    @web.middleware
    async def check(request: web.Request, handler):
        check_host(request.headers.get("Host"))
        check_origin(request.headers)
        check_key(request.headers, key)
        return await handler(request)

    return check
