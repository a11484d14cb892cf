# SPDX-License-Identifier: Apache-2.0
"""How a transform's code reaches the workers: by value or by reference."""

import dataclasses
import json
import sys
import typing

from . import carrier
from .protocol import Failure


@dataclasses.dataclass(frozen=True)
class Travel:
    """`modules` travel whole in the pickle; `carried` of them as source (see carrier)."""

    mode: str
    reason: str
    modules: typing.Tuple[str, ...] = ()
    carried: typing.Tuple[str, ...] = ()
    warnings: typing.Tuple[str, ...] = ()

    def document(self):
        return {
            "mode": self.mode,
            "modules": list(self.modules),
            "reason": self.reason,
            "carried_as_source": list(self.carried),
            "warnings": list(self.warnings),
        }


def carries_workspace(manifest_json):
    """Whether the manifest of this JSON text names any archive."""
    zips = json.loads(manifest_json).get("zips") if manifest_json else None
    return any(bool(inner) for inner in zips or ())


def decide(module_name, workspace, manifest_json):
    """The Travel of a transform of `module_name` under the manifest that will be pinned."""
    if not workspace.owns(module_name):
        return Travel("by-reference", f"'{module_name}' is an installed module, not the workspace's")
    if carries_workspace(manifest_json):
        return Travel("by-reference", "the manifest carries the workspace in its archives")
    modules = workspace.reach(module_name)
    lazy = workspace.lazily_reached(module_name)
    warnings = []
    for name in modules:
        spec = workspace.find(name)
        if spec.origin and not spec.origin.endswith((".py", ".pyc")):
            warnings.append(f"'{name}' is compiled code and cannot travel in a pickle")
    return Travel(
        "by-value",
        "workspace modules travel in the pickle: no manifest archive carries the workspace",
        tuple(modules),
        tuple(name for name in lazy if workspace.find(name) is not None),
        tuple(warnings),
    )


def apply(travel, transform_function, workspace, peer):
    """Makes the installed geneva pickle `transform_function` as `travel` says."""
    if travel.mode != "by-value":
        return
    for name in travel.modules:
        module = sys.modules.get(name)
        if module is not None:
            peer.pickle_by_value(module)
    if not travel.carried:
        return
    peer.pickle_by_value(carrier)
    modules = {}
    for name in travel.carried:
        spec = workspace.find(name)
        package = spec.submodule_search_locations is not None
        modules[name] = (workspace.source(name) or "", package, spec.origin or f"<{name}>")
    carried = carrier.Carried(modules)
    for owner in (transform_function, type(transform_function)):
        try:
            setattr(owner, carrier.ATTRIBUTE, carried)
            return
        except (AttributeError, TypeError):
            continue
    raise Failure(
        "unsupported",
        f"the workspace modules {', '.join(travel.carried)} are imported inside functions and "
        f"cannot travel with a {type(transform_function).__name__}",
        "import them at the top of the module",
    )
