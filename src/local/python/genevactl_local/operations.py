# SPDX-License-Identifier: Apache-2.0
"""The operations that pylance's directory namespace answers by itself, as one table of routes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import lance_namespace_urllib3_client.models as models

from . import namespaces
from .bodies import is_list, scalar_of, validate
from .databases import Database
from .errors import ApiError, Code, invalid


@dataclass(frozen=True)
class Operation:
    """One route below `/v1/`: `method path` to the namespace's method with the official request
    model.
    """

    method: str
    path: str
    call: str
    model: Any
    creates: bool = False  # may be the first thing done to a database
    answer: Callable[[Any], tuple[bytes, str]] | None = None


def as_json(response) -> tuple[bytes, str]:
    value = response.to_dict() if hasattr(response, "to_dict") else response
    return json.dumps(value if value is not None else {}).encode(), "application/json"


def _nothing(_response) -> tuple[bytes, str]:
    return b"", ""


def _count(response) -> tuple[bytes, str]:
    return str(response.count).encode(), "application/json"


def _arrow(response) -> tuple[bytes, str]:
    return bytes(response.data), "application/vnd.apache.arrow.file"


def _text(response) -> tuple[bytes, str]:
    return json.dumps(response).encode(), "application/json"


def _post(path, call, model, **more) -> Operation:
    return Operation("POST", path, call, model, **more)


OPERATIONS = [
    _post("namespace/{id}/create", "create_namespace", models.CreateNamespaceRequest, creates=True),
    _post("namespace/{id}/describe", "describe_namespace", models.DescribeNamespaceRequest),
    _post("namespace/{id}/drop", "drop_namespace", models.DropNamespaceRequest),
    _post(
        "namespace/{id}/exists", "namespace_exists", models.NamespaceExistsRequest, answer=_nothing
    ),
    Operation("GET", "namespace/{id}/list", "list_namespaces", models.ListNamespacesRequest),
    Operation("GET", "namespace/{id}/table/list", "list_tables", models.ListTablesRequest),
    Operation("GET", "table", "list_all_tables", models.ListTablesRequest),
    _post("table/{id}/describe", "describe_table", models.DescribeTableRequest),
    _post("table/{id}/exists", "table_exists", models.TableExistsRequest, answer=_nothing),
    _post("table/{id}/declare", "declare_table", models.DeclareTableRequest, creates=True),
    _post("table/{id}/register", "register_table", models.RegisterTableRequest, creates=True),
    _post("table/{id}/deregister", "deregister_table", models.DeregisterTableRequest),
    _post("table/{id}/drop", "drop_table", models.DropTableRequest),
    _post("table/{id}/restore", "restore_table", models.RestoreTableRequest),
    _post("table/{id}/count_rows", "count_table_rows", models.CountTableRowsRequest, answer=_count),
    _post("table/{id}/query", "query_table", models.QueryTableRequest, answer=_arrow),
    _post(
        "table/{id}/explain_plan",
        "explain_table_query_plan",
        models.ExplainTableQueryPlanRequest,
        answer=_text,
    ),
    _post(
        "table/{id}/analyze_plan",
        "analyze_table_query_plan",
        models.AnalyzeTableQueryPlanRequest,
        answer=_text,
    ),
    _post("table/{id}/update", "update_table", models.UpdateTableRequest),
    _post("table/{id}/delete", "delete_from_table", models.DeleteFromTableRequest),
    _post(
        "table/{id}/schema_metadata/update",
        "update_table_schema_metadata",
        models.UpdateTableSchemaMetadataRequest,
    ),
    _post("table/{id}/stats", "get_table_stats", models.GetTableStatsRequest),
    _post("table/{id}/version/list", "list_table_versions", models.ListTableVersionsRequest),
    _post("table/{id}/create_index", "create_table_index", models.CreateTableIndexRequest),
    _post(
        "table/{id}/create_scalar_index",
        "create_table_scalar_index",
        models.CreateTableIndexRequest,
    ),
    _post("table/{id}/index/list", "list_table_indices", models.ListTableIndicesRequest),
    _post(
        "table/{id}/index/{index_name}/stats",
        "describe_table_index_stats",
        models.DescribeTableIndexStatsRequest,
    ),
    _post("table/{id}/index/{index_name}/drop", "drop_table_index", models.DropTableIndexRequest),
    _post("table/{id}/tags/list", "list_table_tags", models.ListTableTagsRequest),
    _post("table/{id}/tags/version", "get_table_tag_version", models.GetTableTagVersionRequest),
    _post("table/{id}/tags/create", "create_table_tag", models.CreateTableTagRequest),
    _post("table/{id}/tags/delete", "delete_table_tag", models.DeleteTableTagRequest),
    _post("table/{id}/tags/update", "update_table_tag", models.UpdateTableTagRequest),
    _post("table/{id}/branches/list", "list_table_branches", models.ListTableBranchesRequest),
    _post("table/{id}/branches/create", "create_table_branch", models.CreateTableBranchRequest),
    _post("table/{id}/branches/delete", "delete_table_branch", models.DeleteTableBranchRequest),
]

# Those whose body is an Arrow IPC stream; the request's fields travel in the query.
DATA_OPERATIONS = [
    _post("table/{id}/create", "create_table", models.CreateTableRequest, creates=True),
    _post("table/{id}/insert", "insert_into_table", models.InsertIntoTableRequest),
    _post("table/{id}/merge_insert", "merge_insert_into_table", models.MergeInsertIntoTableRequest),
]

# In the specification, but neither pylance's directory namespace nor the engine has them here.
UNSUPPORTED = [
    "table/{id}/version/create",
    "table/{id}/version/describe",
    "table/{id}/version/delete",
    "table/{id}/update_field_metadata",
    "table/version/batch-create",
    "table/batch-commit",
    "transaction/{id}/describe",
    "transaction/{id}/alter",
]

_MAPS = {"properties", "storage_options"}
_OWN = {"create_namespace": namespaces.create, "drop_namespace": namespaces.drop}
_VENDING = {"create_table", "declare_table", "describe_table"}
_LISTS = {"list_namespaces", "list_tables"}


def query_body(model, query) -> dict:
    """The request's fields that REST carries in the query (a multi-map): JSON for maps, words for
    numbers and booleans, a list for a field that may be repeated.
    """
    body: dict[str, Any] = {}
    for key in dict.fromkeys(query):
        if key == "delimiter":
            continue
        field = model.model_fields.get(key)
        if field is None:
            raise invalid(f"unknown query parameter '{key}'")
        if is_list(field.annotation):
            body[key] = query.getall(key)
        else:
            body[key] = _typed(key, query[key], scalar_of(field.annotation))
    return body


def _typed(key: str, text: str, kind: type | None):
    try:
        if key in _MAPS:
            return json.loads(text)
        if kind is bool:
            return {"true": True, "false": False}[text.lower()]
        if kind is int:
            return int(text)
    except (ValueError, KeyError) as error:
        raise invalid(
            f"query parameter '{key}' has the value {text!r}, which does not fit"
        ) from error
    return text


def check_version(database: Database, object_id: list[str], version: int | None) -> None:
    """The directory namespace answers an unknown version with an empty description; say 404
    instead.
    """
    if version is None:
        return
    import lance

    location = table_location(database, object_id)
    if version not in {v["version"] for v in lance.dataset(location).versions()}:
        raise ApiError(
            Code.TABLE_VERSION_NOT_FOUND, f"table '{'.'.join(object_id)}' has no version {version}"
        )


def table_location(database: Database, object_id: list[str]) -> str:
    """Where the table's dataset lies. Raises TableNotFound through the namespace."""
    request = models.DescribeTableRequest(id=object_id)
    return database.namespace.describe_table(request).location


def _call(operation: Operation, database: Database, request, data: bytes | None):
    if operation.call in _OWN:
        return _OWN[operation.call](database, request)
    method = getattr(database.namespace, operation.call)
    return method(request) if data is None else method(request, data)


def run(
    operation: Operation, database: Database, object_id: list[str], body: dict, data: bytes | None
):
    """Validates and calls; returns the answer's bytes and content type. Blocking."""
    request = validate(operation.model, body, object_id)
    if operation.call == "describe_table":
        check_version(database, object_id, request.version)
    if operation.creates and operation.path.startswith("table/"):
        namespaces.require(database, object_id[:-1])
    if operation.call in _LISTS:
        namespaces.require(database, object_id)
    response = _call(operation, database, request, data)
    if operation.call in _VENDING and database.bucket is not None:
        refused = getattr(request, "vend_credentials", None) is False
        response.storage_options = None if refused else database.bucket.vended()
    return (operation.answer or as_json)(response)
