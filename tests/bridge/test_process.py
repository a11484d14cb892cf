# SPDX-License-Identifier: Apache-2.0
"""What only a process of its own shows. Runs against a stand-in for geneva, to be quick."""

import json
import os
import signal
import stat
import subprocess
import sys

import pytest
from conftest import BRIDGE, HERE, MODULES, environment

PROCESS = MODULES / "process"
STUB = {"PYTHONPATH": str(HERE / "stub")}


@pytest.fixture
def inspect(ask):
    def inspect_target(target, **more):
        return ask(PROCESS, env=STUB, action="inspect", target=target, **more)

    return inspect_target


def test_whatever_the_module_prints_goes_to_standard_error(inspect):
    answer, done = inspect("noisy:loud")
    assert done.returncode == 0 and done.stdout == b""
    for text in (b"printed", b"written", b"by descriptor", b"by a child", b"logged", b"at exit"):
        assert text in done.stderr
    assert answer["name"] == "loud" and answer["docstring"] == "Loud."


def test_the_answer_is_private_whole_and_alone(inspect, tmp_path):
    _, done = inspect("moves:embed")
    assert done.returncode == 0
    assert stat.S_IMODE((tmp_path / "answer.json").stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["answer.json"]


def test_a_relative_answer_lies_where_the_process_began(tmp_path):
    request = json.dumps({"version": 1, "action": "environment"})
    command = [sys.executable, str(BRIDGE / "__main__.py"), "--answer", "a.json"]
    subprocess.run(command, input=request, text=True, cwd=tmp_path, env=environment(), check=True)
    assert "error" not in json.loads((tmp_path / "a.json").read_text())


def test_threads_and_exit_handlers_cannot_hang_it(inspect):
    answer, done = inspect("hangs_at_exit:quiet")
    assert done.returncode == 0 and answer["name"] == "quiet"


def test_a_forked_child_does_not_answer(inspect):
    answer, done = inspect("forks:embed")
    assert done.returncode == 0 and answer["name"] == "embed"


def test_a_module_that_ends_the_process_is_a_crash(inspect):
    answer, done = inspect("dies:embed")
    assert answer is None and done.returncode == 0


def test_an_interrupt_ends_it_without_an_answer(tmp_path):
    (tmp_path / "waits.py").write_text("print('ready')\nimport time\ntime.sleep(60)\n")
    command = [sys.executable, str(BRIDGE / "__main__.py"), "--answer", "a.json"]
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=tmp_path, env=environment(**STUB), **pipes) as child:
        child.stdin.write(b'{"version":1,"action":"inspect","target":"waits:x"}')
        child.stdin.close()
        assert child.stderr.readline() == b"ready\n"
        child.send_signal(signal.SIGINT)
        assert child.wait(30) == -signal.SIGINT
    assert not (tmp_path / "a.json").exists()


@pytest.mark.parametrize(
    ("module", "what"),
    [
        ("exits", "called sys.exit(3)"),
        ("interrupts", "raised KeyboardInterrupt"),
        ("raises", "raised ValueError: first line"),
        ("strange", "raised Strange: <its text cannot be read>"),
        ("not_python", "raised SyntaxError: "),
    ],
)
def test_a_module_that_raises_shows_its_own_traceback(inspect, module, what):
    answer, done = inspect(f"{module}:embed")
    error = answer["error"]
    assert done.returncode == 0 and error["kind"] == "import"
    assert f"module '{module}' {what}" in error["message"]
    assert str(PROCESS / f"{module}.py") in error["traceback"]
    assert "genevactl_bridge" not in error["traceback"] and "importlib" not in error["traceback"]


def test_a_traceback_has_its_causes(inspect):
    traceback = inspect("raises:embed")[0]["error"]["traceback"]
    assert "KeyError: 'missing'" in traceback and "second line" in traceback
    assert "in deep" in traceback


def test_a_module_that_is_not_there(inspect):
    error = inspect("nosy:loud")[0]["error"]
    assert error["kind"] == "module-not-found" and "'nosy'" in error["message"]
    assert "noisy" in error["hint"] and "traceback" not in error


def test_a_module_that_the_module_needs(inspect):
    error = inspect("needs_package:embed")[0]["error"]
    assert error["kind"] == "module-not-found"
    assert "'needs_package' imports 'package_that_nobody_has" in error["message"]
    assert f"{sys.executable} -m pip install package_that_nobody_has" in error["hint"]
    assert "needs_package.py" in error["traceback"]


def test_a_module_of_the_users_own_that_is_not_there(inspect):
    error = inspect("needs_own:embed")[0]["error"]
    assert error["kind"] == "module-not-found" and "'protocol.part'" in error["message"]
    assert "workspace's own" in error["hint"]


@pytest.mark.parametrize("module", ["errors", "genevactl_bridge"])
def test_modules_named_like_the_bridges_are_the_users(inspect, module):
    answer, _ = inspect(f"{module}:embed")
    assert answer["name"] == "embed" and answer["pickling"]["mode"] == "by-value"


def test_a_module_that_hides_pythons_own_is_named(inspect):
    error = inspect("json:embed")[0]["error"]
    assert error["kind"] == "import" and str(PROCESS / "json.py") in error["message"]
    assert "rename" in error["hint"]


def test_an_answer_that_cannot_be_written_is_a_crash(tmp_path):
    command = [sys.executable, str(BRIDGE / "__main__.py"), "--answer", str(tmp_path / "no" / "a")]
    done = subprocess.run(command, input=b"{}", cwd=tmp_path, env=environment(), check=False)
    assert done.returncode not in (0, 2)


def test_an_answer_never_replaces_what_is_no_file(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    command = [sys.executable, str(BRIDGE / "__main__.py"), "--answer", str(tmp_path / "link")]
    done = subprocess.run(command, input=b"{}", cwd=tmp_path, env=environment(), check=False)
    assert done.returncode not in (0, 2) and (tmp_path / "link").is_symlink()


def test_geneva_missing_says_what_to_install(tmp_path):
    command = [sys.executable, "-S", str(BRIDGE / "__main__.py"), "--answer", str(tmp_path / "a")]
    request = json.dumps({"version": 1, "action": "inspect", "target": "noisy:loud"}).encode()
    subprocess.run(command, input=request, cwd=PROCESS, env=environment(), check=True)
    error = json.loads((tmp_path / "a").read_text())["error"]
    assert error["kind"] == "geneva-missing" and sys.executable in error["message"]
    assert f"{sys.executable} -m pip install geneva==0.17.0" in error["hint"]


def test_geneva_that_cannot_be_imported(ask, tmp_path):
    (tmp_path / "geneva.py").write_text("import missing_part_of_geneva\n")
    (tmp_path / "pydantic.py").write_text("")
    answer, _ = ask(PROCESS, env={"PYTHONPATH": str(tmp_path)}, action="inspect", target="noisy:x")
    assert answer["error"]["kind"] == "geneva-missing"
    assert "missing_part_of_geneva" in answer["error"]["message"]


def test_another_geneva_is_named(ask):
    answer, _ = ask(PROCESS, env=STUB, action="register", target="errors:embed", column="c")
    assert answer["error"]["kind"] == "unsupported"
    assert "geneva.cloudpickle.register_pickle_by_value" in answer["error"]["message"]


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("features", "MODULE:OBJECT"),
        ("features:", "MODULE:OBJECT"),
        (":embed", "MODULE:OBJECT"),
        ("a b:c", "MODULE:OBJECT"),
        ("features:a:b", "MODULE:OBJECT"),
        ("./pkg/features.py:embed", "pkg.features:embed"),
        ("", "MODULE:OBJECT"),
    ],
)
def test_a_target_that_is_none(ask, target, hint):
    answer, _ = ask(PROCESS, action="inspect", target=target)
    assert answer["error"]["kind"] == "usage" and hint in answer["error"]["hint"]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"", "usage"),
        (b"[]", "usage"),
        (b"\xff\xfe", "usage"),
        (b'{"version":2,"action":"inspect"}', "unsupported"),
        (b'{"version":1,"action":"dance"}', "usage"),
        (b'{"version":1,"action":"inspect","input_columns":"a"}', "usage"),
        (b'{"version":1,"action":"inspect","manifest":{"json":"{}"}}', "usage"),
        (b'{"version":1,"action":"inspect","field_metadata":{"a":1}}', "usage"),
    ],
)
def test_a_request_that_is_none(ask, raw, kind):
    answer, done = ask(PROCESS, raw=raw)
    assert done.returncode == 0 and answer["error"]["kind"] == kind


def test_environment_imports_nothing(ask):
    answer, done = ask(PROCESS, env={"PYTHONVERBOSE": "1"}, action="environment")
    assert b"import 'geneva" not in done.stderr and b"import 'pyarrow" not in done.stderr
    environment = answer["environment"]
    assert environment["executable"] == sys.executable
    assert environment["platform"]["system"] == os.uname().sysname
    assert {"geneva", "lancedb", "pylance", "pyarrow", "ray"} < set(environment)
