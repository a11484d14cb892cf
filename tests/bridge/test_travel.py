# SPDX-License-Identifier: Apache-2.0
"""By value: what was registered runs where there is no workspace."""

import json

import pytest
from conftest import HERE, MODULES, run_python

WORKSPACE = MODULES / "travel"
CASES = {
    "flat:everything": "(HELLO X)!?#",
    "flat:alone": "X"[::-1],
    "kit.transforms:doubled": "<<XX-->",
    "kit.transforms:Counter": 12,
    "nsp.entry:spaced": "ns:X",
    "srcpkg.entry:prefixed": "src:1",
}


@pytest.fixture(scope="module")
def registered(ask_many):
    requests = [{"action": "register", "column": "c", "target": target} for target in CASES]
    answers = ask_many(WORKSPACE, requests)
    assert [answer.get("error") for answer in answers] == [None] * len(CASES)
    return dict(zip(CASES, answers))


@pytest.fixture(scope="module")
def results(registered, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")
    answer = tmp_path_factory.mktemp("results") / "answer.json"
    work = [[r["virtual_column"]["udf"], "x" if "HELLO" in str(CASES[t]) else "X"]
            for t, r in registered.items()]
    done = run_python(HERE / "load_payloads.py", work, answer, empty)
    assert done.returncode == 0, done.stderr
    return dict(zip(CASES, json.loads(answer.read_text())))


@pytest.mark.parametrize("target", CASES)
def test_runs_without_the_workspace(target, results):
    assert results[target][0] == CASES[target]


@pytest.mark.parametrize("target", CASES)
def test_runs_after_it_was_pickled_again(target, results):
    assert results[target][1] == str(CASES[target])


def test_says_which_modules_travel(registered):
    pickling = registered["flat:everything"]["pickling"]
    assert pickling["mode"] == "by-value"
    assert set(pickling["modules"]) == {
        *("flat", "flat_helper", "flat_lazy", "flat_lazy_needs"),
        *("kit", "kit.shared", "kit.constants", "kit.deep", "kit.deep.more"),
    }
    doubled = registered["kit.transforms:doubled"]["pickling"]
    assert doubled["modules"] == [
        *("kit", "kit.constants", "kit.later", "kit.shared", "kit.transforms"),
    ]
    assert "kit.later" in doubled["carried_as_source"]
    assert "kit.transforms" not in doubled["carried_as_source"]
    assert doubled["warnings"] == []
    source = registered["srcpkg.entry:prefixed"]["pickling"]
    assert source["modules"] == ["srcpkg", "srcpkg.entry", "srcpkg.other"]
    assert source["carried_as_source"] == []


def test_says_that_state_stays_behind(registered):
    (warning,) = registered["flat:everything"]["pickling"]["warnings"]
    assert "travel as source, not with their state" in warning
    assert registered["flat:alone"]["pickling"]["warnings"] == []
