# SPDX-License-Identifier: Apache-2.0
"""The snapshot of a transform on its column: the metadata under the engine's own keys, and the
stored payload, which is never unpickled here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import platform
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from . import buckets, manifests
from .errors import invalid, unsupported
from .state import write_atomic

PREFIX = "virtual_column"
_BACKEND = "DockerUDFSpecV1"


def metadata_of(field: pa.Field) -> dict[str, str]:
    """A field's metadata as text."""
    return {k.decode(): v.decode("utf-8", "replace") for k, v in (field.metadata or {}).items()}


def is_virtual(field: pa.Field) -> bool:
    return metadata_of(field).get(PREFIX) == "true"


def siblings(schema: pa.Schema, field: pa.Field) -> list[str]:
    """The columns that the transform of a column fills together; none where it fills one."""
    key = f"{PREFIX}.unpack_group"
    group = metadata_of(field).get(key)
    return [f.name for f in schema if group and metadata_of(f).get(key) == group]


def pinned_manifest(field: pa.Field, where: str) -> dict | None:
    """The manifest snapshot on a column, if it has one."""
    text = metadata_of(field).get(f"{PREFIX}.manifest")
    return manifests.parse(text, where) if text else None


def refuse_auto(name: str, entry) -> None:
    """Raises Unsupported where an entry asks to be filled by itself."""
    if entry.auto_backfill:
        raise unsupported(f"column '{name}': auto_backfill is not done by the local deployment")


def manifest_metadata(name: str, entry) -> dict[str, str]:
    """The engine's keys for the manifest of an entry, which is checked; none without one."""
    if entry.manifest is None:
        if entry.manifest_checksum is not None:
            raise invalid(f"column '{name}': 'manifest_checksum' without 'manifest'")
        return {}
    where = f"column '{name}': the manifest"
    manifest = manifests.check_snapshot(entry.manifest, entry.manifest_checksum, where)
    digest = entry.manifest_checksum or manifests.checksum(manifest)
    return {f"{PREFIX}.manifest": entry.manifest, f"{PREFIX}.manifest_checksum": digest}


def registered(name: str, entry, payload: bytes) -> dict[str, str]:
    """The engine's own keys for a column whose transform is `payload`."""
    refuse_auto(name, entry)
    return {
        PREFIX: "true",
        f"{PREFIX}.udf_name": entry.udf_name,
        f"{PREFIX}.udf_inputs": json.dumps(entry.input_columns),
        f"{PREFIX}.udf_backend": entry.udf_backend or _BACKEND,
        f"{PREFIX}.udf": "_udfs/" + hashlib.sha256(payload).hexdigest(),
        f"{PREFIX}.auto_backfill": "false",
        # Of the server's interpreter: a request does not say which one made the pickle.
        f"{PREFIX}.platform.system": platform.system(),
        f"{PREFIX}.platform.arch": platform.machine(),
        f"{PREFIX}.platform.python_version": platform.python_version(),
        **manifest_metadata(name, entry),
    }


def payload_of(name: str, encoded: str, backend: str | None) -> bytes:
    """The bytes to store, checked as far as that goes without unpickling them."""
    if backend not in (None, _BACKEND):
        raise unsupported(f"column '{name}': udf_backend '{backend}' is not known here")
    try:
        payload = base64.b64decode(encoded, validate=True)
        envelope = json.loads(payload)
        pickle = base64.b64decode(envelope["udf_pickle"], validate=True)
        stated = envelope.get("udf_checksum")
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise invalid(
            f"column '{name}': field 'udf' is not the base64 of a {_BACKEND} document"
        ) from error
    if stated and stated != hashlib.sha256(pickle).hexdigest():
        raise invalid(f"column '{name}': the transform's udf_checksum is not that of its pickle")
    return payload


def store(location: str, payload: bytes) -> None:
    """Puts the transform below its table, named by its digest; an existing one is the same."""
    digest = hashlib.sha256(payload).hexdigest()
    if location.startswith(buckets.SCHEME):
        buckets.put(location, f"_udfs/{digest}", payload)
        return
    folder = local_path(location) / "_udfs"
    folder.mkdir(exist_ok=True)
    target = folder / digest
    if not target.exists():
        write_atomic(target, payload, 0o644)


def local_path(location: str) -> Path:
    """A table's location (a path, or file://) as a path."""
    parts = urlsplit(location)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    return Path(location)
