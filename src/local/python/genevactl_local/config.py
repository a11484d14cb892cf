# SPDX-License-Identifier: Apache-2.0
"""deployment.toml: the deployment-default manifest, the named clusters, how many jobs at once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

try:
    import tomllib
except ImportError:  # Python 3.10
    try:
        import tomli as tomllib
    except ImportError:
        tomllib = None

_KEYS = {"default_manifest", "clusters", "max_jobs"}


class ConfigError(Exception):
    """One sentence that says what is wrong in which file."""


@dataclass(frozen=True)
class Deployment:
    """The settings of one deployment; `default_manifest` is the manifest's JSON as an object."""

    default_manifest: dict | None = None
    clusters: dict[str, str] = field(default_factory=dict)
    max_jobs: int | None = None


def load(path: Path | None, must_exist: bool) -> Deployment:
    """Reads the file; no file is an empty deployment unless the caller named it."""
    if path is None or (not path.exists() and not must_exist):
        return Deployment()
    if tomllib is None:
        raise ConfigError(f"reading {path} takes Python 3.11 or newer, or the package tomli")
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    return parse(data, path)


def parse(data: dict, path: Path) -> Deployment:
    """Checks the keys; `path` is what messages name and what relative paths start from."""
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise ConfigError(
            f"{path}: unknown key '{unknown[0]}'; known are {', '.join(sorted(_KEYS))}"
        )
    max_jobs = data.get("max_jobs")
    if max_jobs is not None and (
        isinstance(max_jobs, bool) or not isinstance(max_jobs, int) or max_jobs < 1
    ):
        raise ConfigError(f"{path}: max_jobs must be a whole number of 1 or more")
    return Deployment(
        _manifest(data.get("default_manifest"), path), _clusters(data, path), max_jobs
    )


def _manifest(value, path: Path) -> dict | None:
    if value is None or isinstance(value, dict):
        return value
    if not isinstance(value, str):
        raise ConfigError(f"{path}: default_manifest must be a path, a table, or a manifest's JSON")
    source, text = f"{path}: default_manifest", value
    if not value.lstrip().startswith("{"):
        file = path.parent / value
        source = str(file)
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: cannot read default_manifest {file}: {error}") from error
    try:
        manifest = json.loads(text)
    except ValueError as error:
        raise ConfigError(f"{source} is not JSON: {error}") from error
    if not isinstance(manifest, dict):
        raise ConfigError(f"{source} is not the JSON object of a manifest")
    return manifest


def _clusters(data: dict, path: Path) -> dict[str, str]:
    table = data.get("clusters", {})
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: clusters must be tables: [clusters.NAME]")
    clusters = {}
    for name, entry in table.items():
        if not isinstance(entry, dict) or set(entry) != {"address"}:
            raise ConfigError(f"{path}: [clusters.{name}] must have exactly the key 'address'")
        clusters[name] = check_address(entry["address"], f"{path}: [clusters.{name}]")
    return clusters


def check_address(address, where: str) -> str:
    """A Jobs API address without its trailing slash; raises ConfigError naming `where`."""
    parts = urlsplit(address) if isinstance(address, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"{where}: the address of a Ray Jobs API looks like http://HEAD:8265")
    return address.rstrip("/")
