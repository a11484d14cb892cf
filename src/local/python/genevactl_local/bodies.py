# SPDX-License-Identifier: Apache-2.0
"""Request bodies through the official models; a field that the specification lacks is refused."""

from __future__ import annotations

import json
import types
import typing

from pydantic import BaseModel, ValidationError

from .errors import invalid


def parse_json(data: bytes) -> dict:
    """The body as an object; an empty body is `{}`."""
    if not data.strip():
        return {}
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise invalid(f"the body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise invalid("the body must be a JSON object")
    return value


def validate(model: type[BaseModel], body: dict, object_id: list[str]):
    """The model's instance for `body`, whose id must be the path's; raises InvalidInput naming the
    field.
    """
    given = body.get("id")
    if given is not None and given != object_id:
        raise invalid(f"field 'id' is {given!r}, but the path names {object_id!r}")
    body = {**body, "id": object_id} if "id" in model.model_fields else body
    refuse_unknown(model, body, "")
    try:
        return model.from_dict(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise invalid(f"field '{where}': {first['msg']}") from error
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise invalid(f"the body is not a {model.__name__}: {error}") from error


def refuse_unknown(model: type[BaseModel], body, where: str) -> None:
    """Walks the body beside the model; lists, maps and nested models included."""
    if not isinstance(body, dict):
        return
    if "actual_instance" in model.model_fields:  # one-of wrappers check themselves
        return
    fields = {(f.alias or name): f for name, f in model.model_fields.items()}
    for key, value in body.items():
        path = f"{where}.{key}" if where else key
        if key not in fields:
            raise invalid(f"unknown field '{path}'")
        _walk(fields[key].annotation, value, path)


def _walk(annotation, value, where: str) -> None:
    nested, container = _model_of(annotation)
    if nested is None or value is None:
        return
    if container is list and isinstance(value, list):
        for index, item in enumerate(value):
            refuse_unknown(nested, item, f"{where}[{index}]")
    elif container is dict and isinstance(value, dict):
        for key, item in value.items():
            refuse_unknown(nested, item, f"{where}.{key}")
    elif container is None:
        refuse_unknown(nested, value, where)


def _model_of(annotation):
    """The model inside Optional, List or Dict, and which container it lies in."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        for part in typing.get_args(annotation):
            found = _model_of(part)
            if found[0] is not None:
                return found
        return None, None
    if origin in (list, dict):
        return _model_of(typing.get_args(annotation)[-1])[0], origin
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, None
    return None, None


def scalar_of(annotation) -> type | None:
    """int, bool, str or float inside Optional and Annotated; None for anything else."""
    if annotation in (int, bool, str, float):
        return annotation
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        parts = (
            typing.get_args(annotation)[:1]
            if origin is typing.Annotated
            else typing.get_args(annotation)
        )
        return next((kind for kind in map(scalar_of, parts) if kind), None)
    return None


def is_list(annotation) -> bool:
    """A list inside Optional and Annotated."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return any(map(is_list, typing.get_args(annotation)))
    if origin is typing.Annotated:
        return is_list(typing.get_args(annotation)[0])
    return origin is list


def split_id(text: str, delimiter: str) -> list[str]:
    """The parts of an id in a path; the delimiter alone is the root namespace."""
    if not delimiter:
        raise invalid("the delimiter must not be empty")
    if text == delimiter:
        return []
    parts = text.split(delimiter)
    if any(
        not part or part in (".", "..") or "/" in part or "\\" in part or "\0" in part
        for part in parts
    ):
        raise invalid(f"object id {text!r} has a part that is empty or a path")
    return parts
