# SPDX-License-Identifier: Apache-2.0
"""Manifests: what of one can be honoured here, where named ones lie, and the Ray environment of
one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass

from .databases import Database
from .errors import ApiError, Code, invalid, unsupported

_LISTS = {"pip", "py_modules", "pip_extra_index_urls", "zips"}
_MAPS = {"env_vars", "conda"}
_TEXTS = {
    "name", "version", "head_image", "worker_image", "checksum", "created_by",
    "local_zip_output_dir", "requirements_path", "conda_environment_path",
}  # fmt: skip
_FLAGS = {"skip_site_packages", "delete_local_zips"}
_FREE = {"created_at"}
_NOT_IN_CHECKSUM = {
    "name", "checksum", "created_at", "created_by", "delete_local_zips", "local_zip_output_dir",
}  # fmt: skip
_RESERVED_ENV = {"GENEVA_ZIPS", "PIP_EXTRA_INDEX_URL"}
_UPLOADS = "_geneva_uploads/"
_MANIFESTS_ID = ["__system", "geneva_manifests"]


@dataclass(frozen=True)
class Resolved:
    """The manifest of one job and where it came from; `manifest` None means none at all."""

    manifest: dict | None
    origin: str  # "explicit", "@udf", "deployment-default" or "none"

    @property
    def name(self) -> str | None:
        return None if self.manifest is None else self.manifest.get("name")

    @property
    def checksum(self) -> str | None:
        if self.manifest is None:
            return None
        return self.manifest.get("checksum") or checksum(self.manifest)


def parse(text: str, where: str) -> dict:
    """A manifest from its JSON text; raises InvalidInput naming `where`."""
    try:
        manifest = json.loads(text)
    except ValueError as error:
        raise invalid(f"{where} is not JSON: {error}") from error
    if not isinstance(manifest, dict):
        raise invalid(f"{where} is not a JSON object")
    return manifest


def checksum(manifest: dict) -> str:
    """SHA-256 of the manifest's content, as the client does (sorted, compact, ASCII JSON)."""
    content = {k: v for k, v in manifest.items() if k not in _NOT_IN_CHECKSUM}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check(manifest: dict, where: str) -> None:
    """Refuses what is malformed (InvalidInput) or cannot be honoured here (Unsupported)."""
    for key, value in manifest.items():
        _check_shape(key, value, where)
    if not isinstance(manifest.get("name"), str) or not manifest["name"]:
        raise invalid(f"{where} has no name")
    for key in ("head_image", "worker_image"):
        if manifest.get(key):
            raise unsupported(
                f"{where} asks for {key}: the local deployment runs no container images"
            )
    if manifest.get("conda") or manifest.get("conda_environment_path"):
        raise unsupported(
            f"{where} asks for conda: the local deployment installs pip packages only"
        )
    for key in _RESERVED_ENV & set(manifest.get("env_vars") or {}):
        raise invalid(f"{where} sets {key} in env_vars; it belongs to the engine")
    for module in manifest.get("py_modules") or []:
        if "://" not in module:
            raise unsupported(
                f"{where} has the local py_module {module!r}: use a URI that Ray can fetch, or zips"
            )
    _check_requirements(manifest, where)
    for urls in manifest.get("zips") or []:
        for url in urls:
            if _UPLOADS not in url or ".." in url.split("/"):
                raise invalid(f"{where} has a zip outside {_UPLOADS}: {url}")


def _check_shape(key: str, value, where: str) -> None:
    if value is None and key in _TEXTS | _FREE | _LISTS | _MAPS | _FLAGS:
        return
    fits = (
        key in _FREE
        or (key in _TEXTS and isinstance(value, str))
        or (key in _FLAGS and isinstance(value, bool))
        or (key == "conda" and isinstance(value, dict))
        or (key == "env_vars" and _strings(value, dict))
        or (key == "zips" and isinstance(value, list) and all(_strings(v, list) for v in value))
        or (key in _LISTS - {"zips"} and _strings(value, list))
    )
    if not fits and key not in _TEXTS | _FREE | _LISTS | _MAPS | _FLAGS:
        raise unsupported(f"{where} has the field '{key}', which is not known here")
    if not fits:
        raise invalid(f"{where}: the field '{key}' has the wrong type")


def _strings(value, kind) -> bool:
    if not isinstance(value, kind):
        return False
    values = [*value.keys(), *value.values()] if kind is dict else value
    return all(isinstance(v, str) for v in values)


def _check_requirements(manifest: dict, where: str) -> None:
    path = manifest.get("requirements_path")
    if not path:
        return
    if manifest.get("pip"):
        raise invalid(f"{where} has both pip and requirements_path; they exclude each other")
    if not os.path.isabs(path) or not os.path.isfile(path):
        raise invalid(
            f"{where}: requirements_path {path!r} is not the absolute path of a file on this "
            "machine"
        )


def check_snapshot(text: str, given_checksum: str | None, where: str) -> dict:
    """A manifest that a request pins: well-formed, supported, with the checksum that it says."""
    manifest = parse(text, where)
    check(manifest, where)
    stated = {c for c in (given_checksum, manifest.get("checksum")) if c}
    if stated and stated != {checksum(manifest)}:
        raise invalid(
            f"{where}: the manifest_checksum is not that of the manifest (changed after it "
            "was built?)"
        )
    return manifest


def find_named(database: Database, name: str) -> dict:
    """The manifest that clients uploaded under `name`; TableNotFound-like 404 when there is none.
    Blocking.
    """
    import lance
    from lance_namespace.errors import TableNotFoundError

    from .operations import table_location

    missing = ApiError(
        Code.TABLE_NOT_FOUND,
        f"manifest '{name}' is not in this database ({'.'.join(_MANIFESTS_ID)})",
    )
    try:
        dataset = lance.dataset(table_location(database, _MANIFESTS_ID))
    except (TableNotFoundError, ValueError) as error:
        raise missing from error
    quoted = name.replace("'", "''")
    rows = dataset.to_table(filter=f"name = '{quoted}'").to_pylist()
    if not rows:
        raise missing
    row = max(rows, key=lambda r: str(r.get("created_at") or ""))
    return _from_row(row)


def _from_row(row: dict) -> dict:
    """Table columns back to a manifest: maps and nested lists are kept as JSON text there."""
    manifest = {}
    for key, value in row.items():
        if key in _MAPS | {"zips"} and isinstance(value, str):
            value = json.loads(value) if value else None
        if key in _MAPS and isinstance(value, list):
            value = dict(value)
        if key == "created_at":
            continue
        manifest[key] = value
    return manifest


def resolve(override: dict | None, pinned: dict | None, default: dict | None) -> Resolved:
    """Per-call override, then the transform's pin, then the deployment default, then none."""
    if override is not None:
        return Resolved(override, "explicit")
    if pinned is not None:
        return Resolved(pinned, "@udf")
    if default is not None:
        return Resolved(default, "deployment-default")
    return Resolved(None, "none")


def runtime_env(manifest: dict | None, geneva_version: str, database_folder: str) -> dict:
    """Ray's runtime environment for a manifest. Without one, the server's own."""
    if manifest is None:
        return {}
    env = dict(manifest.get("env_vars") or {})
    urls = [
        *(manifest.get("pip_extra_index_urls") or []),
        *os.environ.get("PIP_EXTRA_INDEX_URL", "").split(),
    ]
    env["PIP_EXTRA_INDEX_URL"] = " ".join(urls)
    if any(manifest.get("zips") or []):
        env["GENEVA_ZIPS"] = _zips_payload(manifest["zips"], database_folder)
    pip = [f"geneva=={geneva_version}", *(manifest.get("pip") or [])]
    if manifest.get("requirements_path"):
        pip.append(f"-r {manifest['requirements_path']}")
    result = {"env_vars": env}
    if len(pip) > 1:
        result["pip"] = pip
    if manifest.get("py_modules"):
        result["py_modules"] = list(manifest["py_modules"])
    return result


def _zips_payload(zips: list, folder: str) -> str:
    # For a local folder the loader needs no credentials, so no key travels here.
    namespace = {"impl": "dir", "properties": {"root": folder}, "table_id": _MANIFESTS_ID}
    payload = {"zips": zips, "namespace": namespace}
    return base64.b64encode(json.dumps(payload).encode()).decode()
