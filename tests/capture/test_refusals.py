# SPDX-License-Identifier: Apache-2.0
"""What is refused or left out, with which exit code, and that nothing is half-written then."""

import json

SKIP = ("--skip-site-packages", "--no-upload", "--output-dir")


def test_secrets_are_left_out_and_named(genevactl, tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "m.py").write_text("x")
    (project / ".env").write_text("KEY=1")
    out = tmp_path / "out"
    done = genevactl("create", *SKIP, out, cwd=project)
    assert done.code == 0
    assert f"left out {project}/.env (secret: environment file)" in done.err
    strict = genevactl("create", "--strict-secrets", *SKIP, tmp_path / "strict", cwd=project)
    assert strict.code == 9
    assert not (tmp_path / "strict").exists()
    allowed = genevactl("create", "--allow-secret", ".env", *SKIP, out, cwd=project)
    assert allowed.code == 0
    assert ".env" not in allowed.err


def test_an_empty_capture_a_missing_root_and_wrong_words(genevactl, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    out = tmp_path / "out"
    done = genevactl("create", *SKIP, out, cwd=empty)
    assert (done.code, done.out) == (1, "")
    assert str(empty) in done.err
    (empty / ".env").write_text("KEY=1")
    plan = genevactl("plan", *SKIP, out, "-o", "json", cwd=empty)  # it says why
    assert (plan.code, plan.json["files"]) == (1, 0)
    assert [e["path"] for e in plan.json["exclusions"]] == [".env"]
    why = genevactl("why", ".env", "--skip-site-packages", "-o", "json", cwd=empty)
    assert (why.code, why.json["rule"]) == (0, "secret: environment file")
    done = genevactl("create", "--workspace", "nope", *SKIP, out, cwd=empty)
    assert done.code == 1
    assert "--workspace nope: no such folder" in done.err
    for words in (["--compression", "11"], ["--target-platform", "macos"], ["--jobs", "0"]):
        assert genevactl("create", *words, *SKIP, out, cwd=empty).code == 2
    assert genevactl("create", "--no-upload", cwd=empty).code == 2
    assert not out.exists()


def test_native_modules_of_another_machine(genevactl, tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    module = bytearray(b"\x7fELF\2\1\1".ljust(64, b"\0"))
    module[18] = 183  # aarch64
    (project / "fast.so").write_bytes(module)
    target = ("--target-platform", "linux_x86_64", "--target-python", "3.11")
    done = genevactl("create", *target, *SKIP, tmp_path / "out", cwd=project)
    assert done.code == 9
    assert "fast.so: built for aarch64" in done.err
    assert not (tmp_path / "out").exists()
    done = genevactl("create", "--allow-platform-mismatch", *target, *SKIP, tmp_path / "out",
                     cwd=project)  # fmt: skip
    assert done.code == 0


def test_plan_and_why_write_nothing(genevactl, tmp_path):
    project = tmp_path / "project"
    (project / "data").mkdir(parents=True)
    (project / ".git").mkdir()
    (project / ".gitignore").write_text("data/\n")
    (project / "data" / "big.bin").write_text("x")
    (project / "m.py").write_text("x")
    out = tmp_path / "out"
    plan = genevactl("plan", *SKIP, out, "-o", "json", cwd=project)
    assert plan.code == 0, plan.err
    assert plan.json["bytes_to_pack"] == plan.json["bytes"]
    assert {e["rule"] for e in plan.json["exclusions"]} == {
        ".gitignore:1: data/", "preset: version control"}  # fmt: skip
    assert not out.exists()
    dry = genevactl("create", "--dry-run", *SKIP, out, "-o", "json", cwd=project)
    assert json.loads(dry.out) == plan.json

    why = genevactl("why", "data/big.bin", "--skip-site-packages", "-o", "json", cwd=project)
    assert (why.json["captured"], why.json["rule"]) == (False, ".gitignore:1: data/")
    why = genevactl("why", "m.py", "--skip-site-packages", "-o", "json", cwd=project)
    assert why.json["captured"] is True
    assert genevactl("why", "nope", "--skip-site-packages", cwd=project).code == 5
