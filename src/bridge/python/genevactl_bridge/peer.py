# SPDX-License-Identifier: Apache-2.0
"""Everything that is asked of the installed geneva, in one place.

Written against geneva 0.17. Where another version lacks what is asked for, the answer is an error
of kind `unsupported` that names it. What geneva makes (payloads, Arrow types as JSON) is made by
calling it; nothing of it is imitated here.
"""

import base64
import contextlib
import hashlib
import importlib
import importlib.util
import inspect
import json
import logging
import os
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


@contextlib.contextmanager
def _quiet():
    """geneva's own notes and warnings, of which none is the user's business here, stay away."""
    logger = logging.getLogger("geneva")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def import_geneva():
    """Imports geneva, quietly; a Failure of kind geneva-missing where that fails."""
    _import_namespace_client()
    try:
        with _quiet():
            importlib.import_module("geneva")
    except Exception as error:  # noqa: BLE001 (any import may fail in any way)
        raise Failure(
            "geneva-missing",
            f"the geneva of {sys.executable} cannot be imported: {tracebacks.headline(error)}",
            _install(),
            tracebacks.text(error),
        ) from None


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


class StandIn:
    """An empty table of a schema in a folder, as the installed geneva opens it."""

    def __init__(self, folder, name, schema):
        lance = importlib.import_module("lance")
        path = os.path.join(folder, f"{name}.lance")
        # 2.2 is the first format that has blobs.
        self._dataset = lance.write_dataset(
            schema.empty_table(), path, data_storage_version="2.2"
        )
        with _quiet():
            self.connection = _part("geneva", "connect")(folder)
            self._table = self.connection.open_table(name)

    def query(self, columns, where):
        query = self._table.search(None)
        if columns is not None:
            query = query.select(columns)
        return query if where is None else query.where(where)

    def columns_of(self, query):
        """The names of the columns that the query gives."""
        with _quiet():
            return list(query.schema.names)

    def explain(self, where):
        """Raises what Lance raises where it cannot read a filter."""
        self._dataset.scanner(filter=where).explain_plan()

    def type_of(self, name, expression):
        """The Arrow type of an expression; raises what Lance raises."""
        return self._dataset.scanner(columns={name: expression}).projected_schema.field(name).type


class _Recorder:
    """Stands where the client's way to the deployment is, and keeps what would be sent. Whatever
    the client asks of the source is answered by the stand-in.
    """

    def __init__(self, real):
        self.request = None
        self._real = real

    def __getattr__(self, name):
        return getattr(self._real, name)

    def create_materialized_view(self, request):
        self.request = request


def view_request(stand_in, view, query, transform):
    """What the client sends to make `view` of `query`: the client itself does, into a recorder."""
    connection = stand_in.connection
    recorder = _Recorder(connection.namespace_client())
    uri = connection._uri
    connection._uri = f"db://{view.database}"
    connection.namespace_client = lambda: recorder
    connection.open_table = lambda name: None
    try:
        with _quiet():
            if transform is None:
                connection.create_materialized_view("view", query)
            else:
                connection.create_udtf_view("view", query, transform)
    finally:
        connection._uri = uri
        del connection.namespace_client, connection.open_table
    if recorder.request is None:
        raise Failure(
            "unsupported",
            f"geneva {describe_environment()['geneva']} makes views in a way that is not known",
            f"genevactl's bridge is written for geneva {WRITTEN_FOR}: {_install()}",
        )
    sent = recorder.request.to_dict()
    if sent.get("udtf_spec") is not None:
        sent["udtf_spec"] = _entry_as_sent(sent["udtf_spec"])
    return sent


def view_entry(kind, spec, manifest):
    """The `udtf_spec` of a transform that a deployment keeps, whose pickle is not looked at.

    The resources that a request has beside the pickle are kept nowhere: they stay open.
    """
    known = json.loads(spec)
    payload = base64.b64encode(spec.encode()).decode("ascii")
    return _entry_as_sent(
        {
            "kind": kind,
            "udtf": payload,
            "udtf_sha": hashlib.sha256(payload.encode("ascii")).hexdigest(),
            "udtf_name": known.get("name"),
            "udtf_version": known.get("version"),
            "input_columns": known.get("input_columns"),
            "partition_by": known.get("partition_by"),
            "batch": known.get("batch"),
            "manifest": None if manifest is None else manifest.json,
            "manifest_checksum": None if manifest is None else manifest.checksum,
        }
    )


def _entry_as_sent(entry):
    return _as_sent("materialized_view_udtf_entry", "MaterializedViewUdtfEntry", entry)


def with_blobs(schema, names):
    """`schema` with the columns that the deployment calls blobs as such."""
    for name in names:
        if name in schema.names:
            field = schema.field(name)
            blob = importlib.import_module("lance").blob_field(name, nullable=field.nullable)
            schema = schema.set(schema.get_field_index(name), blob)
    return schema


def _as_sent(module, name, entry):
    """`entry` as the client sends it: a null where the API's model allows one, else nothing."""
    model = _part(f"lance_namespace_urllib3_client.models.{module}", name)
    return model.model_validate({**dict.fromkeys(model.model_fields), **entry}).to_dict()
