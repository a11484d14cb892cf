# SPDX-License-Identifier: Apache-2.0
"""How a transform's code reaches the workers: by value or by reference."""

import dataclasses
import json
import sys
import types
import typing

from . import carrier
from .protocol import Failure
from .tracebacks import headline


@dataclasses.dataclass(frozen=True)
class Travel:
    """`modules` travel in the pickle; those of them in `carried` as source (see carrier)."""

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


def _compiled(workspace, name):
    origin = workspace.find(name).origin
    return bool(origin) and workspace.source(name) is None


def decide(module_name, workspace, manifest_json):
    """The Travel of a transform of `module_name` under the manifest that will be pinned."""
    if not workspace.owns(module_name):
        reason = f"'{module_name}' is an installed module, not the workspace's"
        return Travel("by-reference", reason)
    if carries_workspace(manifest_json):
        return Travel("by-reference", "the manifest carries the workspace in its archives")
    modules = workspace.reach(module_name)
    return Travel(
        "by-value",
        "no manifest archive carries the workspace",
        tuple(modules),
        tuple(workspace.lazily_reached(module_name)),
        tuple(
            f"'{name}' is compiled code and does not travel"
            for name in modules
            if _compiled(workspace, name)
        ),
    )


def _sources(names, workspace):
    found = {}
    for name in names:
        if not _compiled(workspace, name):
            spec = workspace.find(name)
            package = spec.submodule_search_locations is not None
            found[name] = (workspace.source(name) or "", package, spec.origin or f"<{name}>")
    return found


def _attach(function, carried):
    """Puts `carried` where it is unpickled before anything else that the function holds."""
    for owner in (function, type(function)):
        try:
            if owner is function:
                rest = dict(vars(function))
                vars(function).clear()
                vars(function).update({carrier.ATTRIBUTE: carried, **rest})
            else:
                setattr(owner, carrier.ATTRIBUTE, carried)
            return
        except TypeError:
            continue
    raise Failure(
        "unsupported",
        "workspace modules that are imported inside functions cannot travel with a "
        f"{type(function).__name__}",
        "import them at the top of the module",
    )


def _modules_as_source(travel, workspace):
    """Makes every module that travels pickle as its source instead of all that it holds."""
    sources = _sources(travel.modules, workspace)
    for name in sources:
        module = sys.modules.get(name)
        if type(module) is types.ModuleType:
            vars(module)[carrier.ATTRIBUTE] = sources
            module.__class__ = carrier.CarriedModule


def payload(travel, function, workspace, peer, build):
    """(build(), the Travel that it took): `build` pickles `function` with the installed geneva.

    Workspace modules are tried by value first, with the state that they have. Where that fails,
    modules that are referred to as a whole go as source, and a warning says so.
    """
    if travel.mode != "by-value":
        return build(), travel
    peer.pickle_by_value(carrier)
    for name in travel.modules:
        if name in sys.modules:
            peer.pickle_by_value(sys.modules[name])
    if travel.carried:
        _attach(function, carrier.Carried(_sources(travel.carried, workspace)))
    try:
        return build(), travel
    except Exception as error:  # noqa: BLE001 (pickling runs any code)
        first = error
    finally:
        carrier.uninstall()
    _modules_as_source(travel, workspace)
    try:
        made = build()
    except Exception:  # noqa: BLE001
        raise first from None
    finally:
        carrier.uninstall()
    note = f"workspace modules travel as source, not with their state: {headline(first)}"
    return made, dataclasses.replace(
        travel, carried=travel.modules, warnings=(*travel.warnings, note)
    )
