# SPDX-License-Identifier: Apache-2.0
"""Renaming a table, which pylance's directory namespace does not do."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lance_namespace_urllib3_client.models as models
from lance_namespace.errors import LanceNamespaceError, TableNotFoundError

from .bodies import validate
from .databases import Database
from .errors import ApiError, Code, invalid, unsupported
from .operations import table_location


def rename(database: Database, object_id: list[str], body: dict, jobs: list[str]) -> dict:
    """rename_table inside a namespace, never over another table. `jobs` are the live ones that read
    or write the table. Blocking.

    At every moment one of the two names has the whole table: in the database itself a table is the
    folder of its name, whose renaming is one step; in a child namespace it is an entry of the
    catalogue, and the new one is written before the old one is taken away.
    """
    request = validate(models.RenameTableRequest, body, object_id)
    if not object_id or object_id[0] == "__system":
        raise invalid("tables of the deployment itself are not renamed")
    if request.new_namespace_id not in (None, object_id[:-1]):
        raise unsupported("a table is not moved to another namespace by the local deployment")
    target = [*object_id[:-1], _checked(request.new_table_name)]
    location = table_location(database, object_id)
    if database.bucket is not None and len(object_id) == 1:
        raise unsupported(
            "a table in a bucket is not renamed: its objects cannot be moved in one step; write a "
            "new table with its rows, then drop this one"
        )
    if target == object_id:
        raise invalid("field 'new_table_name' is the name that the table has")
    if _exists(database, target):
        raise _taken(target)
    if jobs:
        raise ApiError(
            Code.CONCURRENT_MODIFICATION,
            f"table '{'.'.join(object_id)}' is in use by job {jobs[0]}: wait for it, or cancel it",
        )
    if len(object_id) == 1:
        _move(database, object_id, target, location)
    else:
        _register(database, target, Path(_path(location)).name)
        _deregister(database, object_id)
    return {}


def _checked(name: str) -> str:
    bad = not name or name.startswith((".", "_")) or name.endswith(".lance")
    if bad or any(c in "/\\$" or ord(c) < 32 or ord(c) == 127 for c in name) or len(name) > 200:
        raise invalid(f"field 'new_table_name' is {name!r}, which names no table")
    return name


def _exists(database: Database, object_id: list[str]) -> bool:
    try:
        table_location(database, object_id)
    except TableNotFoundError:
        return False
    return True


def _taken(object_id: list[str]) -> ApiError:
    return ApiError(
        Code.TABLE_ALREADY_EXISTS, f"table '{'.'.join(object_id)}' already exists"
    )


def _path(location: str) -> str:
    parts = urlsplit(location)
    return unquote(parts.path) if parts.scheme == "file" else location


def _move(database: Database, object_id: list[str], target: list[str], location: str) -> None:
    source = Path(_path(location))
    if source != database.folder / f"{object_id[0]}.lance":
        raise unsupported(f"the table lies in {source}, which is not the folder of its name")
    # What an earlier table of that name may have left in the catalogue.
    _deregister(database, target)
    try:
        os.rename(source, database.folder / f"{target[0]}.lance")
    except OSError as error:
        if isinstance(error, FileExistsError) or error.errno in (39, 66):
            raise _taken(target) from error
        raise
    # The catalogue goes by the folders of the database; these entries only speed it up.
    _deregister(database, object_id)
    _register(database, target, f"{target[0]}.lance", must=False)


def _deregister(database: Database, object_id: list[str]) -> None:
    try:
        database.namespace.deregister_table(models.DeregisterTableRequest(id=object_id))
    except LanceNamespaceError:
        pass  # it had no entry


def _register(database: Database, object_id: list[str], location: str, must: bool = True) -> None:
    request = models.RegisterTableRequest(id=object_id, location=location)
    try:
        database.namespace.register_table(request)
    except LanceNamespaceError:
        if must:
            raise
