# SPDX-License-Identifier: Apache-2.0
"""What the Python client's packager (geneva 0.17.0) does badly, one test each: what it does stands
in the test's docstring, and genevactl must not do it. Its slowness is measured by
benchmarks/capture."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest


class Project:
    def __init__(self, genevactl, folder, out):
        self.genevactl, self.folder, self.out = genevactl, folder, out
        self.write("pyproject.toml", "[project]\nname = 'p'\nversion = '1'\n")

    def write(self, name, text="x = 1\n"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def create(self, *more, cwd=None, **environment):
        done = self.genevactl("create", "env", "--skip-site-packages", "--no-upload",
                              "--output-dir", self.out, *more, cwd=cwd or self.folder,
                              **environment)  # fmt: skip
        assert done.code == 0, done.err
        self.err = done.err
        return done.json

    def archives(self, *more, **keywords):
        zips = self.create(*more, **keywords)["zips"]
        return [Path(uri.removeprefix("file://")) for uris in zips for uri in uris]

    def files(self, *more, **keywords):
        """What a worker would find: name and content, as often as it is in an archive."""
        found = []
        for path in self.archives(*more, **keywords):
            with zipfile.ZipFile(path) as archive:
                found += [(i.filename, archive.read(i)) for i in archive.infolist()]
        return [(n, c) for n, c in found if n not in (".genevactl-capture", "genevactl-paths.pth")]

    def names(self, *more, **keywords):
        return {name for name, _ in self.files(*more, **keywords)}


@pytest.fixture
def project(genevactl, tmp_path):
    return Project(genevactl, tmp_path / "project", tmp_path / "out")


def test_names_depend_on_mtimes_so_that_two_clones_differ(genevactl, project, tmp_path):
    """The name of an archive is a digest of paths and mtimes: no clone has another's."""
    project.write("m.py")
    clone = tmp_path / "clone"
    shutil.copytree(project.folder, clone)
    os.utime(clone / "m.py", (1e9, 1e9))
    other = Project(genevactl, clone, tmp_path / "other")
    assert [p.name for p in project.archives()] == [p.name for p in other.archives()]


def test_a_change_that_keeps_its_mtime_is_not_seen(project):
    """The old code runs."""
    path = project.write("m.py", "ANSWER = 42\n")
    status = path.stat()
    project.archives()
    path.write_text("ANSWER = 43\n")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert ("m.py", b"ANSWER = 43\n") in project.files()


def test_one_touched_file_sends_everything_again(project):
    """Every shard gets another name."""
    for number in range(300):
        project.write(f"pkg/m{number}.py", f"N = {number}\n")
    before = project.archives()
    times = {path: path.stat().st_mtime_ns for path in before}
    os.utime(project.folder / "pkg" / "m7.py")
    assert project.archives() == before
    assert {path: path.stat().st_mtime_ns for path in before} == times
    project.write("pkg/m7.py", "N = -7\n")
    assert len(before) > 3
    assert len(set(project.archives()) - set(before)) == 2  # the shard and the head


def test_an_archive_cut_off_by_a_kill_passes_for_whole(genevactl, project, tmp_path):
    """The next run finds the broken archive, and succeeds with it."""
    for number in range(40):
        (project.folder / f"large{number}.bin").write_bytes(os.urandom(5 << 20))
    words = [os.environ["GENEVACTL"], "capture", "create", "env", "--skip-site-packages",
             "--no-upload", "--output-dir", str(project.out), "--jobs", "1"]  # fmt: skip
    for wait in (0.0, 0.05, 0.2):
        process = subprocess.Popen(
            words, cwd=project.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(genevactl.home)},
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not list(project.out.rglob("*.new")) and time.monotonic() < deadline:
            if process.poll() is not None:
                break
            time.sleep(0.002)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        # Whatever has an archive's name is one.
        for path in project.out.rglob("*.zip"):
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None
    file = tmp_path / "env.json"
    file.write_text(json.dumps(project.create()))
    assert genevactl("verify", file, "--deep", cwd=tmp_path).code == 0


def test_a_file_dated_before_1980_aborts_it(project):
    """zipfile knows no such date."""
    os.utime(project.write("m.py"), (0, 0))
    assert "m.py" in project.names()


def test_it_climbs_to_any_ancestors_src(project):
    """A `src` beside or above the project goes along."""
    project.write("../src/stranger.py")
    project.write("inner/m.py")
    assert project.names(cwd=project.folder / "inner") == {"pyproject.toml", "inner/m.py"}


def test_the_working_directory_and_its_src_are_both_packed(project):
    """What lies in src is sent twice."""
    project.write("src/pkg/__init__.py")
    files = [name for name, _ in project.files()]
    assert sorted(files) == ["pyproject.toml", "src/pkg/__init__.py"]


def test_editable_installs_lose_their_code(genevactl, project, tmp_path):
    """A .pth line is sent, the folder that it names is not."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "gamma.py").write_text("NAME = 'gamma'\n")
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (site,) = venv.glob("lib/python*/site-packages")
    (site / "gamma.pth").write_text(f"{elsewhere}\n")
    (site / "plain.py").write_text("")
    done = genevactl("create", "--from-venv", venv, "--no-upload", "--output-dir", project.out,
                     cwd=project.folder)  # fmt: skip
    assert done.code == 0, done.err
    names = set()
    for path in project.out.rglob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            names |= set(archive.namelist())
    assert {"gamma.py", "plain.py"} <= names


def test_linked_folders_vanish_and_links_out_of_the_tree_are_followed(project, tmp_path):
    """A link to a folder of the project is left out; one to /etc is not."""
    project.write("real/m.py", "REAL = 1\n")
    (project.folder / "linked").symlink_to("real")
    (tmp_path / "private.txt").write_text("private")
    (project.folder / "leak.txt").symlink_to(tmp_path / "private.txt")
    (project.folder / "loop").symlink_to(".")
    files = dict(project.files())
    assert files["linked/m.py"] == b"REAL = 1\n"
    assert "leak.txt" not in files and not any(name.startswith("loop") for name in files)
    assert "leak.txt" in project.names("--follow")


def test_ignore_patterns_match_at_the_start_of_the_path_alone(project):
    """Nested virtual environments, node_modules, .git and what git ignores go along."""
    project.write("m.py")
    project.write("service/venv/pyvenv.cfg")
    project.write("service/venv/lib/x.py")
    project.write("web/node_modules/x.js")
    project.write("third/.git/config")
    project.write("third/lib.py")
    project.write("data/huge.bin")
    project.write(".git/HEAD", "ref: refs/heads/main\n")
    project.write("pkg/__pycache__/m.pyc")
    project.write(".gitignore", "data/\n")
    assert project.names() == {"pyproject.toml", "m.py", "third/lib.py", ".gitignore"}


@pytest.mark.parametrize(
    "name", [".env", ".netrc", ".aws/credentials", "deploy/id_rsa", "tls/server.key", "sub/.npmrc"]
)
def test_secrets_are_uploaded(project, name):
    """Environment files, passwords and keys go along."""
    project.write("m.py")
    project.write(name, "secret")
    assert name not in project.names()
    assert str(project.folder / name) in project.err


def test_a_key_in_a_file_of_another_name_is_uploaded(project):
    """Nobody looks at the content."""
    key = "-----BEGIN " + "PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" * 4 + "\n"
    project.write("notes.txt", key)
    project.write("token.py", "T = 'ghp_" + "a1B2c3D4e5F6" * 3 + "'\n")
    project.write("m.py")
    assert project.names() == {"pyproject.toml", "m.py"}


def test_archives_can_be_written_by_everybody(project):
    """They are 0777."""
    project.write("m.py")
    for path in project.archives():
        assert path.stat().st_mode & 0o022 == 0


def test_secrets_in_env_vars_are_stored_without_a_word(project):
    """The values of env_vars are kept in plain text, by whom they may be read is not said."""
    project.write("m.py")
    done = project.genevactl("create", "env", "--skip-site-packages", "--no-upload", "--output-dir",
                             project.out, "--env", "SERVICE_TOKEN=hunter2hunter2",
                             cwd=project.folder)  # fmt: skip
    assert "SERVICE_TOKEN" in done.err and "hunter2" not in done.err
