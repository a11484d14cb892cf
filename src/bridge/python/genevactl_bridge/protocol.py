# SPDX-License-Identifier: Apache-2.0
"""The request and the answer, both one JSON document (docs/bridge.md)."""

import dataclasses
import json
import os
import stat
import typing

VERSION = 1


class Failure(Exception):
    """Becomes `{"error": {...}}`. `kind` is one of the words listed in docs/bridge.md."""

    def __init__(self, kind, message, hint="", traceback=None):
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.hint = hint
        self.traceback = traceback

    def document(self):
        error = {"kind": self.kind, "message": self.message, "hint": self.hint}
        if self.traceback:
            error["traceback"] = self.traceback
        return {"version": VERSION, "error": error}


@dataclasses.dataclass(frozen=True)
class Manifest:
    """A manifest as `--manifest` gave it: canonical JSON text and checksum, both untouched."""

    json: str
    checksum: str


@dataclasses.dataclass(frozen=True)
class View:
    """A view that is to be made: `schema` is the base64 of the Arrow IPC of its source's columns,
    `select` has the columns to take and the expressions of those that are computed.

    `manifest` is for a transform that pins none. One that is made again as it was has instead
    `query` and `kept`, the query and the transform's spec that the deployment keeps, the `manifest`
    of that, and its own `schema`.
    """

    kind: str
    source: str
    database: str
    schema: str
    blobs: typing.List[str]
    select: typing.Optional[typing.Dict[str, typing.Optional[str]]]
    where: typing.Optional[str]
    partition_by: typing.Optional[str]
    schema_metadata: typing.Dict[str, str]
    query: typing.Optional[str]
    kept: typing.Optional[str]
    manifest: typing.Optional[Manifest]


@dataclasses.dataclass(frozen=True)
class Request:
    action: str
    target: str = ""
    manifest: typing.Optional[Manifest] = None
    replace_pinned: bool = False
    input_columns: typing.Optional[typing.List[str]] = None
    column: typing.Optional[str] = None
    field_metadata: typing.Dict[str, str] = dataclasses.field(default_factory=dict)
    rows: str = ""
    results: str = ""
    distributions: typing.List[str] = dataclasses.field(default_factory=list)
    view: typing.Optional[View] = None
    requests: typing.List[dict] = dataclasses.field(default_factory=list)


def _is_text_map(value):
    return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())


def _is_text(value):
    return isinstance(value, str)


def _is_texts(value):
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_objects(value):
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _field(document, name, default, check, expected):
    value = document.get(name)
    if value is None:
        return default
    if not check(value):
        raise Failure("usage", f"request field '{name}' is not {expected}")
    return value


def _manifest(document):
    manifest = _field(document, "manifest", None, _is_text_map, "a manifest")
    if manifest is None:
        return None
    if not {"json", "checksum"} <= set(manifest):
        raise Failure("usage", "request field 'manifest' needs 'json' and 'checksum'")
    return Manifest(manifest["json"], manifest["checksum"])


def _is_selection(value):
    return isinstance(value, dict) and all(v is None or isinstance(v, str) for v in value.values())


def _view(document):
    view = _field(document, "view", None, lambda v: isinstance(v, dict), "a view")
    if view is None:
        return None
    return View(
        kind=_field(view, "kind", "", _is_text, "a text"),
        source=_field(view, "source", "", _is_text, "a text"),
        database=_field(view, "database", "", _is_text, "a text"),
        schema=_field(view, "schema", "", _is_text, "a text"),
        blobs=_field(view, "blobs", [], _is_texts, "a list of texts"),
        select=_field(view, "select", None, _is_selection, "a map of texts"),
        where=_field(view, "where", None, _is_text, "a text"),
        partition_by=_field(view, "partition_by", None, _is_text, "a text"),
        schema_metadata=_field(view, "schema_metadata", {}, _is_text_map, "a map of texts"),
        query=_field(view, "query", None, _is_text, "a text"),
        kept=_field(view, "kept", None, _is_text, "a text"),
        manifest=_manifest(view),
    )


def parse_request(data):
    """The Request in `data` (UTF-8 JSON bytes); a Failure of kind usage if there is none."""
    try:
        return read_request(json.loads(data.decode("utf-8")))
    except ValueError as error:
        raise Failure("usage", f"the request is not JSON: {error}") from None


def read_request(document):
    """The Request in a document; a Failure of kind usage if it is none."""
    if not isinstance(document, dict):
        raise Failure("usage", "the request is not a JSON object")
    if document.get("version") != VERSION:
        raise Failure(
            "unsupported",
            f"this bridge speaks version {VERSION}, the request says {document.get('version')!r}",
            "genevactl and its bridge are of different builds: reinstall genevactl",
        )
    return Request(
        action=_field(document, "action", "", _is_text, "a text"),
        target=_field(document, "target", "", _is_text, "a text"),
        manifest=_manifest(document),
        replace_pinned=_field(
            document, "replace_pinned", False, lambda v: isinstance(v, bool), "true or false"
        ),
        input_columns=_field(document, "input_columns", None, _is_texts, "a list of texts"),
        column=_field(document, "column", None, _is_text, "a text"),
        field_metadata=_field(document, "field_metadata", {}, _is_text_map, "a map of texts"),
        rows=_field(document, "rows", "", _is_text, "a text"),
        results=_field(document, "results", "", _is_text, "a text"),
        distributions=_field(document, "distributions", [], _is_texts, "a list of texts"),
        view=_view(document),
        requests=_field(document, "requests", [], _is_objects, "a list of objects"),
    )


def clean(value):
    """`value` as strict JSON can hold it: no lone surrogates, no NaN, text keys only."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool) or value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {clean(str(key)): clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    return clean(str(value))


def write_answer(path, document):
    """Writes `document` to `path` (mode 0600): the whole document or nothing, then a rename.

    OSError where it cannot be written, or where `path` is something else than a regular file.
    """
    if os.path.lexists(path) and not stat.S_ISREG(os.lstat(path).st_mode):
        raise FileExistsError(f"{path} is not a regular file")
    data = json.dumps(clean(document), allow_nan=False).encode("ascii")
    temporary = f"{path}.{os.getpid()}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
