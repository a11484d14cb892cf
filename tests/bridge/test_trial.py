# SPDX-License-Identifier: Apache-2.0
"""Running transforms of every kind on a few rows, with the real geneva and no engine."""

import pyarrow as pa
import pytest
from conftest import MODULES

ONE_INPUT = [
    *("features:plain", "features:Stateful", "features:sizes", "features:words"),
    "trials:shouted",
]
ROWS = pa.table({"text": ["a b", "ccc d e", ""], "id": [1, 2, 4]})


@pytest.fixture(scope="module")
def trial(ask_many, tmp_path_factory):
    """trial(target) -> (answer, results as a table or None), all asked in one process."""
    folder = tmp_path_factory.mktemp("rows")
    file = folder / "rows.arrow"
    with pa.ipc.new_file(file, ROWS.schema) as writer:
        writer.write_table(ROWS)
    texts = folder / "texts.arrow"
    with pa.ipc.new_file(texts, ROWS.select(["text"]).schema) as writer:
        writer.write_table(ROWS.select(["text"]))
    third = folder / "third.arrow"
    with pa.ipc.new_file(third, ROWS.schema) as writer:
        writer.write_table(ROWS.set_column(1, "id", pa.array([1, 3, 4])))
    targets = {
        **dict.fromkeys(ONE_INPUT, {"rows": str(texts)}),
        "features:whole_batch": {},
        "trials:third": {},
        "trials:fewer": {},
        "trials:counted": {},
        "given": {"target": "features:two_inputs", "input_columns": ["text", "id"]},
        "fails": {"target": "trials:third", "rows": str(third)},
    }
    requests = [
        {
            "action": "run", "target": name, "rows": str(file),
            "results": str(folder / str(number)), **more,
        }
        for number, (name, more) in enumerate(targets.items())
    ]
    answers = dict(zip(targets, ask_many(MODULES, requests)))

    def of(name):
        path = folder / str(list(targets).index(name))
        return answers[name], pa.ipc.open_stream(path).read_all() if path.exists() else None

    return of


@pytest.mark.parametrize(
    "target, expected",
    {
        "features:plain": {"plain": [3, 7, 0]},
        "features:whole_batch": {"whole_batch": [1, 1, 1]},
        "features:Stateful": {"Stateful": [4, 8, 1]},
        "features:sizes": {"words": [2, 3, 0], "letters": [3, 7, 0]},
        "trials:third": {"third": [-2, -7, 0]},
        "trials:shouted": {"shouted": ["A B", "CCC D E", ""]},
        "given": {"two_inputs": [4.0, 9.0, 4.0]},
    }.items(),
)
def test_a_udf_gives_a_value_a_row(trial, target, expected):
    answer, results = trial(target)
    assert answer.get("error") is None
    assert results.to_pydict() == {"__source_row_id": [0, 1, 2], **expected}
    assert answer["run"] == {"rows": 3, "results": 3, "notes": []}


def test_a_chunker_gives_rows_of_a_row(trial):
    answer, results = trial("features:words")
    assert results.to_pydict() == {
        "__source_row_id": [0, 0, 1, 1, 1],
        "word": ["a", "b", "ccc", "d", "e"],
        "at": [0, 1, 0, 1, 2],
    }
    assert answer["run"]["results"] == 5


def test_a_table_function_sees_these_rows_only(trial):
    answer, results = trial("trials:counted")
    assert results.to_pydict() == {"n": [3, 1, 2, 4]}
    rows_only, partitions = answer["run"]["notes"]
    assert "these rows only" in rows_only
    assert "partition_by is not applied" in partitions


def test_an_exception_names_the_row_and_shows_the_users_frames(trial):
    answer, results = trial("fails")
    assert results is None
    error = answer["error"]
    assert error["kind"] == "run"
    assert "ZeroDivisionError" in error["message"] and "in row 2" in error["message"]
    assert "return len(text) // (id - 3)" in error["traceback"]


def test_too_few_values_are_no_result(trial):
    answer, _ = trial("trials:fewer")
    assert "gave 1 values for 3 rows" in answer["error"]["message"]


def test_distributions_are_imported(ask_many):
    (answer,) = ask_many(
        MODULES, [{"action": "try", "distributions": ["PyArrow", "pip", "not-there-at-all"]}]
    )
    arrow, pip, missing = answer["imports"]
    assert arrow["version"] == pa.__version__
    assert {"module": "pyarrow", "error": None, "traceback": None} in arrow["modules"]
    assert [m["module"] for m in pip["modules"]] == ["pip"]
    assert missing == {"distribution": "not-there-at-all", "version": None, "modules": []}
