# SPDX-License-Identifier: Apache-2.0
"""The document of `view`: what the Python client sends to make a view (docs/bridge.md).

The client needs the source table to build it. The caller describes that table, and an empty one of
the same schema in a temporary folder stands in for it; nothing is asked of any deployment.
"""

import base64
import binascii
import dataclasses
import difflib
import tempfile

from . import peer, travel
from .identity import METADATA_KEY, TARGET_KEY
from .protocol import Failure
from .tracebacks import headline, text

KINDS = ("query", "chunker", "udtf")
_OF_LANCE = ("_rowid", "_rowaddr")  # columns that every table has


def check(request):
    """A Failure of kind usage for a request of no known kind of view."""
    if request.view is None or request.view.kind not in KINDS:
        raise Failure("usage", "request field 'view' is not a view")


def check_kind(request, target, transform):
    """A Failure where the transform makes another kind of view than the one that was asked for."""
    kind, asked = peer.kind_of(transform), request.view.kind
    if kind == "udf":
        hint = "write `genevactl column add`, or decorate it with @geneva.chunker or @geneva.udtf"
        raise Failure("usage", f"'{target}' is a udf: it computes a column, not a view", hint)
    if kind != asked:
        raise Failure("usage", f"'{target}' is a {kind}, not a {asked}", f"give it as --{kind}")


def partition(request, target, transform, parameters):
    """Gives a table function, and what is said of it, the partition that was asked for."""
    column = request.view.partition_by
    if column is None:
        return
    if peer.kind_of(transform) != "udtf":
        raise Failure("usage", f"'{target}' is no udtf: only one is run partition by partition")
    transform.partition_by = parameters["partition_by"] = column


def with_fallback(request, transform):
    """The request with the manifest that counts where neither it nor the decorator has one."""
    pinned = peer.attribute(transform, "manifest")
    if request.manifest is not None or pinned is not None:
        return request
    return dataclasses.replace(request, manifest=request.view.manifest)


def of_query(request):
    """What the client sends for a view of a query."""
    with _Source(request.view) as source:
        sent = source.request(None)
    return _document(request, sent, {})


def of_transform(request, target, transform, how, manifest, workspace, identity):
    """(the same for a chunker's or a udtf's view, the Travel that its pickle took)."""
    if manifest is not None:
        transform.manifest = manifest
    with _Source(request.view) as source:
        source.check_inputs(target, transform)
        function = peer.attribute(transform, "func")
        try:
            sent, how = travel.payload(
                how, function, workspace, peer, lambda: source.request(transform)
            )
        except Failure:
            raise
        except BaseException as error:  # noqa: BLE001 (pickling runs the user's code)
            raise Failure(
                "unsupported",
                f"'{target}' cannot be pickled: {headline(error)}",
                "make what cannot travel (locks, connections, open files) inside the function, or "
                "pin a manifest that carries the workspace (genevactl capture)",
                text(error),
            ) from None
    if request.manifest is not None and sent["udtf_spec"]["manifest"] != request.manifest.json:
        raise Failure("manifest", "the installed geneva sends this manifest differently")
    return _document(request, sent, {METADATA_KEY: identity, TARGET_KEY: str(target)}), how


def of_kept(request):
    """What makes a view again from what a deployment keeps of it. Nothing is unpickled."""
    view = request.view
    entry = peer.view_entry(view.kind, view.kept, view.manifest) if view.kept else None
    schema = _schema(view.schema).remove_metadata()
    sent = {
        "kind": view.kind,
        "source_query": view.query,
        "output_schema": _encoded(schema),
        "udtf_spec": entry,
    }
    return _document(request, sent, {})


def _document(request, sent, of_transform):
    schema = _schema(sent["output_schema"])
    remembered = {**request.view.schema_metadata, **of_transform}
    duplicate = next((name for name in schema.names if schema.names.count(name) > 1), None)
    if duplicate is not None:
        raise Failure(
            "query",
            f"the view would have two columns '{duplicate}': the source's and the transform's",
            "leave it out of the selected columns, or select it under another name: "
            f"--select source_{duplicate}={duplicate}",
        )
    schema = schema.with_metadata({**(schema.metadata or {}), **remembered})
    return {
        "kind": sent["kind"],
        "source_query": sent["source_query"],
        "output_schema": _encoded(schema),
        "udtf_spec": sent.get("udtf_spec"),
        "columns": [
            {"column": field.name, "data_type": peer.arrow_json(field.type)} for field in schema
        ],
    }


def _encoded(schema):
    return base64.b64encode(schema.serialize().to_pybytes()).decode("ascii")


def _schema(encoded):
    """The Arrow schema in the base64 of an IPC file, stream or schema message."""
    import pyarrow as arrow

    try:
        data = base64.b64decode(encoded, validate=True)
        if data.startswith(b"ARROW1"):
            return arrow.ipc.open_file(data).schema
        return arrow.ipc.read_schema(arrow.BufferReader(data))
    except (binascii.Error, ValueError, OSError) as error:
        raise Failure("usage", f"the source's schema is no Arrow IPC: {error}") from None


class _Source:
    """The empty table that stands in for the source, as a query that selects and filters."""

    def __init__(self, view):
        self._view = view
        self._folder = tempfile.TemporaryDirectory(prefix="genevactl-view-")

    def __enter__(self):
        try:
            schema = peer.with_blobs(_schema(self._view.schema), self._view.blobs)
            self._stand_in = peer.StandIn(self._folder.name, self._view.source, schema)
            self._check_filter()
            self._check_columns()
        except BaseException:
            self._folder.cleanup()
            raise
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def _check_filter(self):
        if self._view.where is None:
            return
        try:
            self._stand_in.explain(self._view.where)
        except Exception as error:  # noqa: BLE001 (Lance raises many kinds)
            raise Failure(
                "query",
                f"--where does not fit {self._view.source}: {_first_line(error)}",
                "it is an SQL condition over the source's columns",
            ) from None

    def _check_columns(self):
        for name, expression in (self._view.select or {}).items():
            if expression is None:
                continue
            try:
                self._stand_in.type_of(name, expression)
            except Exception as error:  # noqa: BLE001 (Lance raises many kinds)
                raise Failure(
                    "query",
                    f"--select {name}={expression} does not fit {self._view.source}: "
                    f"{_first_line(error)}",
                    "it is NAME=SQL, an expression over the source's columns",
                ) from None

    def _query(self):
        view = self._view
        columns = view.select
        if columns is not None and all(expression is None for expression in columns.values()):
            columns = list(columns)
        elif columns is not None:
            columns = {name: expression or name for name, expression in columns.items()}
        return self._stand_in.query(columns, view.where)

    def check_inputs(self, target, transform):
        """A Failure of kind inputs for a column that the transform reads and the view lacks."""
        read = list(peer.attribute(transform, "input_columns") or [])
        partition_by = getattr(transform, "partition_by", None)
        if isinstance(partition_by, str):
            read.append(partition_by)
        projected = self._stand_in.columns_of(self._query())
        udtf = peer.kind_of(transform) == "udtf"
        for name in read:
            if name in projected or (udtf and name in _OF_LANCE):
                continue
            close = difflib.get_close_matches(name, projected, 3)
            selected = self._view.select is not None
            what = "what is selected of" if selected else "the columns of"
            raise Failure(
                "inputs",
                f"'{target}' reads '{name}', which is not among {what} {self._view.source}",
                f"did you mean {' or '.join(close)}?" if close and not selected else
                f"there are {', '.join(projected)}" + ("; --select more" if selected else ""),
            )

    def request(self, transform):
        return peer.view_request(self._stand_in, self._view, self._query(), transform)


def _first_line(error):
    """What Lance says, without where in its sources it says so."""
    return str(error).strip().partition("\n")[0].partition(", /")[0]
