# SPDX-License-Identifier: Apache-2.0
"""YAML as PyYAML's safe_load reads it."""

import json
import random

import generate_yaml
import pytest
import yaml


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def survives(value):
    """Does JSON give back what was put in: the same text when it is read and written again?"""
    try:
        text = canonical(value)
        parsed = json.loads(text, parse_constant=lambda name: 1 / 0)
    except (TypeError, ValueError, ZeroDivisionError):
        return False
    return canonical(parsed) == text and not any(k in text for k in ('"NaN":', 'Infinity":'))


def loaded(text):
    """What PyYAML makes of it as JSON, or None where nothing that survives."""
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, KeyError, IndexError, AttributeError):
        return None
    return canonical(value) if survives(value) else None


def expect_equal(probe, text):
    expected = loaded(text)
    answer = probe.ask("yaml", text=text)
    assert answer.get("json") == expected, (text, answer)
    return expected is not None


def test_scalars_are_read_alike(probe):
    rng = random.Random(11)
    kinds = {}
    for _ in range(8000):
        scalar = generate_yaml.plain_scalar(rng)
        try:
            tree = yaml.compose(f"- {scalar}\n")
        except yaml.YAMLError:
            continue
        if not isinstance(tree.value[0], yaml.ScalarNode):
            continue
        valid = expect_equal(probe, f"- {scalar}\n")
        kind = (tree.value[0].tag.rpartition(":")[2], valid)
        kinds[kind] = kinds.get(kind, 0) + 1
    for kind in ("bool", "int", "float", "null", "str", "timestamp"):
        assert kinds.get((kind, True), 0) > 20, kinds
    assert kinds.get(("timestamp", False), 0) > 20 and kinds.get(("float", False), 0) > 5, kinds


def test_scalars_as_keys_are_read_alike(probe):
    rng = random.Random(12)
    valid = 0
    for _ in range(2000):
        count = rng.choice([1, 1, 2])
        lines = [f"? {generate_yaml.plain_scalar(rng)}\n: v{i}\n" for i in range(count)]
        text = "".join(lines)
        if " #" in text or loaded(text) is None and "error" in probe.ask("yaml", text=text):
            continue
        answer = probe.ask("yaml", text=text)
        # Numbers that are one key to Python (1 and true) are refused here.
        if "error" in answer and "order" in answer["error"]["message"]:
            assert count == 2
            continue
        valid += expect_equal(probe, text)
    assert valid > 800


def test_tagged_scalars_are_read_alike(probe):
    rng = random.Random(13)
    valid = 0
    for _ in range(2000):
        scalar = generate_yaml.plain_scalar(rng).replace("\t", " ")
        tag = rng.choice(["!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp"])
        quoted = rng.choice([scalar, f"'{scalar}'"])
        text = f"- {tag} {quoted}\n"
        answer = probe.ask("yaml", text=text)
        if "error" in answer and "tag" in answer["error"]["message"]:
            continue  # Python's int() and float() take more than YAML does
        valid += expect_equal(probe, text)
    assert valid > 500


DOCUMENTS = [
    "a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}\n",
    "a: &x {b: 1}\ne: &y {b: 2, f: 3}\nd:\n  <<: [*x, *y]\n  g: 4\n",
    "a: &x {b: 1}\ne: &y {b: 2}\nd:\n  <<: *x\n  <<: *y\n",
    "a: &x {b: 1, n: &n {<<: {q: 1}, r: 2}}\nd: {<<: {<<: *x, z: 1}, y: *n}\n",
    "a: 1\nb: 2\na: 3\n",
    "a: {'<<': 1}\n",
    "a: {<<: 1}\n",
    "a: {<<: [1]}\n",
    "a: &a [1, *a]\n",
    "a: &a 1\nb: &a 2\n",
    "a: *b\n",
    "a: &n\nb: *n\n",
    "- &s text\n- *s\n- &l [1, 2]\n- *l\n",
    "--- a\n--- b\n",
    "--- {a: 1}\n...\n",
    "%YAML 1.1\n---\na: 1\n",
    "# only a comment\n",
    "",
    "a: |\n  one\n  two\n\n",
    "a: |-\n  one\n   two\n\n",
    "a: |+\n  one\n\n",
    "a: >\n  one\n  two\n\n  three\n    more\n  four\n",
    "a: >-\n  one\n\n\n  two\n",
    "a: 'it''s\n  folded\n\n  text'\n",
    'a: "tab\\t\\x41\\u00e9\\U0001F600 \\\n  joined \\  x"\n',
    'a: "\\0\\a\\b\\e\\v\\N\\_\\L\\P\\/"\n',
    "a: plain text\n  goes on\n  here\n",
    "a: b # comment\nc: d#no\ne: 'x' # y\n",
    "a: http://x/y#z\nb: c:d\n",
    "[a, b: c, {d: e}, 'f': g]\n",
    "{a, b: , 'c': d}\n",
    "? a\n: b\n? c\n",
    "a:\n- b\n- c\n",
    "-\n  - a\n  -\n  - b: c\n    d: e\n",
    "!!map {a: !!seq [b]}\n",
    "a: !custom b\n",
    "a: !!python/object:os.system x\n",
    "? [a]\n: b\n",
    "2026-11-22: a\n",
    "=: a\n",
    "a: =\n",
    "0b1: a\n0x1f: b\n",
    "1.5: a\n2.5: b\n",
    "a: '\U0001f600é'\n",
    "a: - b\n",
    "a: [b\n",
    "a: 'b\n",
    "a: {b\n",
    "a\nb: c\n",
    "- a\nb: c\n",
    "a: @b\n",
    "a: `b`\n",
    "a: %b\n",
    "a: b: c\n",
    "name: x\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.11\n  - numpy>=1.2,<2\n"
    "  - pip\n  - pip:\n      - geneva==0.17.0\n      - torch ; sys_platform == 'linux'\n"
    "variables:\n  OMP_NUM_THREADS: 010\n  FLAG: yes\nprefix: /opt/conda/envs/x\n",
]


@pytest.mark.parametrize("text", DOCUMENTS)
def test_written_documents_are_read_alike(probe, text):
    expect_equal(probe, text)


REFUSED = ["a: !!binary aGk=\n", "a: !!set {b, c}\n", "a: ! 1\n", "a: &x ! y\n", "1: a\ntrue: b\n"]


@pytest.mark.parametrize("text", REFUSED)
def test_what_has_no_text_of_its_own_in_json_is_refused(probe, text):
    assert yaml.safe_load(text)
    assert probe.ask("yaml", text=text)["error"]["kind"] == "usage"


def test_blown_up_aliases_are_refused(probe):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 12):
        aliases = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"a{level}: &a{level} [{aliases}]")
    error = probe.ask("yaml", text="\n".join(lines))["error"]
    assert error["kind"] == "usage" and "50,000 values" in error["message"]
    merges = ["a0: &a0 {x: y}"]
    for level in range(1, 40):
        merges.append(f"a{level}: &a{level} {{<<: [*a{level - 1}, *a{level - 1}]}}")
    assert "50,000 values" in probe.ask("yaml", text="\n".join(merges))["error"]["message"]


def test_deep_nesting_is_refused(probe):
    for text in ("[" * 31 + "]" * 31, "[" * 20000, "- " * 20000, "? " * 5000):
        assert "error" in probe.ask("yaml", text=text)
    assert "json" in probe.ask("yaml", text="[" * 30 + "]" * 30)


def test_random_documents_are_read_alike(probe):
    rng = random.Random(14)
    refused = 0
    for _ in range(600):
        text = generate_yaml.written(rng, generate_yaml.environment(rng))
        if any(character in text for character in "\x85\u2028\u2029"):
            continue
        answer = probe.ask("yaml", text=text)
        if "blank lines" in str(answer.get("error")):
            refused += 1
            continue
        expect_equal(probe, text)
    assert refused < 10
