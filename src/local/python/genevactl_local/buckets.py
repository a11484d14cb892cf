# SPDX-License-Identifier: Apache-2.0
"""A root in an S3 bucket: where it is, what of the environment reaches it, and what is there.

The options are put into this process's environment, under names that pylance reads: so they reach
its namespace, every dataset and a Ray of our own, and stand in no answer of the namespace.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from .config import ConfigError

SCHEME = "s3://"
_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._=+-]*")
# An option as pylance, and genevactl's own client, call it; and the variables that give it, the
# first one that is set.
_VARIABLES = {
    "aws_access_key_id": ("AWS_ACCESS_KEY_ID",),
    "aws_secret_access_key": ("AWS_SECRET_ACCESS_KEY",),
    "aws_session_token": ("AWS_SESSION_TOKEN",),
    "aws_region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
    "aws_endpoint": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"),
    "allow_http": ("AWS_ALLOW_HTTP",),
    "aws_virtual_hosted_style_request": (
        "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
        "AWS_VIRTUAL_HOSTED_STYLE",
    ),
    "aws_server_side_encryption": ("AWS_SERVER_SIDE_ENCRYPTION",),
    "aws_sse_kms_key_id": ("AWS_SSE_KMS_KEY_ID",),
    "aws_sse_bucket_key_enabled": ("AWS_SSE_BUCKET_KEY_ENABLED",),
}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_PROBE = {"client_max_retries": "2", "client_retry_timeout": "10"}

# What the process ends with when the bucket cannot be used (src/local/server_command.hpp).
UNAUTHENTICATED, NOT_FOUND, UNREACHABLE, FORBIDDEN = 4, 5, 7, 13
_ENDS = {
    "NoSuchBucket": (NOT_FOUND, "there is no such bucket: make it, or correct --root"),
    "AccessDenied": (FORBIDDEN, "the key may not list the bucket: it needs s3:ListBucket, "
                     "s3:GetObject, s3:PutObject and s3:DeleteObject"),
    "InvalidAccessKeyId": (UNAUTHENTICATED, "correct AWS_ACCESS_KEY_ID"),
    "SignatureDoesNotMatch": (UNAUTHENTICATED, "correct AWS_SECRET_ACCESS_KEY"),
    "InvalidToken": (UNAUTHENTICATED, "correct AWS_SESSION_TOKEN, or unset it where the key is "
                     "no temporary one"),
    "ExpiredToken": (UNAUTHENTICATED, "the temporary key has expired: get a new one"),
    "PermanentRedirect": (2, "the bucket is in another region: set AWS_REGION"),
    "AuthorizationHeaderMalformed": (2, "the bucket is in another region: set AWS_REGION"),
}  # fmt: skip


class BucketError(ConfigError):
    """One sentence; `exit_code` is what the process ends with."""

    def __init__(self, text: str, exit_code: int):
        super().__init__(text)
        self.exit_code = exit_code


def is_url(place) -> bool:
    return "://" in str(place)


@dataclass(frozen=True)
class Bucket:
    """A root in a bucket: its URL without a slash at the end, and the options that reach it."""

    url: str
    options: dict[str, str] = field(default_factory=dict, repr=False)
    expires_at_millis: str | None = None

    @classmethod
    def of(cls, url: str, environment: Mapping[str, str]) -> Bucket:
        """Checks both. Raises ConfigError."""
        options = _options(environment)
        return cls(_checked(url), options, _expiry(environment.get("AWS_CREDENTIAL_EXPIRATION")))

    def environment(self) -> dict[str, str]:
        """The options as the variables that pylance reads first."""
        return {_VARIABLES[name][0]: value for name, value in self.options.items()}

    def vended(self) -> dict[str, str] | None:
        """What a client needs to write below a table; None where the environment has no key."""
        if "aws_access_key_id" not in self.options:
            return None
        expiry = {"expires_at_millis": self.expires_at_millis} if self.expires_at_millis else {}
        return {**self.options, **expiry}

    def probe(self) -> None:
        """Lists the root once. Raises BucketError with what is wrong and what to do."""
        from lance.file import LanceFileSession

        try:
            LanceFileSession(self.url, storage_options=_PROBE).list_with_delimiter()
        except Exception as error:  # pylance raises RuntimeError, OSError or ValueError
            raise self._explained(str(error)) from error

    def names(self) -> list[str]:
        """What lies directly below the root, as a folder would. Blocking."""
        found = _session(self.url).list_with_delimiter().common_prefixes
        return sorted({prefix.rstrip("/").rpartition("/")[2] for prefix in found})

    def has(self, name: str) -> bool:
        """Whether something lies below a name. Blocking."""
        found = _session(self.url).list_with_delimiter(name)
        return bool(found.common_prefixes or found.objects)

    def _explained(self, text: str) -> BucketError:
        code = re.search(r"<Code>(\w+)</Code>", text)
        said = re.search(r"<Message>([^<]*)</Message>", text)
        if code:
            answer = f"{code[1]}: {said[1]}" if said and said[1] else code[1]
            exit_code, advice = _ENDS.get(code[1], (2, "see docs/local.md, Databases in a bucket"))
            return BucketError(f"{self.url}: the store answers {answer.rstrip('.')}; {advice}",
                               exit_code)  # fmt: skip
        if "credentials" in text:
            return BucketError(
                f"{self.url}: there is no key for it: set AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY (or AWS_PROFILE)",
                UNAUTHENTICATED,
            )
        status = re.search(r"status code: (\d+[^:]*)", text)
        if status:
            return BucketError(
                f"{self.url}: the store answers {status[1].strip()}; correct the key, the bucket "
                "or AWS_ENDPOINT_URL",
                _of_status(status[1]),
            )
        where = self.options.get("aws_endpoint", "Amazon S3")
        return BucketError(
            f"{self.url}: {where} cannot be reached: check AWS_ENDPOINT_URL and the network "
            f"({_short(text)})",
            UNREACHABLE,
        )


def put(location: str, name: str, data: bytes) -> None:
    """Writes an object below a location unless it is there; at once or not at all. Blocking."""
    session = _session(location)
    if session.contains(name):
        return
    with tempfile.NamedTemporaryFile(prefix="genevactl-") as file:
        file.write(data)
        file.flush()
        session.upload_file(file.name, name)


def check_name(name: str) -> str | None:
    """Why a name cannot be that of a database in a bucket; None where it can."""
    if _PART.fullmatch(name):
        return None
    return "in a bucket it has letters, digits and . _ = + - only, and does not start with . = or +"


def _session(location: str):
    from lance.file import LanceFileSession

    return LanceFileSession(location)


def _checked(url: str) -> str:
    if not url.startswith(SCHEME):
        raise ConfigError(f"--root {url}: a root is a folder, or s3://BUCKET/PREFIX")
    parts = url[len(SCHEME) :].rstrip("/").split("/")
    if not all(_PART.fullmatch(part) for part in parts):
        raise ConfigError(
            f"--root {url}: a root in a bucket looks like s3://BUCKET/PREFIX, whose parts have "
            "letters, digits and . _ = + - only"
        )
    return SCHEME + "/".join(parts)


def _options(environment: Mapping[str, str]) -> dict[str, str]:
    options = {}
    for option, variables in _VARIABLES.items():
        value = next((environment[name] for name in variables if environment.get(name)), None)
        if value is not None:
            options[option] = value
    if ("aws_access_key_id" in options) != ("aws_secret_access_key" in options):
        raise ConfigError("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together: set both")
    endpoint = options.get("aws_endpoint")
    if endpoint is not None:
        _check_endpoint(endpoint, options)
        options.setdefault("aws_region", "us-east-1")  # which such servers take, or ignore
    return options


def _check_endpoint(endpoint: str, options: dict[str, str]) -> None:
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"AWS_ENDPOINT_URL is {endpoint!r}: it looks like https://HOST")
    if parts.username or parts.password:
        raise ConfigError("AWS_ENDPOINT_URL has a user or a password in it: the key goes into "
                          "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")  # fmt: skip
    if parts.scheme == "https":
        return
    if parts.hostname in _LOOPBACK:
        options.setdefault("allow_http", "true")
    if options.get("allow_http", "").lower() not in ("1", "true", "yes", "on"):
        raise ConfigError(
            f"AWS_ENDPOINT_URL {endpoint} is not encrypted: everybody on the way could read the "
            "tables; set AWS_ALLOW_HTTP=true if that is meant"
        )
    options["allow_http"] = "true"


def _expiry(text: str | None) -> str | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise ConfigError(f"AWS_CREDENTIAL_EXPIRATION is {text!r}, which is no time") from error
    return str(int(moment.timestamp() * 1000))


def _of_status(status: str) -> int:
    return {"401": UNAUTHENTICATED, "403": FORBIDDEN, "404": NOT_FOUND}.get(status[:3], UNREACHABLE)


def _short(text: str) -> str:
    """The reason out of pylance's sentence, without where in its own source it arose."""
    text = text.partition(", /")[0].rpartition(" - ")[2]
    return " ".join(text.split())[:200]
