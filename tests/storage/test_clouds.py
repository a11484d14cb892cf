# SPDX-License-Identifier: Apache-2.0
"""Whole captures into Azure Blob Storage and Google Cloud Storage, as emulators of them speak."""

import io
import json
import os
import random
import signal
import subprocess
import threading
import time
import zipfile
from pathlib import Path

import pytest
from azurite import Azurite, signature
from control_plane import ControlPlane
from gate import Answer, Gate
from gcs_emulator import FakeGcs, GcsEmulator

MIB = 1 << 20
BIG = 100 * MIB  # above what either store is sent at once
BUCKET = "data"


class Scene:
    """A project, a deployment that vends, and a gate before the store."""

    def __init__(self, store, folder):
        self.store, self.folder = store, folder
        self.gate = Gate("127.0.0.1", store.port)
        self.root = f"deployments/{folder.name}"
        self.vended = []
        self.vend = lambda: self.options()
        self.plane = ControlPlane(f"{store.scheme}://{BUCKET}/{self.root}", self._vend)
        self.project = folder / "project"
        self.project.mkdir()
        (self.project / "pyproject.toml").write_text("[project]\nname = 'p'\n")
        (self.project / "module.py").write_text("def f():\n    return 42\n")

    def _vend(self):
        self.vended.append(self.vend())
        return self.vended[-1]

    def options(self, **changed):
        return self.store.options(self.gate.port, **changed)

    def add_big_file(self, size=BIG):
        (self.project / "big.bin").write_bytes(random.Random(7).randbytes(size))

    def start(self, *words, under=()):
        kept = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("GENEVA", "LANCE", "GIT_", "XDG_", "VIRTUAL_ENV"))
        }
        return subprocess.Popen(
            [*map(str, under), os.environ["GENEVACTL"], "capture", "create", "env",
             "--skip-site-packages", "--uri", "db://test", *map(str, words)],
            cwd=self.project,
            env={
                **kept,
                "HOME": str(self.folder),
                "TMPDIR": str(self.folder),
                "LANCEDB_URI": self.plane.url,
                "LANCEDB_API_KEY": "key-of-the-deployment",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def capture(self, *words, code=0, under=()):
        """What it said: the manifest, or the error's text."""
        process = self.start(*words, under=under)
        out, err = process.communicate(timeout=600)
        assert process.returncode == code, err
        self.said = out + err
        return json.loads(out) if code == 0 else err

    def pieces(self):
        """The parts of large objects that were sent."""
        return [each for each in self.gate.seen if is_piece(each.method, each.path)]

    def objects(self, manifest):
        """The bytes of each archive, by its name, as the store itself gives them."""
        found = {}
        for uri in (uri for part in manifest["zips"] for uri in part):
            prefix, key = uri.split(f"/{self.root}/")
            assert prefix == f"{self.store.scheme}://{BUCKET}"
            found[Path(key).name] = self.store.get(BUCKET, f"{self.root}/{key}")
        return found

    def close(self):
        self.plane.close()
        self.gate.close()


def is_piece(method, path):
    """Is it a part of a large object?"""
    return method == "PUT" and ("comp=block&" in path or "upload_id=" in path)


@pytest.fixture(scope="module", params=[Azurite, GcsEmulator, FakeGcs], ids=lambda s: s.__name__)
def store(request, tmp_path_factory):
    server = request.param(tmp_path_factory.mktemp("store"))
    server.make_bucket(BUCKET)
    yield server
    server.stop()


@pytest.fixture
def scene(store, tmp_path):
    made = Scene(store, tmp_path)
    yield made
    made.close()


def test_what_arrives_is_what_was_captured(scene):
    scene.add_big_file()
    manifest = scene.capture()
    found = {}
    for content in scene.objects(manifest).values():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            found.update({name: archive.read(name) for name in archive.namelist()})
    for path in scene.project.iterdir():
        assert found[path.name] == path.read_bytes()
    assert len(scene.pieces()) > 2
    assert sum(each.size for each in scene.pieces()) > BIG
    # Once more: everything is there, and nothing is sent.
    scene.gate.seen.clear()
    assert scene.capture() == manifest
    assert {each.method for each in scene.gate.seen} <= {"HEAD", "GET"}


def test_lance_reads_what_was_captured(scene):
    """The worker's own way: Lance's file session with the options that were vended."""
    import lance.file

    if not scene.store.lance_reads:
        pytest.skip("Lance cannot read from this emulator")
    manifest = scene.capture()
    for uri in (uri for part in manifest["zips"] for uri in part):
        folder, name = uri.rsplit("/", 1)
        session = lance.file.LanceFileSession(folder, storage_options=scene.options())
        assert session.contains(name)
        session.download_file(name, str(scene.folder / name))
        key = uri.split(f"{BUCKET}/", 1)[1]
        assert (scene.folder / name).read_bytes() == scene.store.get(BUCKET, key)


def test_a_killed_upload_goes_on_and_never_passes_for_whole(scene):
    scene.add_big_file()
    begun, lock = [], threading.Lock()

    def kill_at_the_third_piece(handler):
        if is_piece(handler.command, handler.path):
            with lock:
                begun.append(handler.path)
            if len(begun) >= 3:
                process.send_signal(signal.SIGKILL)
                raise Answer(503)

    scene.gate.rule = kill_at_the_third_piece
    process = scene.start()
    process.communicate(timeout=600)
    assert process.returncode == -signal.SIGKILL
    for _ in range(600):  # what is on its way to the store arrives
        if len(scene.pieces()) >= len(begun):
            break
        time.sleep(0.1)
    before = sum(each.size for each in scene.pieces() if each.status in (201, 308))
    assert before
    scene.gate.rule = None
    plan = scene.start("--dry-run", "-o", "json")
    assert json.loads(plan.communicate(timeout=600)[0])["bytes_to_pack"] >= BIG
    scene.gate.seen.clear()

    objects = scene.objects(scene.capture())
    sent = sum(each.size for each in scene.pieces())
    whole = max(len(content) for content in objects.values())
    assert sent == whole - (before if scene.store.has_sessions else 0)
    with zipfile.ZipFile(io.BytesIO(max(objects.values(), key=len))) as archive:
        assert archive.read("big.bin") == (scene.project / "big.bin").read_bytes()


def test_memory_does_not_grow_with_the_files(scene):
    scene.add_big_file()
    # A child of this process would inherit its peak.
    measured = scene.folder / "peak"
    scene.capture(under=["time", "-f", "%M", "-o", measured])
    peak = int(measured.read_text()) / 1024
    print(f"peak memory for {BIG // MIB} MiB: {peak:.1f} MiB")
    assert peak < 64


def test_wrong_credentials(scene):
    if scene.store.scheme == "az":
        scene.vend = lambda: scene.options() | {
            "azure_storage_sas_token": signature("another-container")
        }
    else:  # the emulator takes any token

        def refuse(handler):
            raise Answer(401, b'{"error": {"code": 401, "message": "Invalid Credentials"}}')

        scene.gate.rule = refuse
    said = scene.capture(code=4)
    assert f"{scene.store.scheme}://{BUCKET}/{scene.root}/_geneva_uploads/" in said
    assert "ask who runs the deployment" in said
    assert len(scene.vended) <= 3  # asked for fresh ones, and not again and again


def test_what_the_credentials_do_not_allow(scene):
    if scene.store.scheme != "az":
        pytest.skip("the emulator knows no permissions")
    scene.vend = lambda: scene.options(allows="rl")
    assert "AuthorizationPermissionMismatch" in scene.capture(code=4)
    assert len(scene.vended) == 1


def test_a_bucket_that_is_not_there(scene):
    scene.plane.location = f"{scene.store.scheme}://nowhere/x"
    scene.vend = lambda: scene.options(**scene.store.for_bucket("nowhere"))
    assert "://nowhere/x/_geneva_uploads/" in scene.capture(code=5)


def test_options_that_lack_what_the_store_needs(scene):
    scene.vend = lambda: {}
    assert scene.store.needs in scene.capture(code=1)
    assert scene.gate.seen == []


def test_expired_credentials_are_vended_anew(scene):
    if scene.store.scheme == "az":
        expired = scene.options(ends="2020-01-01T00:00:00Z")
    else:
        expired = scene.options(token="expired-token")

        def refuse_the_first(handler):
            if handler.headers.get("authorization") == "Bearer expired-token":
                raise Answer(401, b'{"error": {"code": 401, "message": "Invalid Credentials"}}')

        scene.gate.rule = refuse_the_first
    scene.vend = lambda: scene.options() if scene.vended else expired
    assert None not in scene.objects(scene.capture()).values()
    assert len(scene.vended) == 2


def test_credentials_that_end_soon_are_vended_before(scene):
    soon = {"expires_at_millis": str(int(time.time() * 1000) + 1)}
    scene.vend = lambda: scene.options() | ({} if scene.vended else soon)
    scene.capture()
    assert len(scene.vended) == 2
    assert {each.status for each in scene.gate.seen} <= {200, 201, 404}


def test_a_store_that_is_busy_is_asked_again(scene):
    busy = []

    def say_so_once(handler):
        if handler.command in ("PUT", "POST") and not busy:
            busy.append(handler.path)
            raise Answer(503, b"", {"Retry-After": "0"})

    scene.gate.rule = say_so_once
    assert None not in scene.objects(scene.capture()).values()
    assert busy


def test_no_secret_is_told(scene):
    scene.add_big_file(3 * MIB)
    trace = scene.folder / "trace"
    scene.capture("--verbose", "--trace-http", trace)
    told = scene.said + trace.read_text()
    secrets = scene.store.secrets(scene.vended[-1])
    sessions = [each.path for each in scene.gate.seen if "upload_id=" in each.path]
    secrets += [path.split("upload_id=")[1] for path in sessions]
    for secret in secrets:
        assert secret not in told
    assert list((scene.folder / ".local/state/genevactl/uploads").glob("*")) == []

    def quote_it(handler):  # an error tells none either
        quoted = f"{handler.path} {handler.headers.get('authorization')}"
        raise Answer(400, f"<Error><Code>X</Code><Message>{quoted}</Message></Error>".encode())

    scene.gate.rule = quote_it
    (scene.project / "module.py").write_text("other")
    scene.capture("--trace-http", trace, code=1)
    for secret in secrets:
        assert secret not in scene.said + trace.read_text()


def test_the_token_goes_with_every_request_but_a_sessions(scene):
    if scene.store.scheme != "gs":
        pytest.skip("Azurite checks each signature itself")
    scene.add_big_file(3 * MIB)
    scene.capture()
    with_token = {"upload_id" in each.path: set() for each in scene.gate.seen}
    assert len(with_token) == 2
    for each in scene.gate.seen:
        with_token["upload_id" in each.path].add(each.headers.get("authorization"))
    assert with_token == {False: {"Bearer token-of-the-test"}, True: {None}}
