# SPDX-License-Identifier: Apache-2.0
"""Seeded random manifests, requirements and texts."""

ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    " !#$%&'()*+,-./:;<=>?@[]^_`{|}~",
    '"\\/\b\f\n\r\t\x00\x01\x1f\x7f',
    "\x80\x85\xa0éßñøĀſıİ",
    "\u2028\u2029\u200b\ufeff\u202e日本語한국어עבריתعربى",
    "\ud7ff\ue000\ufffd\ufffe\uffff",
    "\U00010000\U0001f600\U0001f469\u200d\U0001f4bb\U0010ffff",
]
MARKERS = [
    "python_version < '3.12'",
    'sys_platform == "linux" and platform_machine != "aarch64"',
    "(os_name == 'posix' or os_name == 'nt') and 'x' not in platform_version",
    "extra == 'é'",
    "implementation_name == '日本'",
]
OPERATORS = ["==", "===", ">=", "<=", "<", ">", "!=", "~="]


def text(rng, longest=12, alphabets=None):
    """A text of mixed alphabets, empty now and then; never with a lone surrogate."""
    chosen = alphabets or ALPHABETS
    return "".join(rng.choice(rng.choice(chosen)) for _ in range(rng.randrange(longest + 1)))


def word(rng):
    return rng.choice("abcz") + "".join(rng.choice("ab-._Z09") for _ in range(3)) + "x"


def version(rng):
    parts = ".".join(str(rng.randrange(30)) for _ in range(rng.randint(2, 4)))
    return parts + rng.choice(["", "", "", "a1", "rc2", ".post3", ".dev4"])


def specifiers(rng):
    count = rng.choice([0, 1, 1, 1, 2, 3])
    each = []
    for _ in range(count):
        # `===` takes the comma too, and then no blank may follow.
        operator = rng.choice([each for each in OPERATORS if each != "===" or count == 1])
        tail = rng.choice(["", "", ".*", "+cpu.1"]) if operator in ("==", "!=") else ""
        plain = ".".join(str(rng.randrange(9)) for _ in range(2))
        each.append(operator + rng.choice(["", " "]) + (plain + tail if tail else version(rng)))
    return rng.choice([",", " , "]).join(each)


def requirement(rng):
    """A requirement that workers can install, of any form."""
    name = word(rng)
    extras = rng.choice(["", "", "[x]", "[x,y_z]", " [ x , y ]"])
    marker = rng.choice(["", "", "; "]) and "; " + rng.choice(MARKERS)
    kind = rng.randrange(8)
    if kind == 0:
        path = text(rng, alphabets=[ALPHABETS[0], ALPHABETS[3], ALPHABETS[6], "%/"])
        return f"{name}{extras} @ https://example.org/{path}.whl {marker}".strip()
    if kind == 1:
        return f"git+https://example.org/{name}@main"
    return f"{name}{extras}{rng.choice(['', ' '])}{specifiers(rng)}{marker}"


def index_url(rng):
    path = text(rng, alphabets=[ALPHABETS[0], ALPHABETS[3], ALPHABETS[6]])
    return f"https://{word(rng)}.example.org/{path}"


def length(rng, huge):
    return huge if rng.randrange(60) == 0 else rng.choice([0, 0, 1, 1, 2, 3, 7])


def manifest(rng):
    """The fields of a manifest that the pip builder can make."""
    fields = {"name": "m" + text(rng), "pip": [], "urls": [], "py_modules": [], "env": []}
    fields["pip"] = [requirement(rng) for _ in range(length(rng, 1000))]
    fields["urls"] = [index_url(rng) for _ in range(length(rng, 100))]
    fields["py_modules"] = [text(rng) for _ in range(length(rng, 500))]
    names = [("E" + text(rng)).replace("=", "").replace("\0", "") for _ in range(length(rng, 300))]
    fields["env"] = [(name, text(rng).replace("\0", "")) for name in names]
    for field in ("head_image", "worker_image", "version"):
        fields[field] = text(rng) if rng.randrange(2) else None
    fields["upload_site_packages"] = rng.random() < 0.5
    return fields


def json_value(rng, depth=0):
    """Anything that a conda section can hold."""
    kind = rng.randrange(9 if depth < 4 else 7)
    if kind == 0:
        return rng.choice([None, True, False])
    if kind == 1:
        return rng.choice([0, -1, 2**31, 2**63, -(2**63), 2**64, 10**30, rng.randrange(10**9)])
    if kind == 2:
        return rng.choice([0.0, -0.0, 1.0, 0.1, 1e-4, 1e-5, 1e15, 1e16, 1e22, 5e-324, 1.5e300])
    if kind == 3:
        return rng.uniform(-1, 1) * 10.0 ** rng.randint(-30, 30)
    if kind < 7:
        return text(rng)
    if kind == 7:
        return [json_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {text(rng): json_value(rng, depth + 1) for _ in range(rng.randrange(4))}
