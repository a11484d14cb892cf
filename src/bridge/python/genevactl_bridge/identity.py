# SPDX-License-Identifier: Apache-2.0
"""The identity of a transform: one digest that changes when what it does can have changed.

docs/transform.md describes it for users. A change of anything here that changes a digest needs
another VERSION: registrations keep the identity that they were made with.
"""

import json
import os

from . import peer, syntax
from .values import Values

VERSION = "v1"
METADATA_KEY = "genevactl.identity"
TARGET_KEY = "genevactl.target"


def _roots(target, function):
    """The names in the target's module that the transform is made of."""
    made_of = function if hasattr(function, "__qualname__") else type(function)
    return {target.attributes[0], made_of.__qualname__.partition(".")[0]}


def _of_module(workspace, name, kept=None):
    """The digest of what an import of a module runs; with `kept`, of those of its statements."""
    tree = workspace.tree(name)
    if tree is not None:
        try:
            return syntax.of_tree(syntax.imported_by(tree) if kept is None else kept)
        except (RecursionError, MemoryError):
            pass
    source = workspace.source(name)
    if source is not None:
        return syntax.of_text(source)
    spec = workspace.find(name)
    if not spec.origin or not os.path.isfile(spec.origin):
        return syntax.digest("namespace")
    with open(spec.origin, "rb") as file:
        return syntax.digest("compiled", file.read())


def _modules(target, module_name, function, workspace):
    """Workspace module -> digest of its text; of the target's module, what the target reaches.

    Where another module of the workspace imports the target's, that one may use all of it.
    """
    if not workspace.owns(module_name):
        return {}
    names, kept = workspace.reach(module_name), None
    imported = any(
        module_name in workspace.imports(name)[side]
        for name in names if name != module_name
        for side in (0, 1)
    )
    tree = workspace.tree(module_name)
    if tree is not None and not imported:
        kept = syntax.kept_for(tree, _roots(target, function))
        names = workspace.reach(module_name, kept)
    return {
        name: _of_module(workspace, name, kept if name == module_name else None) for name in names
    }


def _definition(inspection):
    """What the registration says of the transform besides its code, the column's name aside."""
    outputs = inspection["outputs"]
    if inspection["kind"] == "udf" and len(outputs) == 1 and not outputs[0]["struct_field"]:
        outputs = [{**outputs[0], "column": ""}]
    names = ("kind", "name", "inputs", "resources", "parameters")
    document = {"outputs": outputs, **{name: inspection[name] for name in names}}
    return json.dumps(document, sort_keys=True, default=str).encode("utf-8", "surrogatepass")


def of(target, transform, module_name, inspection, workspace, directory):
    """The members `identity` and `identity_parts` of an answer."""
    function = peer.attribute(transform, "func")
    modules = _modules(target, module_name, function, workspace)
    values = Values(workspace, directory)
    is_function = hasattr(function, "__code__") and hasattr(function, "__globals__")
    held = values.of_function(function, root=True) if is_function else values.of(function)
    errors = values.of(getattr(transform, "error_handling", None))
    definition = syntax.digest("definition", _definition(inspection), errors)
    parts = [definition, held]
    for name in sorted(modules):
        parts += [name.encode("utf-8", "surrogatepass"), modules[name]]
    return {
        "identity": f"{VERSION}:{syntax.digest('transform', *parts).hex()}",
        "identity_parts": {
            "definition": definition.hex(),
            "values": held.hex(),
            "modules": {name: modules[name].hex() for name in sorted(modules)},
            "by_type_only": sorted(values.opaque),
        },
    }
