# SPDX-License-Identifier: Apache-2.0
"""The documents of `inspect` and `register` (docs/bridge.md has every field)."""

import inspect

from . import environment, peer, travel
from .identity import METADATA_KEY, TARGET_KEY
from .protocol import VERSION, Failure
from .tracebacks import headline, text

_RESOURCES = ("num_cpus", "num_gpus", "memory")
_MORE_RESOURCES = (
    "cuda",
    "batch",
    "batch_size",
    "checkpoint_size",
    "min_checkpoint_size",
    "max_checkpoint_size",
    "task_size",
    "timeout",
)
_PARAMETERS = (
    "auto_backfill",
    "auto_refresh",
    "inherit_input_columns",
    "partition_by",
    "partition_by_indexed_column",
)


def _what(value):
    if inspect.isfunction(value):
        return "a plain function"
    if inspect.isclass(value):
        return "a class"
    if inspect.ismodule(value):
        return "a module"
    return f"a {type(value).__module__}.{type(value).__qualname__}"


def require_transform(target, value):
    """`value` as a transform (a decorated class is made); a Failure that says what else it is."""
    if peer.is_unmade(value):
        value = peer.make(value, target)
    if peer.kind_of(value) is not None:
        return value
    decorate = inspect.isfunction(value) or inspect.isclass(value)
    raise Failure(
        "not-a-transform",
        f"'{target}' is {_what(value)}, not a geneva transform",
        "decorate it with @geneva.udf" if decorate else "name a @geneva.udf, chunker or udtf",
    )


def _metadata(field):
    return {
        key.decode("utf-8", "replace"): value.decode("utf-8", "replace")
        for key, value in (field.metadata or {}).items()
    }


def _output(column, struct_field, field):
    document = {
        "column": column,
        "struct_field": struct_field,
        "data_type": peer.arrow_json(field.type),
        "nullable": field.nullable,
    }
    metadata = _metadata(field)
    return {**document, "metadata": metadata} if metadata else document


def _outputs(kind, transform, column):
    if kind != "udf":
        return [_output(f.name, "", f) for f in peer.attribute(transform, "output_schema")]
    data_type = peer.attribute(transform, "data_type")
    if peer.attribute(transform, "is_multi_output"):
        return [_output(field.name, field.name, field) for field in data_type]
    single = {"column": column or "", "struct_field": "", "nullable": True}
    return [{**single, "data_type": peer.arrow_json(data_type)}]


def pinned_manifest(transform):
    """The manifest pinned in the decorator as a document, or None."""
    manifest = peer.attribute(transform, "manifest")
    if manifest is None:
        return None
    return {
        "name": manifest.name,
        "checksum": manifest.compute_checksum(),
        "json": manifest.to_json(),
    }


def given_manifest(request):
    """The GenevaManifest of `--manifest`, checked: geneva itself would write the same text."""
    given = request.manifest
    if given is None:
        return None
    try:
        manifest = peer.read_manifest(given.json)
        written, checksum = manifest.to_json(), manifest.compute_checksum()
    except Exception as error:  # noqa: BLE001 (geneva's reader raises many kinds)
        raise Failure(
            "manifest",
            f"the installed geneva cannot read the manifest: {headline(error)}",
            "make it with `genevactl manifest create`",
            text(error),
        ) from None
    hint = "the file was edited, or made for another geneva: make it again"
    if checksum != given.checksum:
        raise Failure(
            "manifest", f"the manifest's checksum is {checksum}, not {given.checksum}", hint
        )
    if written != given.json:
        raise Failure("manifest", "the installed geneva writes this manifest differently", hint)
    return manifest


def check_conflict(request, pinned):
    """A Failure of kind conflict where decorator and request pin different manifests."""
    given = request.manifest
    if given is None or pinned is None or request.replace_pinned:
        return
    if pinned["checksum"] != given.checksum:
        raise Failure(
            "conflict",
            f"the decorator pins manifest '{pinned['name']}' ({pinned['checksum']}), "
            f"another one ({given.checksum}) was given",
            "leave --manifest out, or replace the decorator's with --replace-pinned",
        )


def inspection(target, transform, request, how):
    """The answer to `inspect`."""
    kind = peer.kind_of(transform)
    document = {
        "version": VERSION,
        "kind": kind,
        "target": str(target),
        "name": peer.attribute(transform, "name"),
        "transform_version": peer.attribute(transform, "version") or "",
        "inputs": _inputs(transform, request),
        "outputs": _outputs(kind, transform, request.column),
        "resources": {name: peer.attribute(transform, name) for name in _RESOURCES},
        "parameters": _present(transform, _PARAMETERS),
        "manifest": pinned_manifest(transform),
        "pickling": how.document(),
        "environment": environment.describe(),
    }
    document["resources"].update(_present(transform, _MORE_RESOURCES))
    docstring = inspect.getdoc(peer.attribute(transform, "func"))
    return {**document, "docstring": docstring} if docstring else document


def _present(transform, names):
    values = {name: getattr(transform, name, None) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _inputs(transform, request):
    if request.input_columns is not None:
        return request.input_columns
    return list(peer.attribute(transform, "input_columns") or [])


def registration(target, transform, request, how, manifest, workspace, identity):
    """What `register` answers on top of the inspection: the payloads of the user's own geneva."""
    several = _check_columns(target, transform, request)
    if manifest is not None:
        transform.manifest = manifest
    if request.field_metadata:
        own = peer.attribute(transform, "field_metadata") or {}
        transform.field_metadata = {**own, **request.field_metadata}

    def build():
        outputs = peer.unpacked_outputs(transform) if several else None
        column = outputs[0]["column"] if several else request.column or ""
        return peer.virtual_column(column, transform, _inputs(transform, request), outputs)

    try:
        function = peer.attribute(transform, "func")
        entry, how = travel.payload(how, function, workspace, peer, build)
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
    if request.manifest is not None and entry.get("manifest") != request.manifest.json:
        raise Failure("manifest", "the installed geneva sends this manifest differently")
    # Beside the payload, not in it: the same code keeps the same pickle.
    ours = {METADATA_KEY: identity, TARGET_KEY: str(target)}
    entry["field_metadata"] = {**(entry.get("field_metadata") or {}), **ours}
    return {
        "pickling": how.document(),
        "virtual_column": entry,
        "alter_virtual_column": None if several else peer.alter_virtual_column(entry),
    }


def _check_columns(target, transform, request):
    """Whether the transform has several outputs: it names their columns then, else the request."""
    kind = peer.kind_of(transform)
    if kind != "udf":
        raise Failure(
            "unsupported",
            f"'{target}' is a {kind}: it makes rows, not a column",
            "make a view of it",
        )
    several = bool(peer.attribute(transform, "is_multi_output"))
    names = [field.name for field in peer.attribute(transform, "data_type")] if several else []
    if request.action == "pack":
        return several  # the registration names the column, later
    if several and request.column:
        raise Failure(
            "usage",
            f"'{target}' has several outputs and names their columns itself: {', '.join(names)}",
            "write - in the place of the column's name",
        )
    if not several and not request.column:
        raise Failure(
            "usage", f"'{target}' has one output: it needs a column name", "write it in place of -"
        )
    return several
