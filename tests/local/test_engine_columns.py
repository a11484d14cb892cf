# SPDX-License-Identifier: Apache-2.0
"""Several outputs, child namespaces and rows that failed, on the Ray of the session."""

import io
import json

import geneva
import pyarrow as pa
import pytest
from running_server import create_namespace
from transforms import unpacked

pytestmark = [pytest.mark.engine, pytest.mark.seconds(840)]
SECONDS = 600


def test_several_outputs_in_a_child_namespace_and_the_rows_that_failed(engine, database, tmp_path):
    """One job fills all siblings. Rows that it skipped are computed alone by their addresses."""
    calls, healed = tmp_path / "calls", tmp_path / "healed"

    def parts(text: str) -> dict:
        import os

        with open(calls_path, "a") as out:
            out.write(text + "\n")
        if text[-1] in "37" and not os.path.exists(healed_path):
            raise ValueError(f"no luck with {text}")
        return {"head": text[:1], "length": len(text)}

    calls_path, healed_path = str(calls), str(healed)
    engine.used = True
    connection = engine.connect(database)
    create_namespace(connection, "kid")
    texts = [f"hello {n}" for n in range(10)]
    table = connection.create_table("docs", pa.table({"text": texts}), namespace_path=["kid"])
    table.add_columns(unpacked(parts, num_cpus=0.1, on_error=geneva.skip_on_error()))

    def values():
        rows = connection.open_table("docs", namespace_path=["kid"]).to_arrow().to_pylist()
        return {row["text"]: (row["p_head"], row["p_length"]) for row in rows}

    expected = {text: ("h", len(text)) for text in texts}
    failed = {"hello 3", "hello 7"}
    result = table.backfill("p_length", concurrency=1)
    assert result.status == "DONE"
    assert values() == {**expected, **dict.fromkeys(failed, (None, None))}
    record = engine.record(database, result.job_id)
    assert (record["table_name"], record["column_name"]) == ("docs", "p_length")
    assert record["output_columns"] == ["p_head", "p_length"]
    assert json.loads(record["config"])["table_id"] == ["kid", "docs"]
    # By the job alone: the engine puts the folder's name there as the table's.
    query = {
        "k": 100, "vector": {"single_vector": []}, "filter": f"job_id = '{result.job_id}'",
        "columns": {"column_names": ["row_address", "column_name"]},
    }  # fmt: skip
    status, data = engine.post("/v1/table/__system%24geneva_errors/query", query, database=database)
    errors = pa.ipc.open_file(io.BytesIO(data)).read_all().to_pylist()
    assert {error["column_name"] for error in errors} == {"p_length"}
    addresses = sorted({error["row_address"] for error in errors})
    assert addresses == [3, 7]

    healed.touch()
    calls.write_text("")
    where = f"_rowaddr IN ({addresses[0]}, {addresses[1]}) AND p_head IS NULL AND 'a' = 'a'"
    body = {"column": "p_head", "where": where, "concurrency": 1}
    status, answer = engine.post("/v1/table/kid%24docs/backfill_column", body, database=database)
    assert status == 202, answer
    record = engine.wait(database, answer["job_id"], seconds=SECONDS)
    assert record["status"] == "DONE", record["events"]
    assert set(calls.read_text().splitlines()) == failed
    assert values() == expected
