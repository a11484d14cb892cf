# SPDX-License-Identifier: Apache-2.0
"""Lock files against the real uv, and markers against `packaging`."""

import functools
import itertools
import os
import pathlib
import random
import subprocess
import sys

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement

UV = pathlib.Path(sys.executable).parent / "uv"
PLATFORMS = {
    "linux": {
        "os_name": "posix",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
    },
    "aarch64-unknown-linux-gnu": {
        "os_name": "posix",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "aarch64",
    },
    "macos": {
        "os_name": "posix",
        "sys_platform": "darwin",
        "platform_system": "Darwin",
        "platform_machine": "arm64",
    },
    "windows": {
        "os_name": "nt",
        "sys_platform": "win32",
        "platform_system": "Windows",
        "platform_machine": "AMD64",
    },
}
PYTHONS = ["3.11", "3.12", "3.13"]

PROJECTS = {
    "forks": """
dependencies = [
    "httpx[http2]==0.27.0", "rich>=13", "click ; sys_platform == 'win32'",
    "numpy<2 ; python_version < '3.12'", "numpy>=2 ; python_version >= '3.12'",
]
""",
    "extras": """
dependencies = ["click<9"]
[project.optional-dependencies]
cli = ["typer>=0.9", "colorama"]
Big_One = ["demo[cli]", "tqdm"]
none = []
[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
lint = ["six==1.16.0 ; python_version < '3.13'", "coverage[toml]"]
""",
    "conflicts": """
dependencies = ["idna"]
[project.optional-dependencies]
old = ["six==1.15.0"]
new = ["six==1.16.0"]
[dependency-groups]
one = ["packaging==23.0"]
two = ["packaging==24.0"]
[tool.uv]
conflicts = [
    [{ extra = "old" }, { extra = "new" }],
    [{ group = "one" }, { group = "two" }],
]
""",
    "platforms": """
dependencies = ["portalocker", "tzlocal", "importlib-metadata ; python_full_version < '3.11.4'"]
[tool.uv]
environments = ["sys_platform == 'linux'", "sys_platform == 'win32'"]
""",
}
# What each project is asked for: extras and groups.
ASKED = {
    "forks": [([], [])],
    "extras": [([], []), (["cli"], []), (["big-one"], ["lint"]), (["none"], []), ([], ["dev"])],
    "conflicts": [([], []), (["old"], ["one"]), (["new"], ["two"]), (["new"], [])],
    "platforms": [([], [])],
}


def uv(folder, *arguments):
    """What the real uv prints in a folder."""
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    done = subprocess.run(
        [UV, *arguments, "--quiet"],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    """A folder of each project, locked by uv."""
    folders = {}
    for name, text in PROJECTS.items():
        folder = tmp_path_factory.mktemp(name)
        head = f'[project]\nname = "demo"\nversion = "1.0"\nrequires-python = ">=3.11"\n{text}'
        (folder / "pyproject.toml").write_text(head)
        uv(folder, "lock")
        folders[name] = folder
    return folders


def environment_of(python, platform):
    return PLATFORMS[platform] | {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_version": "",
    }


def options(extras, groups):
    words = ["--no-default-groups"]
    for extra in extras:
        words += ["--extra", extra]
    for group in groups:
        words += ["--group", group]
    return words


@functools.cache
def export_of(folder, extras, groups):
    words = ["--frozen", "--no-hashes", "--no-emit-project", "--no-annotate", "--no-header"]
    return uv(folder, "export", *words, *options(extras, groups))


def exported(folder, extras, groups, python, platform):
    """What uv itself says of the target: its export, with the markers evaluated by packaging."""
    text = export_of(folder, tuple(extras), tuple(groups))
    lines = [Requirement(line) for line in text.splitlines() if line.strip()]
    environment = environment_of(python, platform)
    held = [line for line in lines if line.marker is None or line.marker.evaluate(environment)]
    return [f"{line.name}{line.specifier}" for line in sorted(held, key=lambda line: line.name)]


CASES = [
    (name, extras, groups, python, platform)
    for name, all_asked in ASKED.items()
    for (extras, groups), python, platform in itertools.product(all_asked, PYTHONS, PLATFORMS)
    if not (name == "platforms" and platform == "macos")
]


@pytest.mark.parametrize("name", PROJECTS)
def test_uv_lock_gives_what_uv_exports(probe, locked, name):
    for project, extras, groups, python, platform in CASES:
        if project != name:
            continue
        file = locked[name] / "uv.lock"
        target = {"extras": extras, "groups": groups, "python": python, "platform": platform}
        answer = probe.ask("lock", file=str(file), **target)
        expected = exported(locked[name], extras, groups, python, platform)
        assert answer.get("requirements") == expected, (target, answer)


@pytest.mark.parametrize("name", PROJECTS)
def test_pylock_gives_what_uv_exports(probe, locked, name):
    folder = locked[name]
    for extras, groups in ASKED[name]:
        uv(folder, "export", "--frozen", "-o", "pylock.toml", *options(extras, groups))
        for python, platform in itertools.product(PYTHONS, PLATFORMS):
            if name == "platforms" and platform == "macos":
                continue
            target = {"python": python, "platform": platform}
            answer = probe.ask("lock", file=str(folder / "pylock.toml"), **target)
            expected = exported(folder, extras, groups, python, platform)
            assert answer.get("requirements") == expected, (target, answer)


def test_what_uv_lock_does_not_have_is_said(probe, locked):
    def ask(name, **more):
        target = {"python": "3.11", "platform": "linux"} | more
        answer = probe.ask("lock", file=str(locked[name] / "uv.lock"), **target)
        return answer["error"]["message"], answer["error"]["hint"]

    message, _ = ask("platforms", platform="macos")
    assert "it is not locked for Python 3.11 on macos" in message
    message, _ = ask("forks", python="3.9")
    assert "it is for Python >=3.11, and the workers have 3.9" in message
    assert ask("extras", extras=["clu"])[0].endswith("the project has no extra clu")
    assert "cli" in ask("extras", extras=["clu"])[1]
    assert ask("extras", groups=["test"])[0].endswith("the project has no group test")
    message, _ = ask("conflicts", extras=["old", "new"])
    assert "six" in message


def test_local_packages_of_a_workspace_are_named(probe, tmp_path):
    member = tmp_path / "packages" / "tools"
    member.mkdir(parents=True)
    head = '[project]\nname = "{}"\nversion = "1"\nrequires-python = ">=3.11"\n'
    (member / "pyproject.toml").write_text(head.format("tools") + 'dependencies = ["six"]\n')
    (tmp_path / "pyproject.toml").write_text(
        head.format("demo")
        + 'dependencies = ["tools", "idna"]\n[tool.uv.sources]\ntools = { workspace = true }\n'
        + '[tool.uv.workspace]\nmembers = ["packages/*"]\n'
    )
    uv(tmp_path, "lock")
    target = {"python": "3.11", "platform": "linux"}
    error = probe.ask("lock", file=str(tmp_path / "uv.lock"), **target)["error"]
    assert error["kind"] == "usage" and "capture" in error["hint"]
    assert error["message"].endswith("1 package that only this machine has: tools")


def random_marker(choose, depth=0):
    if depth < 3 and choose.random() < 0.5:
        word = choose.choice([" and ", " or "])
        parts = [random_marker(choose, depth + 1) for _ in range(choose.randint(2, 3))]
        return "(" + word.join(parts) + ")" if choose.random() < 0.5 else word.join(parts)
    if choose.random() < 0.15:
        return f"extra {choose.choice(['==', '!='])} '{choose.choice(['cli', 'Big_One', 'x'])}'"
    if choose.random() < 0.5:
        name = choose.choice(["python_version", "python_full_version", "implementation_version"])
        op = choose.choice(["==", "!=", "<", "<=", ">", ">=", "~="])
        value = choose.choice(["3.11", "3.12", "3.9", "3.11.0", "3.11.4", "3.12.0b1", "3.10.2"])
        if op in ("==", "!=") and choose.random() < 0.3:
            value = choose.choice(["3.11.*", "3.*", "3.12.*"])
        if op not in ("~=",) and "*" not in value and choose.random() < 0.3:
            return f"'{value}' {op} {name}"
        return f"{name} {op} '{value}'"
    name = choose.choice(["sys_platform", "os_name", "platform_machine", "platform_system"])
    value = choose.choice(["linux", "win32", "darwin", "posix", "x86_64", "AMD64", "Linux"])
    op = choose.choice(["==", "!=", "in", "not in"])
    if op in ("in", "not in"):
        return f"'{value[:3]}' {op} {name}" if choose.random() < 0.5 else f"{name} {op} '{value} a'"
    return f"{name} {op} '{value}'"


def test_markers_hold_where_packaging_says_so(probe):
    choose = random.Random(20261125)
    assert set(environment_of("3.11", "linux")) <= set(default_environment())
    held = 0
    for _ in range(4000):
        text = random_marker(choose)
        environment = environment_of(choose.choice(PYTHONS), choose.choice(list(PLATFORMS)))
        extra = choose.choice(["cli", "big-one", ""])
        expected = Marker(text).evaluate(environment | {"extra": extra})
        extras = [extra] if extra else []
        answer = probe.ask("marker", text=text, variables=environment, extras=extras)
        assert answer == {"holds": expected}, (text, environment, extra)
        held += expected
    assert 500 < held < 3500
