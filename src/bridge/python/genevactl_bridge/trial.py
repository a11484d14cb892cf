# SPDX-License-Identifier: Apache-2.0
"""Running a transform on a few rows, here: nothing is registered and no engine is involved."""

import dataclasses
import os
import typing

from . import peer
from .protocol import Failure
from .tracebacks import headline, text

ROW = "__source_row_id"  # what geneva calls a chunker's source row; also the column of results
_ADDED = "__child_index"


class Source:
    """What a table function reads: the rows, with the methods of a query that functions call."""

    def __init__(self, table):
        self._table = table

    def to_arrow(self):
        return self._table

    def to_batches(self, *_, **__):
        return self._table.to_reader()

    def to_pandas(self, *_, **__):
        return self._table.to_pandas()

    def to_list(self):
        return self._table.to_pylist()

    def count_rows(self, *_, **__):
        return self._table.num_rows

    def __iter__(self):
        return iter(self._table.to_batches())


@dataclasses.dataclass(frozen=True)
class Results:
    table: typing.Any
    notes: typing.Tuple[str, ...] = ()


def _arrow():
    import pyarrow
    import pyarrow.compute
    import pyarrow.ipc  # noqa: F401 (both are attributes of pyarrow then)

    return pyarrow


def _read(path):
    arrow = _arrow()
    with open(path, "rb") as file:
        data = file.read()
    reader = arrow.ipc.open_file if data.startswith(b"ARROW1") else arrow.ipc.open_stream
    with reader(data) as opened:
        return opened.read_all()


def _raised(target, error, where):
    return Failure(
        "run",
        f"'{target}' raised {headline(error)} {where}",
        "nothing was registered; the traceback is your code's",
        text(error),
    )


def _one_batch(table):
    arrow = _arrow()
    batches = table.combine_chunks().to_batches()
    if batches:
        return batches[0]
    return arrow.RecordBatch.from_pylist([], schema=table.schema)


def _own_names(transform, batch, request):
    """The columns, fetched in the order of the inputs, under the names that the function uses."""
    names = peer.attribute(transform, "input_columns") or request.input_columns or []
    return batch.rename_columns(list(names)) if len(names) == batch.num_columns else batch


def _rows_of(batch):
    for index in range(batch.num_rows):
        yield index, batch.slice(index, 1)


def _udf(target, transform, batch):
    """One call a row for functions of single values, so that a failure has a row; else one call."""
    arrow = _arrow()
    per_row = getattr(peer.attribute(transform, "arg_type"), "name", "") == "SCALAR"
    pieces = []
    for index, piece in _rows_of(batch) if per_row else [(None, batch)]:
        try:
            made = transform(piece)
        except BaseException as error:  # noqa: BLE001 (the user's code)
            where = f"in row {index + 1}" if per_row else f"on {batch.num_rows} rows"
            raise _raised(target, error, where) from None
        if len(made) != piece.num_rows:
            raise Failure(
                "run",
                f"'{target}' gave {len(made)} values for {piece.num_rows} rows",
                "a udf gives one value for each row; use @geneva.chunker for several",
            )
        pieces.append(made)
    data_type = peer.attribute(transform, "data_type")
    values = arrow.chunked_array(
        [p.combine_chunks() if isinstance(p, arrow.ChunkedArray) else p for p in pieces],
        type=None if pieces else data_type,
    )
    rows = arrow.array(range(batch.num_rows), arrow.uint64())
    if not peer.attribute(transform, "is_multi_output"):
        return arrow.table({ROW: rows, peer.attribute(transform, "name"): values})
    fields = [field.name for field in data_type]
    columns = [arrow.compute.struct_field(values, name) for name in fields]
    return arrow.table([rows, *columns], names=[ROW, *fields])


def _chunker(target, transform, batch):
    arrow = _arrow()
    pieces = []
    for index, piece in _rows_of(batch):
        numbered = piece.append_column(ROW, arrow.array([index], arrow.uint64()))
        try:
            pieces.append(transform.execute_on_record_batch(numbered))
        except BaseException as error:  # noqa: BLE001 (the user's code)
            raise _raised(target, error, f"in row {index + 1}") from None
    if not pieces:
        return arrow.table({ROW: arrow.array([], arrow.uint64())})
    table = arrow.Table.from_batches(pieces)
    return table.drop_columns([_ADDED]) if _ADDED in table.column_names else table


def _udtf(target, transform, table):
    arrow = _arrow()
    try:
        batches = list(transform.execute(Source(table)))
    except BaseException as error:  # noqa: BLE001 (the user's code)
        raise _raised(target, error, f"on {table.num_rows} rows") from None
    schema = peer.attribute(transform, "output_schema")
    return arrow.Table.from_batches(batches, schema=batches[0].schema if batches else schema)


def _notes(kind, transform):
    if kind != "udtf":
        return ()
    said = ["it sees these rows only: what it makes of the whole table can be something else"]
    for name in ("partition_by", "partition_by_indexed_column"):
        if getattr(transform, name, None):
            said.append(f"{name} is not applied: all the rows are one partition")
    return tuple(said)


def run(target, transform, request):
    """Reads request.rows, runs the transform on them and writes request.results (both Arrow IPC).

    The member `run` of the answer. A Failure of kind `run` has the user's own traceback.
    """
    kind = peer.kind_of(transform)
    table = _read(request.rows)
    if kind == "udtf":
        made = _udtf(target, transform, table)
    else:
        batch = _own_names(transform, _one_batch(table), request)
        made = (_udf if kind == "udf" else _chunker)(target, transform, batch)
    arrow = _arrow()
    descriptor = os.open(request.results, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file, arrow.ipc.new_stream(file, made.schema) as writer:
        writer.write_table(made)
    return {
        "rows": table.num_rows,
        "results": made.num_rows,
        "notes": list(_notes(kind, transform)),
    }
