# SPDX-License-Identifier: Apache-2.0
"""`capture verify`: what is missing, cut off or damaged, also in archives of the Python client."""

import json
import zipfile
from pathlib import Path

import pytest
from geneva.manifest import GenevaManifest


@pytest.fixture
def captured(genevactl, tmp_path):
    """A manifest with archives in a folder: (manifest file, [head, shard, …])."""
    project = tmp_path / "project"
    (project / "src").mkdir(parents=True)
    (project / "pyproject.toml").write_text("[project]\nname = 'p'\nversion = '1'\n")
    (project / "src" / "mod.py").write_text("ANSWER = 42\n" * 100)
    (project / "large.bin").write_bytes(b"z" * (5 << 20))
    file = tmp_path / "env.json"
    done = genevactl("create", "env", "--skip-site-packages", "--no-upload", "--output-dir",
                     tmp_path / "out", "--out", file, cwd=project)  # fmt: skip
    assert done.code == 0, done.err
    (uris,) = json.loads(file.read_text())["zips"]
    return file, [Path(uri.removeprefix("file://")) for uri in uris]


def states(done):
    return {a["uri"].rsplit("/", 1)[1]: a["state"] for a in done.json["archives"]}


def test_all_right(genevactl, captured, tmp_path):
    file, paths = captured
    for more in ([], ["--deep"]):
        done = genevactl("verify", file, "-o", "json", *more, cwd=tmp_path)
        assert (done.code, done.json["ok"]) == (0, True), done.err
        assert states(done) == {path.name: "ok" for path in paths}
    assert {a["content_compared"] for a in done.json["archives"]} == {True}
    assert genevactl("verify", file, "-o", "name", cwd=tmp_path).out == ""
    assert "all there and whole" in genevactl("verify", "env.json", cwd=tmp_path).out


def test_missing_is_5_and_broken_is_1(genevactl, captured, tmp_path):
    file, (head, *shards) = captured
    shards.sort(key=lambda path: path.stat().st_size)
    content = shards[0].read_bytes()
    shards[0].unlink()
    done = genevactl("verify", file, "-o", "json", cwd=tmp_path)
    assert (done.code, states(done)[shards[0].name], done.json["missing"]) == (5, "missing", 1)
    assert genevactl("verify", file, "-o", "name", cwd=tmp_path).out == f"file://{shards[0]}\n"

    shards[0].write_bytes(content[:-1])
    done = genevactl("verify", file, "-o", "json", cwd=tmp_path)
    assert (done.code, states(done)[shards[0].name], done.json["broken"]) == (1, "broken", 1)

    # A change within the archive is seen by --deep alone.
    shards[0].write_bytes(content.replace(b"ANSWER = 42", b"ANSWER = 43", 1))
    assert genevactl("verify", file, cwd=tmp_path).code == 0
    done = genevactl("verify", file, "--deep", cwd=tmp_path)
    assert done.code == 1
    assert "ZIP bad CRC" in done.out

    # A whole archive under another's name, and a head of another list.
    shards[0].write_bytes(shards[1].read_bytes())
    done = genevactl("verify", file, "--deep", cwd=tmp_path)
    assert done.code == 1
    assert "not what its name says" in done.out
    shards[0].write_bytes(content)
    assert genevactl("verify", file, "--deep", cwd=tmp_path).code == 0
    with zipfile.ZipFile(head, "w") as archive:
        archive.writestr(".genevactl-capture", f"{shards[0].name}\n")
    assert genevactl("verify", file, "--deep", cwd=tmp_path).code == 1


def manifest_with(tmp_path, zips):
    """A manifest as the client writes it, with these archives."""
    manifest = GenevaManifest.create_pip("m").build()
    manifest.zips = zips
    manifest.checksum = manifest.compute_checksum()
    file = tmp_path / "m.json"
    file.write_text(manifest.to_json())
    return file


def test_archives_of_the_python_client(genevactl, tmp_path):
    folder = tmp_path / "_geneva_uploads"
    folder.mkdir()
    archive = folder / "somename.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        writer.writestr("m.py", "x = 1\n" * 1000)
    file = manifest_with(tmp_path, [[str(archive)]])
    done = genevactl("verify", file, "--deep", "-o", "json", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "that genevactl did not write" in done.err
    assert [a["content_compared"] for a in done.json["archives"]] == [False]


def test_what_no_worker_would_take(genevactl, tmp_path):
    file = manifest_with(tmp_path, [["file:///elsewhere/x.zip"]])
    done = genevactl("verify", file, cwd=tmp_path)
    assert done.code == 2
    assert "no archive below _geneva_uploads/" in done.err
    assert genevactl("verify", "nope.json", cwd=tmp_path).code == 5
    file = manifest_with(tmp_path, [[]])
    done = genevactl("verify", file, cwd=tmp_path)
    assert (done.code, done.out) == (0, "m has no archives\n")
