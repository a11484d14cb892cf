# SPDX-License-Identifier: Apache-2.0
"""Versions and comparisons of PEP 440, as the `packaging` library has them."""

import random

import pytest
from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version

LABELS = ["a", "b", "rc", "c", "alpha", "beta", "pre", "preview", "post", "rev", "r", "dev"]
# Of real indexes and of the specification's own examples.
COLLECTED = """\
1.0 1.0.0 1 0 00 1.0.dev1 1.0a1 1.0a1.dev2 1.0b2 1.0rc1 1.0rc1.post2.dev3 1.0.post1 1.0.post1.dev2
1.0+local 1.0+local.2 1.0+1 1.0+1.a 1.0+a.1 1.0+ubuntu-1 1!1.0 1!0.1 2!1.0.dev0 2012.10 2026.11.22
20260101 1.1.dev1 v1.0 V1.0 1.0-1 1.0.c1 1.0-rc.1 1.0_r3 1.0-post 1.0alpha 1.0-beta_2 1.2.3.4.5.6
0.dev0 0a0 0.0.0 1.0.0rc1.post1 2.0.0b1.dev20260101 1.0+g1234567 99999999999999999999999.1 01.02.03
1.0a. 1.0.a.1 1.0-dev 1.0dev 1.0.dev 1.0+ABC 1.0+abc_def-1 3.11.0rc2 4.0.0.dev0 0.1.post0 1.post1
1.0.post0 1.0.post0.dev0 1.0.0.0.1 1.0.1.dev0 1.1 1.2 2.0 2.1 2.2.post3 2.2.0 2.2.1 1.0.1 0.9
""".split()
NO_VERSIONS = ["", "a", "1.", ".1", "1..0", "1.0+", "1.0++a", "1.0+a..b", "1.0-", "1!", "!1"]
NO_VERSIONS += ["1.0*", "1.0.x", "1 .0", "1.0 a", "1.0é", "1.0+é", "latest", "1.0.devx"]
NO_VERSIONS += ["1,0", "1e5", "-1", "1.0a--1x", "vv1", "1.0post1dev", "1!2!3", "1.0a1b2"]
NO_VERSIONS += ["1.0.dev1a1", "\u0661"]
OPERATORS = ["==", "!=", "<=", ">=", "<", ">", "~=", "==="]


def version(rng):
    """Mostly near 1.0, so that comparisons matter."""
    if rng.random() < 0.2:
        return rng.choice(COLLECTED)
    text = rng.choice(["", "", "", "", "1!", "v"])
    text += ".".join(rng.choice(["0", "1", "1", "2", "10", "01"]) for _ in range(rng.randint(1, 4)))
    for labels, chance in ((LABELS[:8], 0.35), (LABELS[8:11], 0.3), (["dev"], 0.3)):
        if rng.random() < chance:
            label = rng.choice(labels)
            text += rng.choice(["", ".", "-", "_"]) + rng.choice([label, label.upper()])
            text += rng.choice(["", "", ".", "-"]) + rng.choice(["", "0", "1", "2", "03"])
    if rng.random() < 0.1:
        text += "-" + rng.choice("012")
    if rng.random() < 0.2:
        text += "+" + rng.choice(["a", "1", "a.1", "1.a", "A-2", "b_10", "10", "9"])
    return text


def specifier(rng, operators=None):
    operator = rng.choice(operators or OPERATORS)
    text = version(rng)
    if operator in ("==", "!=") and rng.random() < 0.4:
        text = ".".join(rng.choice("0112") for _ in range(rng.randint(1, 3))) + ".*"
    elif operator in ("<=", ">=", "<", ">", "~=") and rng.random() < 0.9:
        text = text.partition("+")[0]
    return operator + rng.choice(["", " "]) + text


def parsed(text):
    try:
        return Version(text)
    except InvalidVersion:
        return None


@pytest.fixture(scope="module")
def versions():
    rng = random.Random(440)
    return COLLECTED + [version(rng) for _ in range(1500)]


def test_versions_have_their_normal_form(probe, versions):
    valid = 0
    rng = random.Random(441)
    mangled = []
    for text in versions[:700]:
        at = rng.randrange(len(text) + 1)
        mangled.append(text[:at] + rng.choice(list(".-_+!v aA1*") + ["rc"]) + text[at:])
    for text in versions + NO_VERSIONS + mangled + [" 1.0\n", "\t1.0 "]:
        expected = parsed(text)
        answer = probe.ask("version", text=text)
        assert answer.get("text") == (str(expected) if expected else None), text
        valid += expected is not None
    assert valid > 1500


def test_versions_are_ordered_alike(probe, versions):
    rng = random.Random(442)
    valid = [text for text in versions if parsed(text)]
    orders = set()
    for _ in range(4000):
        a, b = rng.choice(valid), rng.choice(valid)
        expected = (Version(a) > Version(b)) - (Version(a) < Version(b))
        assert probe.ask("compare", a=a, b=b)["order"] == expected, (a, b)
        orders.add(expected)
    assert orders == {-1, 0, 1}


def test_specifiers_contain_the_same_versions(probe, versions):
    """Parse verdict, spelling, and contains() of 2,500 sets."""
    rng = random.Random(443)
    valid = refused = 0
    truths = {True: 0, False: 0}
    for _ in range(2500):
        count = rng.choice([1, 1, 2, 3])
        # Among others `===` would take the comma too.
        operators = OPERATORS if count == 1 else OPERATORS[:7]
        text = rng.choice([",", " , "]).join(specifier(rng, operators) for _ in range(count))
        near = [rng.choice(versions + NO_VERSIONS) for _ in range(12)]
        near += [each.strip("=<>!~ ") for each in text.split(",")]
        answer = probe.ask("contains", text=text, versions=near)
        try:
            expected = SpecifierSet(text)
        except InvalidSpecifier:
            assert "at" in answer, (text, answer)
            refused += 1
            continue
        valid += 1
        assert "at" not in answer, (text, answer)
        assert sorted(set(answer["specifiers"])) == sorted({str(each) for each in expected}), text
        for each, truth in zip(near, answer["contains"], strict=True):
            assert truth == expected.contains(each), (text, each)
            truths[truth] += 1
        assert answer["unsatisfiable"] == expected.is_unsatisfiable(), text
    assert valid > 2000 and refused > 50 and min(truths.values()) > 3000, (valid, refused, truths)


def test_each_operator_contains_the_same_versions(probe, versions):
    rng = random.Random(444)
    for operator in OPERATORS:
        truths = set()
        for _ in range(250):
            text = operator + version(rng)
            try:
                expected = Specifier(text)
            except InvalidSpecifier:
                continue
            near = [rng.choice(versions) for _ in range(10)] + [text.lstrip("=<>!~")]
            answer = probe.ask("contains", text=text, versions=near)
            for each, truth in zip(near, answer["contains"], strict=True):
                assert truth == expected.contains(each, prereleases=True), (text, each)
                truths.add(truth)
        assert truths == {True, False}, operator


def test_contradictions_are_seen_alike(probe):
    rng = random.Random(445)
    verdicts = {True: 0, False: 0}
    small = ["1", "1.0", "1.1", "1.0a1", "1.0rc1", "1.0.post0", "1.0.post1", "1.0.dev0", "1.0.dev1"]
    small += ["1.0a1.dev0", "1.0.post0.dev0", "0", "0.dev0", "2", "1.0.0.1"]
    while sum(verdicts.values()) < 3000:
        each = [rng.choice(OPERATORS[:7]) + rng.choice(small) for _ in range(rng.randint(1, 4))]
        each += [rng.choice(["==1.*", "!=1.*", "==1.0.*", "!=1.0.*", "!=1.0+x", "==1.0+x", ""])]
        text = ",".join(each)
        try:
            expected = SpecifierSet(text)
        except InvalidSpecifier:
            continue
        answer = probe.ask("contains", text=text, versions=[])
        assert answer["unsatisfiable"] == expected.is_unsatisfiable(), text
        verdicts[answer["unsatisfiable"]] += 1
    assert min(verdicts.values()) > 500, verdicts
