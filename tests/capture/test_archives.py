# SPDX-License-Identifier: Apache-2.0
"""What is in the archives: as Python's zipfile and unzip read it, as the worker's own loader
extracts it, the same under any locale, umask and time zone."""

import base64
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

CONTENTS = {
    "features.py": "ANSWER = 42\n",
    "pkg/__init__.py": "",
    "pkg/data.bin": "z" * 700_000,
    "pkg/ünï.txt": "text",
    "src/layout/__init__.py": "NAME = 'layout'\n",
    "pyproject.toml": "[project]\nname = 'p'\nversion = '1'\n",
}


def make_project(folder):
    for name, text in CONTENTS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def create(genevactl, project, out, *more, **environment):
    done = genevactl("create", "env", "--skip-site-packages", "--no-upload", "--output-dir", out,
                     *more, cwd=project, **environment)  # fmt: skip
    assert done.code == 0, done.err
    return json.loads(done.out)


def archives_of(manifest):
    return [[Path(uri.removeprefix("file://")) for uri in uris] for uris in manifest["zips"]]


def extracted(paths, folder):
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            archive.extractall(folder)
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_the_run_itself_writes_is_not_captured(genevactl, tmp_path):
    project = make_project(tmp_path / "project")
    without = create(genevactl, project, tmp_path / "out")
    words = ["capture", "create", "env", "--skip-site-packages", "--no-upload", "--output-dir"]
    with open(project / "o.json", "w") as out, open(project / "e.log", "w") as err:
        subprocess.run([os.environ["GENEVACTL"], *words, tmp_path / "out"], cwd=project, stdout=out,
                       stderr=err, check=True, timeout=60)  # fmt: skip
    assert json.loads((project / "o.json").read_text())["zips"] == without["zips"]


def test_every_reader_gets_the_tree_back(genevactl, tmp_path):
    project = make_project(tmp_path / "project")
    for level in ("store", "1", "6", "9"):
        manifest = create(genevactl, project, tmp_path / level, "--compression", level)
        (paths,) = archives_of(manifest)
        for path in paths:
            subprocess.run(["unzip", "-tq", path], check=True, stdout=subprocess.DEVNULL)
        tree = extracted(paths, tmp_path / f"tree-{level}")
        assert tree.pop(".genevactl-capture")
        assert tree.pop("genevactl-paths.pth") == "src\n"
        assert tree == CONTENTS
    assert manifest["name"] == "env"
    assert manifest["skip_site_packages"] is True


def test_names_and_entries_do_not_depend_on_the_user(genevactl, tmp_path):
    first = make_project(tmp_path / "first")
    second = make_project(tmp_path / "second")
    for path in second.rglob("*"):
        os.utime(path, (0, 0))  # before 1980
        os.chmod(path, 0o777)
    one = create(genevactl, first, tmp_path / "one", TZ="UTC", LC_ALL="C")
    two = create(genevactl, second, tmp_path / "two", TZ="Asia/Tokyo", LC_ALL="C.UTF-8")
    left, right = archives_of(one)[0], archives_of(two)[0]
    assert [p.name for p in left] == [p.name for p in right]
    for a, b in zip(left, right, strict=True):
        assert a.read_bytes() == b.read_bytes()
        with zipfile.ZipFile(a) as archive:
            assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert {i.external_attr >> 16 for i in archive.infolist()} == {0o100644}


def test_a_content_change_with_a_kept_time_is_seen_and_little_is_written(genevactl, tmp_path):
    project = make_project(tmp_path / "project")
    out = tmp_path / "out"
    before = archives_of(create(genevactl, project, out))[0]
    path = project / "features.py"
    status = path.stat()
    path.write_text("ANSWER = 43\n")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    after = archives_of(create(genevactl, project, out))[0]
    assert before[0].name != after[0].name
    assert len(set(after) - set(before)) == 2  # its shard, and the head
    # What is there already is not written again.
    times = {p: p.stat().st_mtime_ns for p in after}
    create(genevactl, project, out)
    assert times == {p: p.stat().st_mtime_ns for p in after}


def test_the_worker_loads_it(genevactl, tmp_path):
    project = make_project(tmp_path / "project")
    manifest = create(genevactl, project, tmp_path / "a place with spaces")
    zips = base64.b64encode(json.dumps({"zips": manifest["zips"]}).encode()).decode()
    temporary = tmp_path / "worker"
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-c",
         "import geneva, features, pkg, layout, sys;"
         "print(features.ANSWER, layout.NAME, features.__file__)"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(temporary),
             "GENEVA_ZIPS": zips},
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("42 layout " + str(temporary))


def test_installed_distributions_and_editables(genevactl, tmp_path):
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (site,) = venv.glob("lib/python*/site-packages")
    for name in ("alpha", "beta"):
        (site / name).mkdir()
        (site / name / "__init__.py").write_text(f"NAME = '{name}'\n")
        info = site / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "RECORD").write_text(f"{name}/__init__.py,,\n{info.name}/RECORD,,\n")
    editable = tmp_path / "editable"
    editable.mkdir()
    (editable / "gamma.py").write_text("NAME = 'gamma'\n")
    (site / "gamma.pth").write_text(f"{editable}\n")
    project = make_project(tmp_path / "project")
    done = genevactl("create", "--from-venv", venv, "--no-upload", "--output-dir",
                     tmp_path / "out", cwd=project)  # fmt: skip
    assert done.code == 0, done.err
    workspace, packages, extra = archives_of(done.json)
    assert set(extracted(workspace, tmp_path / "w")) >= set(CONTENTS)
    assert extracted(packages, tmp_path / "s")["beta/__init__.py"] == "NAME = 'beta'\n"
    assert "gamma.py" in extracted(extra, tmp_path / "e")

    (site / "beta" / "__init__.py").write_text("NAME = 'other'\n")
    again = genevactl("create", "--from-venv", venv, "--no-upload", "--output-dir",
                      tmp_path / "out", cwd=project)  # fmt: skip
    changed = set(archives_of(again.json)[1]) - set(packages)
    assert len(changed) == 2
