# SPDX-License-Identifier: Apache-2.0
"""The identity stays where what a transform does stays, and changes where it can have changed."""

import json
import shutil

import pytest
from conftest import BRIDGE, HERE, MODULES, environment, run_python

WORKSPACE = MODULES / "identity"
TARGETS = (
    "counted other named locked three four large small first second words Large spelled".split()
)
REQUESTS = [{"version": 1, "action": "inspect", "target": f"transforms:{t}"} for t in TARGETS]
COPIES = {
    "plain": [],
    "the same again": [  # remarks, layout, lines, the order of sets, what no import runs
        ("transforms.py", "    # a remark\n", "\n\n    # another\n"),
        ("transforms.py", "import functools\n", "\n\n\nimport functools\n"),
        ("transforms.py", 'print("not part of it")', "raise SystemExit"),
        ("transforms.py", '"a", "b", "c"', '"c", "b",\n        "a"'),
        ("helper.py", '"hello", "world"', '"world", "hello"'),
        ("helper.py", "return text", "return  text"),
    ],
    "another transform": [("transforms.py", "return 2", "return 22")],
    "an imported helper": [("helper.py", "text.strip(", "text.lower().strip(")],
    "a helper of the module": [("transforms.py", '"a", "b", "c"', '"a", "b"')],
    "a module that one function imports": [("spelling.py", '"colour"', '"color"')],
    "a value from outside": [],
}


def _copy(folder, edits):
    shutil.copytree(WORKSPACE, folder)
    for name, before, after in edits:
        text = (folder / name).read_text()
        assert before in text
        (folder / name).write_text(text.replace(before, after))
    return str(folder)


def _answers(tmp_path_factory, names, seed):
    answer = tmp_path_factory.mktemp("answer") / "answer.json"
    copies = [
        {
            "folder": _copy(tmp_path_factory.mktemp("copy") / "some" / "where", COPIES[name]),
            "environment": {"MODEL": "large"} if name == "a value from outside" else {},
            "requests": REQUESTS,
        }
        for name in names
    ]
    work = {"bridge": str(BRIDGE), "copies": copies}
    variables = environment(PYTHONHASHSEED=seed)
    done = run_python(HERE / "ask_in_copies.py", work, answer, MODULES, env=variables)
    assert done.returncode == 0, done.stderr
    found = {}
    for number, name in enumerate(names):
        answers = json.loads(answer.with_name(f"answer.json.{number}").read_text())
        assert [a.get("error") for a in answers] == [None] * len(TARGETS)
        found[name] = dict(zip(TARGETS, answers))
    return found


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    seven = ["the same again"]
    one = [name for name in COPIES if name not in seven]
    return {
        **_answers(tmp_path_factory, one, "1"),
        **_answers(tmp_path_factory, seven, "7"),
    }


@pytest.fixture(scope="module")
def changed(answers):
    """changed(copy) -> the transforms whose identity is not that of the plain copy."""

    def of(copy):
        return {
            name for name in TARGETS
            if answers[copy][name]["identity"] != answers["plain"][name]["identity"]
        }

    return of


def test_is_versioned_and_tells_transforms_apart(answers):
    identities = {name: answer["identity"] for name, answer in answers["plain"].items()}
    assert all(value.startswith("v1:") and len(value) == 67 for value in identities.values())
    assert identities.pop("Large") == identities["small"]
    assert len(set(identities.values())) == len(identities)


def test_says_what_it_is_made_of(answers):
    parts = answers["plain"]["counted"]["identity_parts"]
    assert sorted(parts["modules"]) == ["helper", "transforms"]
    assert parts["by_type_only"] == []
    assert answers["plain"]["locked"]["identity_parts"]["by_type_only"] == ["_thread.lock"]


def test_another_folder_seed_layout_and_process_change_nothing(changed):
    assert changed("the same again") == set()


def test_another_transform_of_the_module_is_none_of_its_business(changed):
    assert changed("another transform") == {"other"}


def test_a_helper_changes_it(changed):
    assert changed("an imported helper") == set(TARGETS)
    # The helper has a decorator that is not geneva's, which may do anything: all are affected.
    assert changed("a helper of the module") == set(TARGETS)


def test_what_one_function_imports_changes_those_that_use_it(answers, changed):
    assert changed("a module that one function imports") == {"spelled"}
    modules = answers["plain"]["spelled"]["identity_parts"]["modules"]
    assert sorted(modules) == ["helper", "spelling", "transforms"]


def test_a_value_that_no_text_shows_changes_it(changed):
    assert changed("a value from outside") == {"named"}


def test_inputs_are_part_of_it_and_the_column_is_not(ask_many, answers):
    target = {"target": "transforms:counted"}
    given, one, two = ask_many(
        WORKSPACE,
        [
            {**target, "action": "inspect", "input_columns": ["title"]},
            {**target, "action": "register", "column": "a"},
            {**target, "action": "register", "column": "b"},
        ],
    )
    plain = answers["plain"]["counted"]["identity"]
    assert given["identity"] != plain
    for answer in (one, two):
        assert answer["identity"] == plain
        for name in ("virtual_column", "alter_virtual_column"):
            assert answer[name]["field_metadata"] == {
                "genevactl.identity": plain,
                "genevactl.target": target["target"],
            }
