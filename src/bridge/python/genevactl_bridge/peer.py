# SPDX-License-Identifier: Apache-2.0
"""Everything that is asked of the installed geneva, in one place.

Written against geneva 0.17. Where another version lacks what is asked for, the answer is an error
of kind `unsupported` that names it. What geneva makes (payloads, Arrow types as JSON) is made by
calling it; nothing of it is imitated here.
"""

import importlib
import importlib.util
import inspect
import logging
import sys

from . import tracebacks
from .environment import describe as describe_environment
from .protocol import Failure

WRITTEN_FOR = "0.17.0"


def _part(module, name):
    """Attribute `name` of geneva's `module`, or a Failure that names the versions."""
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        installed = describe_environment()["geneva"]
        raise Failure(
            "unsupported",
            f"geneva {installed} has no {module}.{name}",
            f"genevactl's bridge is written for geneva {WRITTEN_FOR}: {_install()}",
        ) from None


def _import_namespace_client():
    """Imports the namespace API's client without building a validator per API method.

    Those validators are a fifth of the time that importing geneva takes, and check the arguments
    of network calls, of which the bridge makes none. The models, which it does use, are whole.
    Where this does not work out, geneva imports the client as always.
    """
    try:
        import pydantic

        decorator = pydantic.validate_call
    except (ImportError, AttributeError):
        return
    pydantic.validate_call = lambda function=None, **_: function or (lambda inner: inner)
    try:
        importlib.import_module("lance_namespace_urllib3_client")
    except Exception:  # noqa: BLE001 (geneva's own import says it better)
        pass
    finally:
        pydantic.validate_call = decorator


def _install():
    return f"{sys.executable} -m pip install geneva=={WRITTEN_FOR}"


def require_geneva():
    """A Failure of kind geneva-missing where this interpreter has no geneva; imports nothing."""
    if importlib.util.find_spec("geneva") is None:
        raise Failure(
            "geneva-missing",
            f"the Python interpreter {sys.executable} has no geneva",
            f"{_install()}; or name the interpreter that has it with --python",
        )


def import_geneva():
    """Imports geneva, quietly; a Failure of kind geneva-missing where that fails."""
    logger = logging.getLogger("geneva")
    level = logger.level
    logger.setLevel(logging.ERROR)
    _import_namespace_client()
    try:
        importlib.import_module("geneva")
    except Exception as error:  # noqa: BLE001 (any import may fail in any way)
        raise Failure(
            "geneva-missing",
            f"the geneva of {sys.executable} cannot be imported: {tracebacks.headline(error)}",
            _install(),
            tracebacks.text(error),
        ) from None
    finally:
        logger.setLevel(level)


def kind_of(value):
    """'udf', 'chunker' or 'udtf'; None for what is no transform."""
    for name in ("UDF", "Chunker", "UDTF"):
        if isinstance(value, _part("geneva.transformer", name)):
            return name.lower()
    return None


def is_transform(value):
    return is_unmade(value) or kind_of(value) is not None


def is_unmade(value):
    """Whether this is a decorated class that has not been called yet.

    geneva wraps a class into a function of its own; functools.wraps leaves the class on it.
    """
    made_by = getattr(value, "__globals__", None) if inspect.isfunction(value) else None
    return (
        isinstance(made_by, dict)
        and str(made_by.get("__name__", "")).partition(".")[0] == "geneva"
        and inspect.isclass(getattr(value, "__wrapped__", None))
    )


def make(value, target):
    """The transform that a decorated class gives when it is called without arguments."""
    try:
        return value()
    except Exception as error:  # noqa: BLE001 (a user's constructor may raise anything)
        raise Failure(
            "not-a-transform",
            f"'{target}' is a decorated class that cannot be made without arguments: "
            f"{tracebacks.headline(error)}",
            "make it in the module and name the result, for example `embed = Embed('model')`",
            tracebacks.text(error),
        ) from None


def attribute(transform, name):
    try:
        return getattr(transform, name)
    except AttributeError:
        return _part(f"geneva.transformer.{type(transform).__name__}", name)


def arrow_json(data_type):
    """An Arrow type as the client writes it into requests."""
    return _part("geneva.virtual_column", "_arrow_type_to_json")(data_type)


def read_manifest(text):
    """The GenevaManifest in canonical JSON `text`; raises what geneva raises."""
    return _part("geneva.manifest", "GenevaManifest").from_json(text)


def pickle_by_value(module):
    _part("geneva.cloudpickle", "register_pickle_by_value")(module)


def unpacked_outputs(udf):
    """The columns of a transform with several outputs, as the client registers them together."""
    plan = _part("geneva.table", "_build_unpacked_udf_plan")
    unpacked = _part("geneva.transformer", "UnpackedUDF")(udf)
    return [
        {
            "column": output.field.output_column,
            "struct_field": output.field.struct_field_name,
            "data_type": arrow_json(output.field.field.type),
            "nullable": output.field.field.nullable,
            "metadata": dict(output.metadata),
        }
        for output in plan(unpacked).outputs
    ]


def virtual_column(column, udf, input_columns, outputs=None):
    """What the client puts into `virtual_column` of add_columns, as the client's model has it."""
    build = _part("geneva.virtual_column", "build_virtual_column_entry")
    packager = _part("geneva.packager", "DockerUDFPackager")()
    several = {} if outputs is None else {"outputs": outputs}
    entry = build(column, udf, input_columns, packager, **several)
    return _as_sent("add_virtual_column_entry", "AddVirtualColumnEntry", entry)


def alter_virtual_column(entry):
    """The same for alter_columns, from the entry that virtual_column() gave."""
    return _as_sent("alter_virtual_column_entry", "AlterVirtualColumnEntry", entry)


def _as_sent(module, name, entry):
    """`entry` as the client sends it: a null where the API's model allows one, else nothing."""
    model = _part(f"lance_namespace_urllib3_client.models.{module}", name)
    return model.model_validate({**dict.fromkeys(model.model_fields), **entry}).to_dict()
