# SPDX-License-Identifier: Apache-2.0
"""Ignore rules, against `git check-ignore` on generated trees."""

import os
import random
import subprocess

import pytest

NAMES = ["a", "b", "ab", "a.log", "b.log", "data", "x y", "[a]", "a*b", "#a", "!a", "abc", "ünï"]
PARTS = ["a", "b", "*", "**", "?", "a*", "*.log", "[ab]", "[!a]", "[[:alpha:]]", "data", "ab",
         "\\*", "x y", "\\[a\\]", "[a-c]*", "a?", "**a", "a**", "\\#a", "\\!a", "ünï"]  # fmt: skip


def pattern(rng):
    text = "/".join(rng.choice(PARTS) for _ in range(rng.choice([1, 1, 1, 2, 2, 3])))
    text = rng.choice(["", "", "", "/"]) + text + rng.choice(["", "", "/", "/**", " ", "\\ "])
    return rng.choice(["", "", "", "!"]) + text


def make_tree(rng, folder, depth):
    for name in rng.sample(NAMES, rng.randint(2, 5)):
        if depth and rng.random() < 0.5:
            (folder / name).mkdir()
            make_tree(rng, folder / name, depth - 1)
        else:
            (folder / name).write_text("x")
    if rng.random() < 0.5:
        lines = [pattern(rng) for _ in range(rng.randint(1, 4))]
        (folder / ".gitignore").write_text(rng.choice(["\n", "\r\n"]).join(lines))


def files_below(root):
    for folder, names, files in os.walk(root):
        if ".git" in names:
            names.remove(".git")
        for name in files:
            yield os.path.relpath(os.path.join(folder, name), root)


def ignored_by_git(root, paths, home):
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "-z", "--stdin"],
        input="\0".join(paths).encode(),
        cwd=root,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return {text for text in done.stdout.decode().split("\0") if text}


@pytest.mark.parametrize("seed", range(150))
def test_what_git_ignores_is_left_out(genevactl, tmp_path, seed):
    rng = random.Random(seed)
    root = tmp_path / "tree"
    root.mkdir()
    subprocess.run(["git", "init", "-q", root], check=True)
    make_tree(rng, root, 3)
    (root / "kept.py").write_text("x")
    (root / ".git" / "info" / "exclude").write_text(pattern(rng) + "\n")
    (genevactl.home / ".config" / "git").mkdir(parents=True)
    (genevactl.home / ".config" / "git" / "ignore").write_text(pattern(rng) + "\n")
    paths = sorted(files_below(root))
    ignored = ignored_by_git(root, paths, genevactl.home)

    plan = genevactl("plan", "--skip-site-packages", "--no-upload", "--output-dir",
                     tmp_path / "out", "-o", "json", cwd=root)  # fmt: skip
    if len(ignored) == len(paths):
        assert plan.code == 1
        return
    assert plan.code == 0, plan.err
    left_out = {e["path"]: e for e in plan.json["exclusions"]}

    def is_left_out(path):
        parts = path.split("/")
        return any("/".join(parts[: i + 1]) in left_out for i in range(len(parts)))

    wrong = [p for p in paths if is_left_out(p) != (p in ignored)]
    assert not wrong, {p: (p in ignored) for p in wrong}
