# SPDX-License-Identifier: Apache-2.0
"""What a transform holds, as a digest: the same in every process, folder and hash seed.

Functions count with their definition, defaults, closure and the values of the globals they name;
objects of the workspace's own classes, dataclasses and plain data with what is in them. Objects of
other libraries count by their type only; `opaque` names these.
"""

import collections
import dataclasses
import datetime
import decimal
import dis
import enum
import fractions
import functools
import inspect
import os
import pathlib
import re
import sys
import types
import uuid

from . import syntax

_BUDGET = 2_000_000  # values; more of them count by type and length
# Of another transform that this one uses: geneva's version depends on lines and processes.
_NOT_OF_TRANSFORMS = {"version", "manifest", "field_metadata", "_checkpoint_key_override"}
_AS_TEXT = (
    datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo, decimal.Decimal,
    fractions.Fraction, uuid.UUID, range, slice,
)


def _codes(code):
    yield code
    for value in code.co_consts:
        if isinstance(value, types.CodeType):
            yield from _codes(value)


def _global_names(code):
    """The globals that code reads: an attribute may have the name of a global that it does not."""
    return {
        step.argval
        for inner in _codes(code)
        for step in dis.get_instructions(inner)
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME") and isinstance(step.argval, str)
    }


class Values:
    def __init__(self, workspace, directory):
        self._workspace = workspace
        places = {os.path.abspath(directory), os.path.realpath(directory)}
        self._places = sorted((place for place in places if len(place) > 1), key=len, reverse=True)
        self._known, self._kept, self._stack = {}, [], []
        self._budget = _BUDGET
        self.opaque = set()

    def of(self, value):
        """The digest of any object."""
        plain = self._of_plain(value)
        if plain is not None:
            return plain
        if id(value) in self._known:
            return self._known[id(value)]
        if id(value) in self._stack:
            return syntax.digest("again", str(self._stack.index(id(value))).encode())
        self._budget -= 1
        if self._budget < 0 or len(self._stack) > 150:
            return self._as_opaque(value)
        self._stack.append(id(value))
        try:
            found = self._of_object(value)
        finally:
            self._stack.pop()
        self._kept.append(value)  # or another object could get its id
        self._known[id(value)] = found
        return found

    def _of_plain(self, value):
        kind = type(value)
        if kind is str:
            for place in self._places:
                value = value.replace(place, "<workspace>")
            return syntax.of_constant(value)
        if value is None or kind in (bool, int, float, complex, bytes, type(Ellipsis)):
            return syntax.of_constant(value)
        return None

    def _all(self, tag, values):
        return syntax.digest(tag, *(self.of(value) for value in values))

    def _pairs(self, tag, pairs):
        made = sorted(self.of(key) + self.of(value) for key, value in pairs)
        return syntax.digest(tag, *made)

    def _of_object(self, value):
        for kinds, way in _WAYS:
            if isinstance(value, kinds):
                return way(self, value)
        return self._of_instance(value)

    def _of_sequence(self, value):
        return self._all(_type_name(type(value)), list(value))

    def _of_set(self, value):
        made = sorted(self.of(item) for item in list(value))
        return syntax.digest(_type_name(type(value)), *made)

    def _of_mapping(self, value):
        return self._pairs(_type_name(type(value)), list(value.items()))

    def _of_text(self, value):
        return syntax.digest(_type_name(type(value)), repr(value).encode("utf-8", "replace"))

    def _of_path(self, value):
        return syntax.digest("path", self.of(str(value)))

    def _of_bytes(self, value):
        return syntax.digest(_type_name(type(value)), bytes(value))

    def _of_pattern(self, value):
        return self._all("pattern", [value.pattern, value.flags])

    def _of_member(self, value):
        return self._all("member", [_type_name(type(value)), value.name, value.value])

    def _of_partial(self, value):
        return self._all("partial", [value.func, list(value.args), value.keywords])

    def _of_method(self, value):
        return self._all("method", [value.__self__, value.__func__])

    def _of_holder(self, value):
        return self._all("method", [type(value).__name__, value.__func__])

    def _of_property(self, value):
        return self._all("property", [value.fget, value.fset, value.fdel])

    def _of_module(self, value):
        return syntax.digest("module", value.__name__.encode("utf-8", "replace"))

    def _owns(self, name):
        return isinstance(name, str) and self._workspace.owns(name)

    def of_function(self, value, root=False):
        """A function by its definition and by what it brings along."""
        owned = root or self._owns(value.__module__)
        parts = [self._definition(value, owned), self.of(value.__defaults__ or ())]
        parts.append(self.of(value.__kwdefaults__ or {}))
        for cell in value.__closure__ or ():
            try:
                parts.append(self.of(cell.cell_contents))
            except ValueError:  # an empty cell
                parts.append(b"")
        if owned:
            parts.append(self._globals(value))
        wrapped = vars(value).get("__wrapped__")
        if wrapped is not None:
            parts.append(self.of(wrapped))
        return syntax.digest("function", *parts)

    def _definition(self, value, owned):
        name = self._all("name", [str(value.__module__), value.__qualname__])
        if not owned:
            return name
        source = _source(value.__module__)
        made = syntax.of_function(source, value.__code__) if source else None
        return syntax.digest("definition", name, made or syntax.of_code(value.__code__))

    def _globals(self, value):
        names = _global_names(value.__code__)
        attributes = {name for code in _codes(value.__code__) for name in code.co_names}
        held = {
            name: value.__globals__[name]
            for name in names
            if name in value.__globals__ and not name.startswith("__")
        }
        for name, item in list(held.items()):
            if isinstance(item, types.ModuleType) and self._owns(item.__name__):
                inside = vars(item)
                for inner in attributes & set(inside):
                    if not inner.startswith("__"):
                        held[f"{name}.{inner}"] = inside[inner]
        return self._pairs("globals", sorted(held.items(), key=lambda pair: pair[0]))

    def _of_class(self, value):
        name = _type_name(value)
        if not self._owns(value.__module__):
            return syntax.digest("class", name.encode("utf-8", "replace"))
        inside = {
            key: item
            for key, item in vars(value).items()
            if key in ("__init__", "__call__") or not key.startswith("__")
        }
        return syntax.digest(
            "class", name.encode("utf-8", "replace"),
            self._all("bases", value.__bases__),
            self._pairs("members", sorted(inside.items())),
        )

    def _of_instance(self, value):
        kind = type(value)
        array = self._of_array(value)
        if array is not None:
            return array
        if callable(getattr(value, "__wrapped__", None)):
            return self._all("wrapped", [_type_name(kind), value.__wrapped__])
        if dataclasses.is_dataclass(value):
            names = [field.name for field in dataclasses.fields(value)]
        elif hasattr(kind, "__attrs_attrs__"):
            names = [field.name for field in kind.__attrs_attrs__]
            if kind.__module__.partition(".")[0] == "geneva":
                names = [name for name in names if name not in _NOT_OF_TRANSFORMS]
        elif self._owns(kind.__module__):
            names = sorted({*getattr(value, "__dict__", {}), *_slots(kind)})
        else:
            return self._as_opaque(value)
        held = [(name, getattr(value, name)) for name in names if hasattr(value, name)]
        return syntax.digest("object", self.of(kind), self._pairs("state", held))

    def _of_array(self, value):
        numpy = sys.modules.get("numpy")
        arrow = sys.modules.get("pyarrow")
        if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)):
            if value.dtype.hasobject:
                return self._all("array", [str(value.shape), value.tolist()])
            return syntax.digest(
                "array", str(value.dtype).encode(), str(value.shape).encode(), value.tobytes()
            )
        if arrow is not None and isinstance(value, (arrow.DataType, arrow.Field, arrow.Schema)):
            return self._of_text(value)
        return None

    def _as_opaque(self, value):
        name = _type_name(type(value))
        self.opaque.add(name)
        try:
            size = len(value)
        except Exception:  # noqa: BLE001 (anybody's __len__)
            size = -1
        return syntax.digest("opaque", name.encode("utf-8", "replace"), str(size).encode())


_WAYS = (
    (types.FunctionType, Values.of_function),
    (types.MethodType, Values._of_method),
    ((staticmethod, classmethod), Values._of_holder),
    (property, Values._of_property),
    ((types.BuiltinFunctionType, types.WrapperDescriptorType), lambda values, value: values._all(
        "builtin", [str(getattr(value, "__module__", "")), value.__qualname__])),
    (type, Values._of_class),
    (types.ModuleType, Values._of_module),
    (enum.Enum, Values._of_member),
    (functools.partial, Values._of_partial),
    ((list, tuple, collections.deque), Values._of_sequence),
    ((set, frozenset), Values._of_set),
    ((dict, types.MappingProxyType), Values._of_mapping),
    (_AS_TEXT, Values._of_text),
    (pathlib.PurePath, Values._of_path),
    ((bytearray, memoryview), Values._of_bytes),
    (re.Pattern, Values._of_pattern),
)


def _type_name(kind):
    return f"{kind.__module__}.{kind.__qualname__}"


def _slots(kind):
    names = set()
    for base in kind.__mro__:
        slots = vars(base).get("__slots__", ())
        names.update([slots] if isinstance(slots, str) else slots)
    return names - {"__dict__", "__weakref__"}


@functools.lru_cache(maxsize=None)
def _source(name):
    module = sys.modules.get(name)
    try:
        return inspect.getsource(module) if module is not None else None
    except (OSError, TypeError, SyntaxError, UnicodeError):
        return None
