# SPDX-License-Identifier: Apache-2.0
"""A database's name to its folder, and that folder's namespace (in-process: no second port)."""

from __future__ import annotations

import threading
from pathlib import Path

from . import buckets
from .buckets import Bucket
from .errors import ApiError, Code, invalid


def check_name(name: str) -> str:
    """Refuses a name that is not that of one plain folder of the root."""
    bad = (
        not name
        or name.startswith(".")
        or any(c in "/\\" or ord(c) < 32 or ord(c) == 127 for c in name)
        or len(name.encode("utf-8", "surrogateescape")) > 200
    )
    if bad:
        raise invalid(
            f"database name {name!r} is refused: it must name one folder of the root, "
            "without / or \\, and not start with a dot"
        )
    return name


class Database:
    """One database: its folder (an absolute path, or a URL in `bucket`), and the namespace over
    it.
    """

    def __init__(self, name: str, folder: Path | str, bucket: Bucket | None = None):
        from lance.namespace import DirectoryNamespace

        self.name = name
        self.folder = folder
        self.bucket = bucket
        # The same properties as a direct connection of the engine uses, so that both see one
        # catalogue.
        self.namespace = DirectoryNamespace(root=str(folder), manifest_enabled="true")


class Databases:
    """The databases that a server offers: each folder of a root, or one called `default`."""

    def __init__(self, root: Path, kind: str):
        self.root = root
        self.kind = kind
        self._open: dict[str, Database] = {}
        self._guard = threading.Lock()

    def names(self) -> list[str]:
        if self.kind == "database":
            return ["default"]
        folders = (p for p in self.root.iterdir() if p.is_dir() and not p.name.startswith("."))
        return sorted(p.name for p in folders)

    def get(self, name: str | None, create: bool = False) -> Database:
        """The database of a request. Blocking. `create` makes a missing folder of the root."""
        folder = self._folder(name)
        name = name or "default"
        with self._guard:
            if not folder.is_dir():
                self._open.pop(name, None)
                if not create or self.kind == "database":
                    raise _missing(name)
                folder.mkdir(mode=0o700)
            if name not in self._open:
                self._open[name] = Database(name, folder)
            return self._open[name]

    def _folder(self, name: str | None) -> Path:
        if self.kind == "database":
            if name not in (None, "default"):
                raise invalid(
                    f"database '{name}' is not served: this deployment has one database, 'default'"
                )
            return self.root
        if name is None:
            raise _no_name()
        folder = self.root / check_name(name)
        if folder.is_symlink() and self.root.resolve() not in folder.resolve().parents:
            raise invalid(
                f"database name {name!r} is refused: its folder is a link out of the root"
            )
        return folder


class BucketDatabases:
    """The same for a root in a bucket: a database is there when something lies below its name."""

    kind = "root"

    def __init__(self, bucket: Bucket):
        self.root = bucket.url
        self._bucket = bucket
        self._open: dict[str, Database] = {}
        self._guard = threading.Lock()

    def names(self) -> list[str]:
        return [name for name in self._bucket.names() if buckets.check_name(name) is None]

    def get(self, name: str | None, create: bool = False) -> Database:
        """The database of a request. Blocking. `create`: the request is to make its first table,
        which makes the database.
        """
        if name is None:
            raise _no_name()
        problem = buckets.check_name(name)
        if problem is not None:
            raise invalid(f"database name {name!r} is refused: {problem}")
        with self._guard:
            known = self._open.get(name)
        if known is not None:  # it is not looked for again: that would be a request to the store
            return known
        there = self._bucket.has(name)
        if not there and not create:
            raise _missing(name)
        found = Database(name, f"{self.root}/{name}", self._bucket)
        with self._guard:
            return self._open.setdefault(name, found) if there else found


def _missing(name: str) -> ApiError:
    return ApiError(
        Code.NAMESPACE_NOT_FOUND,
        f"database '{name}' does not exist; creating its first table makes it",
    )


def _no_name() -> ApiError:
    return invalid("no database: the header x-lancedb-database is missing")
