# SPDX-License-Identifier: Apache-2.0
"""`manifest pin` with the real uv, and with ones that fail."""

import json
import os
import pathlib
import subprocess
import sys

import pytest
from geneva.manifest import GenevaManifest, unpinned_pip_requirements

PROGRAM = os.environ.get("GENEVACTL", "")
TARGET = ["--python-version", "3.11", "--python-platform", "linux"]


@pytest.fixture
def run(tmp_path):
    """Runs `manifest pin` over a manifest, with the programs of a folder before all others."""
    assert os.access(PROGRAM, os.X_OK), "GENEVACTL names the program"
    programs = tmp_path / "programs"
    programs.mkdir()

    def pin(manifest, *options, fake=None, path=None):
        file = tmp_path / "m.json"
        file.write_text(manifest.to_json())
        if fake is not None:
            (programs / "uv").write_text(f"#!{sys.executable}\n{fake}")
            (programs / "uv").chmod(0o755)
        real = pathlib.Path(sys.executable).parent
        environment = dict(os.environ) | {"HOME": str(tmp_path)}
        environment["PATH"] = path or f"{programs}:{real}:{os.environ['PATH']}"
        return subprocess.run(
            [PROGRAM, "manifest", "pin", str(file), *options],
            capture_output=True,
            text=True,
            env=environment,
            cwd=tmp_path,
            timeout=300,
        )

    return pin


def build(lines, **variables):
    return GenevaManifest.create_pip("m").pip(lines).env_vars(variables).allow_unpinned().build()


def test_real_uv_pins_and_keeps_everything_else(run):
    lines = ["six>=1.10,<1.17", "Packaging ; python_version > '3'", "six ; python_version < '3'"]
    lines += ["--prefer-binary", "idna==3.7"]
    before = build(lines, OMP_NUM_THREADS="4")
    done = run(before, *TARGET)
    assert done.returncode == 0, done.stderr
    after = GenevaManifest.from_json(done.stdout)
    assert done.stdout == after.to_json() + "\n"
    assert after.checksum == after.compute_checksum() != before.checksum
    assert after.pip[0] == "six==1.16.0"
    assert after.pip[1].startswith("Packaging==") and after.pip[1].endswith("python_version > '3'")
    assert after.pip[2:] == lines[2:]
    assert unpinned_pip_requirements(after.pip) == [lines[2]]
    assert after.env_vars == {"OMP_NUM_THREADS": "4"} and after.name == "m"
    assert "pip[2] is left as it is" in done.stderr
    again = run(after, *TARGET)
    assert again.returncode == 0 and again.stdout == done.stdout


def test_real_uv_says_what_does_not_fit(run):
    done = run(build(["six>=99"]), *TARGET)
    assert done.returncode == 1 and done.stdout == ""
    assert "no versions of the requirements fit together (Python 3.11, linux)" in done.stderr
    assert "six>=99" in done.stderr
    done = run(build(["six"]), "--python-version", "3.11", "--python-platform", "plan9")
    assert done.returncode == 2 and "does not know" in done.stderr


SPY = """\
import json, os, sys
names = ("UV_EXTRA_INDEX_URL", "UV_DEFAULT_INDEX", "UV_FIND_LINKS", "UV_PRERELEASE")
seen = {"arguments": sys.argv[1:], "environment": {n: os.environ.get(n) for n in names}}
open(os.environ["HOME"] + "/seen.json", "w").write(json.dumps(seen))
print("six==1.16.0  # via -r 0.in")
"""


def test_indexes_go_to_uv_and_not_onto_its_command_line(run, tmp_path):
    manifest = build(["six"], PIP_INDEX_URL="https://own.example.org/simple")
    manifest.pip_extra_index_urls = ["https://u:hunter2@example.org/simple", "https://b.org/"]
    manifest.checksum = manifest.compute_checksum()
    done = run(manifest, *TARGET, fake=SPY)
    assert done.returncode == 0, done.stderr
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert seen["environment"] == {
        "UV_EXTRA_INDEX_URL": "https://u:hunter2@example.org/simple https://b.org/",
        "UV_DEFAULT_INDEX": "https://own.example.org/simple",
        "UV_FIND_LINKS": None,
        "UV_PRERELEASE": None,
    }
    assert not any("hunter2" in each for each in seen["arguments"])
    assert "--no-config" in seen["arguments"] and "unsafe-best-match" in seen["arguments"]


FAILURES = [
    ("error: No solution found when resolving dependencies", 1, "fit together"),
    ("cause: HTTP status client error (401 Unauthorized) for url (https://u:hunter2@h/)", 4, "401"),
    ("cause: error sending request for url (https://u:hunter2@h/)", 7, "cannot be reached"),
    ("error: something nobody has seen before", 1, "could not find versions"),
]


@pytest.mark.parametrize(("words", "code", "message"), FAILURES)
def test_failures_of_uv_are_explained(run, words, code, message):
    fake = f"import sys\nsys.stderr.write({words!r})\nsys.exit(1)\n"
    done = run(build(["six"]), *TARGET, fake=fake)
    assert done.returncode == code, done.stderr
    assert message in done.stderr and "hunter2" not in done.stderr and done.stdout == ""


def test_an_answer_that_misses_a_requirement_is_an_error(run):
    done = run(build(["six", "idna"]), *TARGET, fake="print('six==1  # via -r 0.in')")
    assert done.returncode == 70 and "misses pip[1]" in done.stderr and done.stdout == ""


def test_a_missing_uv_is_named(run, tmp_path):
    done = run(build(["six"]), *TARGET, path=str(tmp_path / "empty"))
    assert done.returncode == 2
    assert "uv is not on PATH" in done.stderr and "pip install uv" in done.stderr


def test_the_version_of_the_clients_python_is_the_default(run, tmp_path):
    done = run(build(["six"]), "--out", "pinned.json", fake=SPY)
    assert done.returncode == 0, done.stderr
    arguments = json.loads((tmp_path / "seen.json").read_text())["arguments"]
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert arguments[arguments.index("--python-version") + 1] == version
    pinned = json.loads((tmp_path / "pinned.json").read_text())
    assert pinned["pip"] == ["six==1.16.0"] and done.stdout == f"m@{pinned['checksum']}\n"
