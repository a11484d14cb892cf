# SPDX-License-Identifier: Apache-2.0
"""Plain log lines with the time in UTC (RFC 3339) on stderr, which the supervisor keeps in
server.log.
"""

from __future__ import annotations

import sys
from datetime import datetime, timezone


def now() -> str:
    """The time in UTC, RFC 3339 with seconds."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def log(text: str) -> None:
    """Writes one line; never give it a key."""
    line = " | ".join(part.rstrip() for part in text.splitlines() if part.strip())
    print(f"{now()} {line}", file=sys.stderr, flush=True)
