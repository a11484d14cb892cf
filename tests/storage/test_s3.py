# SPDX-License-Identifier: Apache-2.0
"""Captures to a real S3 server that checks signatures, read back by Lance and by the worker."""

import base64
import http.client
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import time
import urllib.parse
import zipfile

import pytest
from gate import Answer, fault

CREATE = ("create", "env", "--skip-site-packages", "--compression", "6")
MEBIBYTE = 1 << 20


def keys_of(manifest):
    return [uri.rsplit("/", 1)[1] for uris in manifest["zips"] for uri in uris]


def create(s3, project, *more, **environment):
    return s3.user(*CREATE, *more, cwd=project, **environment)


def capture(s3, project, *more):
    done = create(s3, project, *more)
    assert done.code == 0, done.err
    return done.json


def error_of(s3, project, *more):
    done = create(s3, project, "-o", "json", *more)
    assert done.code != 0
    return done.code, done.error()


def add_blob(project, size, seed=1):
    """Random bytes: an archive of about that size."""
    (project / "blob.bin").write_bytes(random.Random(seed).randbytes(size))


def test_what_was_captured_is_read_back_by_lance(s3, project, tmp_path):
    manifest = capture(s3, project)
    keys = keys_of(manifest)
    assert s3.objects() == sorted(set(keys))
    assert {uri.rsplit("/", 1)[0] for uris in manifest["zips"] for uri in uris} == {s3.base}
    tree = {}
    for key in keys:
        s3.session().download_file(key, str(tmp_path / key))
        with zipfile.ZipFile(tmp_path / key) as archive:
            tree |= {name: archive.read(name) for name in archive.namelist()}
    for path in ("features.py", "pkg/__init__.py", "data.bin", "pyproject.toml"):
        assert tree[path] == (project / path).read_bytes()


def test_the_worker_loads_what_was_captured(s3, project, tmp_path):
    manifest = capture(s3, project)
    table = json.dumps(
        {
            "zips": manifest["zips"],
            "namespace": {
                "impl": "rest",
                "properties": {"uri": s3.plane.url, "header.x-lancedb-database": "test"},
                "table_id": ["__system", "geneva_manifests"],
            },
        }
    )
    temporary = tmp_path / "worker"
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", "import geneva, features; print(features.ANSWER)"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(temporary),
             "GENEVA_ZIPS": base64.b64encode(table.encode()).decode(),
             # Lance takes keys from the deployment, but where the bucket is from the worker.
             "AWS_REGION": s3.options["aws_region"], "AWS_ENDPOINT": s3.gate.url,
             "AWS_ALLOW_HTTP": "true"},
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == "42\n"


def test_a_second_capture_sends_nothing(s3, project):
    first = capture(s3, project)
    puts = len(s3.gate.sent("PUT"))
    assert puts == len(set(keys_of(first)))
    assert capture(s3, project)["zips"] == first["zips"]
    assert len(s3.gate.sent("PUT")) == puts
    (project / "features.py").write_text("ANSWER = 1\n")
    changed = capture(s3, project)
    assert len(s3.gate.sent("PUT")) == puts + len(set(keys_of(changed)) - set(keys_of(first)))


def test_a_plan_asks_and_sends_nothing(s3, project):
    done = s3.user("plan", "--skip-site-packages", "-o", "json", cwd=project)
    assert done.code == 0, done.err
    assert s3.gate.sent("HEAD")
    assert not s3.gate.sent("PUT") and not s3.objects()


def test_a_wrong_key_is_refused_by_the_store(s3, project):
    s3.options["aws_secret_access_key"] = "something-else-entirely"
    code, error = error_of(s3, project)
    assert code == 4 and error["kind"] == "permission"
    assert "SignatureDoesNotMatch" in error["message"]
    assert "does not know the credentials" in error["hint"]
    assert not s3.objects()


def test_the_server_of_these_tests_does_check_signatures(s3, s3_server):
    connection = http.client.HTTPConnection("127.0.0.1", s3_server.port, timeout=20)
    connection.request("PUT", "/files/unsigned", body=b"x")
    assert connection.getresponse().status >= 400


def test_a_missing_bucket(s3, project):
    s3.plane.location = "s3://nowhere/manifests.lance"
    code, error = error_of(s3, project)
    assert code == 5 and error["kind"] == "not_found"
    assert "NoSuchBucket" in error["message"] and "nowhere" in error["hint"]


def test_no_credentials(s3, project):
    s3.options = {"aws_region": "eu-west-1"}
    code, error = error_of(s3, project)
    assert code == 1
    assert "gives out no credentials for s3://files/" in error["message"]


def test_no_secret_is_shown(s3, project, tmp_path):
    s3.options["aws_session_token"] = "session-token-of-the-test"
    s3.gate.rule = takes_any_token
    trace = tmp_path / "trace"
    done = create(s3, project, "--verbose", "--trace-http", trace)
    assert done.code == 0, done.err
    shown = done.out + done.err + trace.read_text()
    assert "PUT " in shown and '"PUT"' in shown
    for secret in (s3.options["aws_secret_access_key"], "session-token-of-the-test", "Signature="):
        assert secret not in shown


def takes_any_token(request):
    """A store that has nothing yet."""
    assert "x-amz-security-token" in request.headers["Authorization"]
    raise Answer(200 if request.command == "PUT" else 404)


def test_a_token_that_the_store_did_not_give_is_refused(s3, project):
    if not s3.server.knows_tokens:
        pytest.skip("this server knows no temporary credentials")
    s3.options["aws_session_token"] = "another"
    code, error = error_of(s3, project)
    assert code == 4 and "InvalidToken" in error["message"]


def test_an_expired_token_is_vended_anew(s3, project):
    def vend():
        if len(s3.plane.described) > 1:
            return s3.options
        return {**s3.options, "aws_session_token": "old"}

    def rule(request):
        if request.headers["x-amz-security-token"] == "old":
            raise fault(400, "ExpiredToken", "The provided token has expired.")

    s3.plane.vend, s3.gate.rule = vend, rule
    manifest = capture(s3, project)
    assert s3.objects() == sorted(set(keys_of(manifest)))
    assert len(s3.plane.described) == 2


def test_credentials_that_expire_soon_are_vended_anew_before(s3, project):
    def vend():
        # The first time they have four seconds left, of which the last is not used.
        left = 4 if len(s3.plane.described) == 1 else 3600
        return {**s3.options, "aws_session_token": f"t{len(s3.plane.described)}",
                "expires_at_millis": str(int((time.time() + left) * 1000))}  # fmt: skip

    def rule(request):
        if request.command == "HEAD":
            time.sleep(3.5)
        takes_any_token(request)

    s3.plane.vend, s3.gate.rule = vend, rule
    capture(s3, project)
    used = {(each.method, each.headers["x-amz-security-token"]) for each in s3.gate.seen}
    assert used == {("HEAD", "t1"), ("PUT", "t2")}
    assert len(s3.plane.described) == 2


def test_a_clock_that_is_wrong(s3, project):
    def rule(request):
        raise fault(403, "RequestTimeTooSkewed", "The difference is too large.",
                    Date="Mon, 01 Jan 2035 00:00:00 GMT")  # fmt: skip

    s3.gate.rule = rule
    code, error = error_of(s3, project)
    assert code == 4
    assert "set this machine's clock" in error["hint"] and "2035" in error["hint"]


def test_a_store_that_wants_less_is_asked_again(s3, project):
    refused = []

    def rule(request):
        if request.command == "PUT" and len(refused) < 2:
            refused.append(request.path)
            raise fault(503, "SlowDown", "Please reduce your request rate.")

    s3.gate.rule = rule
    manifest = capture(s3, project)
    assert len(refused) == 2
    assert s3.objects() == sorted(set(keys_of(manifest)))

    def always(request):
        raise fault(503, "SlowDown", "Please reduce your request rate.")

    s3.gate.rule = always
    code, error = error_of(s3, project)
    assert code == 7 and error["kind"] == "throttled" and error["retryable"]


def test_an_endpoint_that_is_down(s3, project):
    s3.gate.close()
    code, error = error_of(s3, project)
    assert code == 7 and error["kind"] == "unreachable"
    assert "s3://files/" in error["message"] and s3.gate.url in error["message"]
    assert "local start" not in error["hint"]


def test_another_scheme_is_named(s3, project):
    s3.plane.location = "hdfs://somewhere/manifests.lance"
    code, error = error_of(s3, project)
    assert code == 2 and "hdfs://somewhere" in error["message"]


def test_a_store_of_plain_http_elsewhere_is_refused(s3, project):
    s3.options["aws_endpoint"] = "http://192.0.2.1:9000"
    code, error = error_of(s3, project)
    assert code == 9 and "plain text" in error["message"]


@pytest.fixture
def large(project):
    add_blob(project, 150 * MEBIBYTE)
    return project


def parts_of(s3):
    """The numbers of the parts that were sent and taken."""
    numbers = []
    for each in s3.gate.sent("PUT", "partNumber="):
        if each.status != 200:
            continue
        query = urllib.parse.urlsplit(each.path).query
        numbers.append(int(urllib.parse.parse_qs(query)["partNumber"][0]))
    return numbers


def wait_for_the_rest(s3):
    """What was on its way when a client went still reaches the store."""
    count = -1
    while count != len(s3.gate.seen):
        count = len(s3.gate.seen)
        time.sleep(1)


def check_blob(s3, project, manifest):
    for key in set(keys_of(manifest)):
        s3.session().download_file(key, str(project.parent / key))
        with zipfile.ZipFile(project.parent / key) as archive:
            if "blob.bin" in archive.namelist():
                assert archive.read("blob.bin") == (project / "blob.bin").read_bytes()
                return key
    raise AssertionError("no archive has the blob")


def test_a_large_archive_is_sent_in_parts_with_little_memory(s3, large):
    peaks = []

    def rule(request):
        if request.command == "POST" and "partNumber" not in request.path:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            peaks.append(int(status.split("VmHWM:")[1].split()[0]) // 1024)

    s3.gate.rule = rule
    process = s3.user.start(*CREATE, cwd=large)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert sorted(parts_of(s3)) == list(range(1, 11))
    check_blob(s3, large, json.loads(out))
    assert len(peaks) == 2  # when it began, and when all parts had been sent
    print(f"peak memory: {peaks[-1]} MiB for 150 MiB")
    assert peaks[-1] < 60


@pytest.mark.parametrize(
    "number, code", [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)]
)
def test_an_upload_that_was_cut_off_goes_on(s3, large, number, code):
    killed = []
    running = []

    def rule(request):
        if "partNumber=" in request.path and len(parts_of(s3)) >= 4 and not killed:
            killed.append(True)
            running[0].send_signal(number)
            raise fault(500, "InternalError")

    s3.gate.rule = rule
    running.append(s3.user.start(*CREATE, cwd=large))
    running[0].communicate(timeout=120)
    assert running[0].returncode == code
    wait_for_the_rest(s3)
    before = set(parts_of(s3))
    assert len(before) >= 4
    there = s3.objects()

    s3.gate.rule = None
    s3.gate.seen.clear()
    manifest = capture(s3, large)
    assert not s3.gate.sent("POST", "uploads=")
    if s3.server.checks_bytes:  # and tells the digests of the parts that it has
        assert set(parts_of(s3)).isdisjoint(before)
    assert set(parts_of(s3)) | before == set(range(1, 11))
    # Nothing passed for the archive, or for the head that says it is there, before it was.
    assert check_blob(s3, large, manifest) not in there
    assert manifest["zips"][0][0].rsplit("/", 1)[1] not in there


def test_an_upload_that_the_store_refuses_is_aborted(s3, large):
    def rule(request):
        if "partNumber=3" in request.path:
            raise fault(403, "AccessDenied", "Access Denied")

    s3.gate.rule = rule
    code, error = error_of(s3, large)
    assert code == 4 and "AccessDenied" in error["message"]
    assert [each.status for each in s3.gate.sent("DELETE", "uploadId=")] == [204]
    assert len(s3.objects()) <= 1  # the small files' archive, if it was sent before


def test_bytes_that_change_on_the_way_are_not_taken(s3, project):
    """The store is told what it must receive: a proxy that changes a byte is found out."""
    if not s3.server.checks_bytes:
        pytest.skip("this server takes what it is sent")
    real = s3.gate._pass_on

    def tampered(handler, body):
        if handler.command == "PUT":
            body = body[:-1] + bytes([body[-1] ^ 1])
        return real(handler, body)

    s3.gate._pass_on = tampered
    code, error = error_of(s3, project)
    assert code in (1, 4)
    assert not s3.objects()
