# SPDX-License-Identifier: Apache-2.0
"""Seeded random scalars and environment files in YAML."""

import generate
import yaml

WORDS = ["yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<", "y", "n", ".inf"]
WORDS += [".nan", "-.inf", "+.INF", ".NaN", "none", "None", "0o7", "0x", "0b", "0_", "-", "+", "_"]
NUMBER_PIECES = ["0", "1", "7", "8", "9", "12", "59", "60", "_", ".", ":", "-", "+", "e", "E"]
NUMBER_PIECES += ["e+", "e-3", "0x", "0b", "0", "f", "A", "1_000", ".5", "5."]
DATE_PIECES = ["2026", "1999", "0000", "2024", "-", "-", "02", "29", "1", "11", "30", "31", "12"]
DATE_PIECES += ["T", "t", " ", "10", "23", "24", ":", ":", "59", "60", "00", ".", ".5", "Z", "+01"]
DATE_PIECES += ["-05:30", "+24:00", ".1234567", "  "]


def cased(rng, word):
    return rng.choice([word, word.upper(), word.capitalize(), word.title(), word.swapcase()])


def date(rng):
    text = f"{rng.choice(['2026', '2024', '1900', '0001', '0000'])}"
    text += f"-{rng.choice(['02', '2', '12', '13', '01'])}-{rng.choice(['29', '1', '30', '31'])}"
    if rng.random() < 0.7:
        text += rng.choice(["T", "t", " ", "\t", "  "])
        text += f"{rng.choice(['1', '10', '23', '24'])}:{rng.choice(['00', '59', '60', '5'])}"
        text += f":{rng.choice(['00', '59', '60'])}"
        text += rng.choice(["", "", ".", ".5", ".123456", ".1234567", ".000"])
        text += rng.choice(["", "", "Z", " Z", "+1", "-05:30", " +00:00", "+24:00", "-23:59"])
    return text


def plain_scalar(rng):
    """A text of one line that may mean something: no quotes, nothing that ends it."""
    kind = rng.randrange(8)
    if kind == 0:
        return cased(rng, rng.choice(WORDS))
    if kind < 4:
        return "".join(rng.choice(NUMBER_PIECES) for _ in range(rng.randint(1, 6)))
    if kind == 4:
        return date(rng)
    if kind == 5:
        return "".join(rng.choice(DATE_PIECES) for _ in range(rng.randint(3, 9))).strip()
    if kind == 6:
        sign = rng.choice(["", "-", "+"])
        number = rng.choice([rng.randrange(10**40), rng.randrange(10**6), rng.randrange(100)])
        form = rng.choice(["{}", "0x{:x}", "0b{:b}", "0{:o}", "{:_}", "{}.", "{}.25e-3", "{}e5"])
        return sign + form.format(number)
    return rng.choice(WORDS) + rng.choice(["", "x", "1", " y", ".0"])


def environment(rng):
    """What an environment.yml can hold."""
    content = {"channels": [generate.word(rng) for _ in range(rng.randrange(3))]}
    if rng.random() < 0.8:
        content["name"] = generate.text(rng)
    dependencies = [generate.word(rng) + rng.choice(["", "=1.2", ">=3", "=1.0=py_0"])]
    if rng.random() < 0.7:
        lines = [generate.requirement(rng) for _ in range(rng.randrange(4))]
        dependencies.append({"pip": lines})
    if rng.random() < 0.3:
        dependencies += [generate.json_value(rng, 2) for _ in range(2)]
    content["dependencies"] = dependencies
    for _ in range(rng.randrange(4)):
        content["x" + generate.text(rng)] = generate.json_value(rng)
    return content


def written(rng, content):
    """The content as PyYAML writes it, one way or another."""
    return yaml.safe_dump(
        content,
        default_flow_style=rng.choice([None, False, True]),
        default_style=rng.choice([None, None, None, '"', "'"]),
        indent=rng.choice([None, 2, 4]),
        width=rng.choice([20, 80, 1000]),
        allow_unicode=rng.random() < 0.5,
        explicit_start=rng.random() < 0.3,
        sort_keys=rng.random() < 0.5,
    )
