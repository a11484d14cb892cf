# SPDX-License-Identifier: Apache-2.0
"""What counts as the user's own code, and which of it a module reaches. Needs no geneva."""

import importlib
import json.decoder
import os
import runpy
import sys

import pytest
from conftest import BRIDGE


@pytest.fixture(scope="module")
def workspace_module():
    entry = runpy.run_path(str(BRIDGE / "__main__.py"), run_name="loaded")
    entry["_load_package"]()
    return importlib.import_module(entry["PACKAGE"] + ".workspace")


@pytest.fixture
def make(workspace_module, tmp_path, monkeypatch):
    """make({file: text}, path=[folders]) -> the Workspace of tmp_path/work."""

    def build(files, *, directory="work", path=("work",)):
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        (tmp_path / "work").mkdir(exist_ok=True)
        monkeypatch.setattr(sys, "path", [*(str(tmp_path / p) for p in path), *sys.path])
        importlib.invalidate_caches()
        return workspace_module.Workspace(str(tmp_path / directory))

    return build


def test_the_working_directory_is_the_users(make):
    files = {"work/mine.py": "", "work/pkg/__init__.py": "", "work/space/inner.py": ""}
    workspace = make(files)
    for name in ("mine", "pkg", "space", "space.inner"):
        assert workspace.owns(name), name


@pytest.mark.parametrize("directory", ["/", "/usr", sys.prefix, sys.base_prefix])
def test_python_and_its_packages_are_not_wherever_one_stands(workspace_module, directory):
    workspace = workspace_module.Workspace(directory)
    for name in ("sys", "json", "json.decoder", "pytest", "xml.dom.minidom", "_genevactl_bridge"):
        assert not workspace.owns(name), name


def test_an_environment_inside_the_working_directory_is_not(make):
    path = "work/.venv/lib/python3.11/site-packages"
    workspace = make({f"{path}/theirs_in_venv.py": ""}, path=("work", path))
    assert not workspace.owns("theirs_in_venv")


def test_a_folder_on_the_path_is_but_not_what_was_installed_into_it(make):
    record = "theirs_recorded.py,,\nvendored-1.dist-info/RECORD,,\n"
    files = {
        "vendor/theirs_recorded.py": "",
        "vendor/mine_beside.py": "",
        "vendor/vendored-1.dist-info/RECORD": record,
        "vendor/vendored-1.dist-info/METADATA": "Name: vendored\nVersion: 1\n",
    }
    workspace = make(files, path=("work", "vendor"))
    assert workspace.owns("mine_beside") and not workspace.owns("theirs_recorded")


def test_an_editable_install_is(make):
    files = {
        "elsewhere/src/mine_editable/__init__.py": "",
        "elsewhere/src/mine_editable.egg-info/PKG-INFO": "Name: mine-editable\nVersion: 1\n",
        "elsewhere/src/mine_editable.egg-info/SOURCES.txt": "src/mine_editable/__init__.py\n",
    }
    workspace = make(files, path=("work", "elsewhere/src"))
    assert workspace.owns("mine_editable")


def test_it_is_found_without_importing_anything(make):
    workspace = make({"work/loud/__init__.py": "raise SystemExit", "work/loud/part.py": ""})
    assert workspace.owns("loud.part") and "loud" not in sys.modules


REACHING = {
    "work/r_start.py": "import r_top, json\nfrom r_pkg import sub as other\n"
    "def f():\n    import r_lazy\n    g = lambda: __import__('r_dynamic')\n",
    "work/r_top.py": "try:\n    import r_optional\nexcept ImportError:\n    pass\n",
    "work/r_optional.py": "import r_start\n",
    "work/r_pkg/__init__.py": "from . import relative\nfrom .. import too_far\n",
    "work/r_pkg/sub.py": "",
    "work/r_pkg/relative.py": "from .sub import *\nfrom r_missing import nothing\n",
    "work/r_pkg/unused.py": "",
    "work/r_lazy.py": "import r_lazy_needs\nraise RuntimeError('never imported here')\n",
    "work/r_lazy_needs.py": "",
    "work/r_dynamic.py": "def broken(:\n",
}


def test_what_a_module_reaches(make):
    workspace = make(REACHING)
    assert workspace.reach("r_start") == [
        *("r_dynamic", "r_lazy", "r_lazy_needs", "r_optional", "r_pkg", "r_pkg.relative"),
        *("r_pkg.sub", "r_start", "r_top"),
    ]
    assert workspace.lazily_reached("r_start") == ["r_dynamic", "r_lazy", "r_lazy_needs"]
    assert "r_start" not in sys.modules


def test_what_it_reaches_by_the_objects_that_it_holds(make, monkeypatch):
    files = {"work/o_made.py": "class Thing:\n    pass\n", "work/o_plain.py": ""}
    workspace = make(files)
    plain, made = (importlib.import_module(name) for name in ("o_plain", "o_made"))
    monkeypatch.setattr(plain, "thing", made.Thing(), raising=False)
    monkeypatch.setattr(plain, "decoder", json.decoder, raising=False)
    assert workspace.reach("o_plain") == ["o_made", "o_plain"]


def test_symbolic_links_are_followed(make, tmp_path):
    workspace = make({"elsewhere/site-packages/theirs_linked.py": ""})
    os.symlink(
        tmp_path / "elsewhere/site-packages/theirs_linked.py", tmp_path / "work/theirs_linked.py"
    )
    assert not workspace.owns("theirs_linked")
