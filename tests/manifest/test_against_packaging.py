# SPDX-License-Identifier: Apache-2.0
"""The grammar of requirements, as the `packaging` library has it."""

import random

import generate
import pytest
from packaging.requirements import InvalidRequirement, Requirement
from test_against_geneva import PINNED, mangled

pytestmark = pytest.mark.filterwarnings("ignore:invalid escape sequence")

SEEDS = [
    "name",
    "a.b-c_d [x, y] >= 1.0 , != 2.* ; python_version < '3'",
    "a (==1.0.post1,<2.dev0)",
    "a ~= 1.4.2rc1",
    "a @ https://example.org/a-1.zip#egg=x ; (os.name == 'nt' or 'x' in sys.platform)",
    "a===anything!at-all",
    "a==1!2.0+local.1",
    "a==v1.0-1",
    "a ; extra == \"x\" and python_full_version >= '3.8' and not_a in 'b'",
    "a;platform_python_implementation=='CPython'and implementation_version not in'1'",
    "a>=1.0alpha-2.post_3.dev4",
    "a ; os_name == '\\x41\\u0041\\d'",
    "a ; os_name == '\\x4'",
    "a ; dependency_groups == 'x' or extras != 'y'",
]


def expect_equal(answer, text):
    try:
        expected = Requirement(text)
    except InvalidRequirement:
        assert "at" in answer, (text, answer)
        assert 0 <= answer["at"] <= len(text.encode()) and answer["expected"]
        return False
    assert "at" not in answer, (text, answer)
    assert answer["name"] == expected.name
    assert set(answer["extras"]) == expected.extras, text
    assert answer["url"] == (expected.url or "")
    assert bool(answer["marker"]) == (expected.marker is not None), text
    specifiers = [f"{each.operator}{each.version}" for each in expected.specifier]
    assert sorted(set(answer["specifiers"])) == sorted(set(specifiers)), text
    return True


NAMED_CHARACTERS = ["a ; os_name == '\\N{BULLET}'", "a ; os_name == '\\N{*}'", "a;os_name=='\\N'"]


@pytest.mark.parametrize("text", SEEDS + NAMED_CHARACTERS)
def test_written_examples_are_judged_alike(probe, text):
    expect_equal(probe.ask("parse", text=text), text)


def test_mangled_requirements_are_judged_alike(probe):
    rng = random.Random(508)
    valid = 0
    cases = 5000
    for _ in range(cases):
        text = rng.choice(SEEDS + PINNED + [generate.requirement(rng)])
        text = mangled(rng, text) if rng.random() < 0.8 else text
        valid += expect_equal(probe.ask("parse", text=text), text)
    assert 1000 < valid < cases - 1000


def test_versions_are_judged_alike(probe):
    rng = random.Random(440)
    pieces = ["1", "0", "2.0", ".", "-", "_", "+", "l0", "!", "*", ".*", "v", "V", " ", ","]
    pieces += ["a", "b", "c", "rc", "RC", "alpha", "beta", "pre", "preview", "post", "rev", "r"]
    pieces += ["dev"]
    valid = 0
    for _ in range(4000):
        version = "".join(rng.choice(pieces) for _ in range(rng.randint(1, 7)))
        text = "a" + rng.choice(generate.OPERATORS) + version
        valid += expect_equal(probe.ask("parse", text=text), text)
    assert valid > 250
