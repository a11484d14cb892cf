# SPDX-License-Identifier: Apache-2.0
"""Child namespaces, where pylance's directory namespace passes over a part of the request."""

from __future__ import annotations

import lance_namespace_urllib3_client.models as models
from lance_namespace.errors import NamespaceAlreadyExistsError, NamespaceNotFoundError

from .databases import Database
from .errors import invalid, unsupported

# Clients and the engine put their own tables there without creating it.
_SYSTEM = "__system"


def create(database: Database, request: models.CreateNamespaceRequest):
    """create_namespace with the modes `create` and `exist_ok`. Blocking."""
    mode = _word("mode", request.mode, ("create", "exist_ok", "overwrite"))
    if mode == "overwrite":
        raise unsupported("namespaces are not overwritten by the local deployment: drop it first")
    try:
        return database.namespace.create_namespace(request)
    except NamespaceAlreadyExistsError:
        if mode != "exist_ok":
            raise
    found = database.namespace.describe_namespace(models.DescribeNamespaceRequest(id=request.id))
    return models.CreateNamespaceResponse(properties=found.properties)


def drop(database: Database, request: models.DropNamespaceRequest):
    """drop_namespace of an empty one, with the modes `fail` and `skip`. Blocking."""
    mode = _word("mode", request.mode, ("fail", "skip"))
    if _word("behavior", request.behavior, ("restrict", "cascade")) == "cascade":
        raise unsupported(
            "the local deployment drops empty namespaces only: drop what is in it first"
        )
    try:
        return database.namespace.drop_namespace(request)
    except NamespaceNotFoundError:
        if mode != "skip":
            raise
        return models.DropNamespaceResponse()


def require(database: Database, object_id: list[str]) -> None:
    """Raises NamespaceNotFound for one that nobody created; pylance would make tables in it that no
    list of namespaces shows. Blocking.
    """
    if object_id and object_id[0] != _SYSTEM:
        database.namespace.namespace_exists(models.NamespaceExistsRequest(id=object_id))


def _word(field: str, value: str | None, known: tuple[str, ...]) -> str:
    """One of `known`, the first where nothing is given; the specification allows PascalCase too."""
    if value is None:
        return known[0]
    plain = value.lower().replace("_", "")
    for word in known:
        if plain == word.replace("_", ""):
            return word
    raise invalid(f"field '{field}' is '{value}'; it is one of {', '.join(known)}")
