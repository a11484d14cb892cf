# SPDX-License-Identifier: Apache-2.0
"""Materialized views on the real engine, made and refreshed by the real client."""

import geneva
import lance
import pyarrow as pa
import pytest
from test_views import STABLE, make
from transforms import count_rows

pytestmark = [pytest.mark.engine, pytest.mark.seconds(840)]


def rows(server, database, name):
    folder = server.root / database / f"{name}.lance"
    return lance.dataset(str(folder)).to_table().to_pylist()


def test_every_kind_of_view_is_filled_and_follows_its_source(engine, database):
    engine.used = True
    connection = engine.connect(database)
    connection.create_table("seed", pa.table({"id": [0]}))  # makes the database
    native = geneva.connect(str(engine.root / database))
    first = pa.table({"id": [1, 2, 3], "text": ["a b", "c", "d e f"]})
    docs = native.create_table("docs", first, storage_options=STABLE)
    for kind in ("query", "chunker"):
        make(connection, kind, name=kind)
    both = docs.search(None).select(["id", "text"])
    connection.create_udtf_view("udtf", both, count_rows(partition_by="text"))

    def refresh(name):
        assert connection.open_table(name).refresh(concurrency=1).status == "DONE"
        return rows(engine, database, name)

    assert [(r["id"], r["text"]) for r in refresh("query")] == [(3, "d e f")]
    words = sorted((r["id"], r["word_index"], r["word"]) for r in refresh("chunker"))
    expected = [(1, 0, "a"), (1, 1, "b"), (2, 0, "c"), (3, 0, "d"), (3, 1, "e"), (3, 2, "f")]
    assert words == expected
    assert sorted((r["least"], r["rows"]) for r in refresh("udtf")) == [(1, 1), (2, 1), (3, 1)]

    docs.add(pa.table({"id": [4], "text": ["g"]}))
    assert sorted(r["id"] for r in refresh("query")) == [3, 4]
    words = sorted((r["id"], r["word_index"], r["word"]) for r in refresh("chunker"))
    assert words == [*expected, (4, 0, "g")]
