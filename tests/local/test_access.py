# SPDX-License-Identifier: Apache-2.0
"""Who reaches the server, where it listens, and what its state folder holds."""

import http.client
import json
import os
import signal
import stat
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from genevactl_local import auth, databases
from genevactl_local.errors import ApiError
from running_server import MAIN, RunningServer

LIST = "/v1/namespace/%24/table/list"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:80", "localhost", "LOCALHOST:1", "[::1]", "[::1]:9"]
)
def test_loopback_hosts_pass(host):
    auth.check_host(host)


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost:x",
        "127.0.0.1:",
        "[::2]:1",
        "10.0.0.1",
    ],
)
def test_other_hosts_are_refused(host):
    with pytest.raises(ApiError) as error:
        auth.check_host(host)
    assert (error.value.status, int(error.value.code)) == (403, 15)


def test_a_rebound_name_is_refused(server):
    assert server.get(LIST, headers={"Host": "evil.example"})[0] == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://127.0.0.1"])
def test_a_web_page_is_refused_even_with_the_key(server, origin):
    status, body = server.get(LIST, headers={"Origin": origin})
    assert (status, body["code"]) == (403, 15)


@pytest.mark.parametrize(
    "path", [LIST, "/genevactl/v1/status", "/genevactl/v1/capabilities", "/nowhere"]
)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-api-key": "wrong"},
        {"x-api-key": ""},
        {"x-api-key": "é"},
        {"Authorization": "Bearer no"},
    ],
)
def test_no_key_or_a_wrong_one_is_unauthenticated(server, path, headers):
    headers = {k: v.encode("utf-8").decode("latin-1") for k, v in headers.items()}
    status, body = server.get(path, key=False, headers=headers)
    assert (status, body["code"]) == (401, 16)
    assert server.key not in json.dumps(body)


def test_both_ways_to_send_the_key(server):
    server.post("/v1/table/t/declare", {})
    assert server.get(LIST)[0] == 200
    assert server.get(LIST, key=False, headers={"Authorization": f"Bearer {server.key}"})[0] == 200


def test_only_loopback_listens(server):
    port = urlsplit(server.url).port
    listening = subprocess.run(["ss", "-ltn"], capture_output=True, text=True, check=False).stdout
    lines = [line for line in listening.splitlines() if f":{port} " in line]
    assert len(lines) == 1 and f"127.0.0.1:{port}" in lines[0]


def test_state_folder_is_private_and_the_key_is_not_logged(server):
    modes = {
        path: stat.S_IMODE((server.state / path).stat().st_mode)
        for path in ("key", "endpoint.json", ".", "jobs")
    }
    assert modes == {"key": 0o600, "endpoint.json": 0o600, ".": 0o700, "jobs": 0o700}
    assert len(server.key) == 64 and server.key not in server.read_log()
    assert server.key not in (server.state / "endpoint.json").read_text()


def test_endpoint_file(server):
    endpoint = server.endpoint()
    assert endpoint["pid"] == server.process.pid
    with open(f"/proc/{server.process.pid}/stat") as facts:
        assert endpoint["process_start"] == int(facts.read().rpartition(")")[2].split()[19])
    assert (endpoint["root"], endpoint["kind"], endpoint["version"]) == (
        str(server.root),
        "root",
        1,
    )
    assert (
        endpoint["python"] == sys.executable
        and endpoint["geneva"]
        and endpoint["started_at"].endswith("Z")
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(start, number):
    server = start(ray="http://127.0.0.1:1")
    key = server.key
    assert server.stop(number) == 0
    assert not (server.state / "endpoint.json").exists()
    server.start()
    assert server.key == key


def test_a_second_server_on_the_same_state_is_refused(server):
    second = subprocess.run(server.command(), capture_output=True, text=True, timeout=60)
    assert second.returncode == 6
    assert len(second.stderr.strip().splitlines()) == 1 and "already runs" in second.stderr


def test_a_key_that_others_can_read_is_refused(start, tmp_path):
    server = start(ray="http://127.0.0.1:1")
    server.stop()
    os.chmod(server.state / "key", 0o640)
    again = subprocess.run(server.command(), capture_output=True, text=True, timeout=60)
    assert again.returncode == 2 and "chmod 600" in again.stderr


def test_a_python_without_the_packages_says_so():
    bare = [sys.executable, "-S", str(MAIN), "serve", "--state", "x", "--root", "y"]
    answer = subprocess.run(bare, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 2 and answer.stdout == ""
    assert len(answer.stderr.strip().splitlines()) == 1 and "local setup" in answer.stderr


def test_an_idle_server_ends_itself(tmp_path):
    server = RunningServer(tmp_path, ray="http://127.0.0.1:1", extra=["--idle-timeout", "2"])
    server.start()
    assert server.process.wait(60) == 0
    assert not (server.state / "endpoint.json").exists() and "idle for 2 s" in server.read_log()


@pytest.mark.parametrize(
    "name", ["..", ".", "", ".hidden", "a/b", "../x", "a\\b", "a\0b", "/etc", "x" * 300]
)
def test_names_that_are_no_folder_of_the_root(name):
    with pytest.raises(ApiError) as error:
        databases.check_name(name)
    assert (error.value.status, int(error.value.code)) == (400, 13)


@pytest.mark.parametrize("name", ["..", "../x", "a/b", "a\\b", ".x", "%2e%2e"])
def test_a_name_that_leaves_the_root_over_http(server, name):
    status, body = server.post("/v1/table/t/declare", {}, database=name)
    if name == "%2e%2e":  # headers are not decoded: this is just a name
        assert status == 200 and (server.root / name).is_dir()
    else:
        assert (status, body["code"]) == (400, 13)
    assert not (server.root.parent / "t.lance").exists()


def test_a_link_out_of_the_root_is_refused(server, tmp_path):
    (server.root / "link").symlink_to(tmp_path)
    assert server.post("/v1/table/t/declare", {}, database="link")[0] == 400


def test_reads_never_make_a_database(server):
    status, body = server.get(LIST, database="typo")
    assert (status, body["code"]) == (404, 1)
    assert server.post("/v1/table/t/describe", {}, database="typo")[0] == 404
    assert not (server.root / "typo").exists()
    assert server.get(LIST, database=None)[1]["code"] == 13


def test_one_folder_as_the_only_database(start, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    server = start(database=folder, ray="http://127.0.0.1:1")
    assert server.endpoint()["kind"] == "database"
    assert server.get(LIST, database="default") == (200, {"tables": []})
    assert server.get(LIST, database=None)[0] == 200
    assert server.get(LIST, database="other")[1]["code"] == 13
    assert server.get("/genevactl/v1/status")[1]["databases"] == ["default"]


def test_a_body_that_is_too_large_is_refused_unread(server):
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(server.url).port, timeout=30)
    connection.putrequest("POST", "/v1/table/t/describe")
    for name, value in {
        "x-api-key": server.key,
        "x-lancedb-database": "db",
        "Content-Length": str(2 << 30),
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_own_api_answers(server):
    status, body = server.get("/genevactl/v1/capabilities")
    assert status == 200 and body["service"] == "genevactl-local" and body["api_version"] == 1
    assert {"backfill", "cancel", "default-manifest", "job-logs"} <= set(body["capabilities"])
    assert all(
        body[key]
        for key in ("geneva", "lancedb", "pylance", "pyarrow", "ray", "python", "root", "kind")
    )
    status, body = server.get("/genevactl/v1/status")
    assert body["ray"] == {
        "state": "external",
        "address": "http://127.0.0.1:1",
        "dashboard": "http://127.0.0.1:1",
    }
    assert body["jobs"] == {"running": 0, "queued": 0} and body["idle_timeout"] is None
    assert server.get("/genevactl/v1/default_manifest")[1] == {"manifest": None}
    assert server.get("/genevactl/v1/clusters")[1] == {"clusters": []}
    assert server.post("/genevactl/v1/job/none/cancel")[0] == 404
    assert server.get("/genevactl/v1/job/none/logs")[0] == 404
