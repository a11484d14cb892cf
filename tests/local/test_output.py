# SPDX-License-Identifier: Apache-2.0
"""What jobs print, as the control plane gives it out: piece by piece, nothing twice."""

import json
import time
from urllib.parse import quote

import pytest
from fake_ray import FakeRay
from genevactl_local import output
from genevactl_local.output import Output
from transforms import double


@pytest.fixture
def fake_ray():
    with FakeRay() as fake:
        yield fake


def parts(server, job_id, positions=None, database="db"):
    query = quote(json.dumps(positions or {}))
    status, body = server.get(f"/genevactl/v1/job/{job_id}/logs?parts={query}", database=database)
    assert status == 200, body
    return body


def test_the_output_of_a_job_is_told_piece_by_piece(fake_ray, start, database):
    server = start(ray=fake_ray.url)
    server.table(database).add_columns({"c": double()})
    body = {"id": ["docs"], "column": "c"}
    _, answer = server.post("/v1/table/docs/backfill_column", body, database=database)
    job_id = answer["job_id"]
    deadline = time.monotonic() + 30
    while job_id not in fake_ray.jobs:
        assert time.monotonic() < deadline, server.read_log()
        time.sleep(0.05)

    fake_ray.jobs[job_id]["logs"] = "one\n\x1b[36mtwo\x1b[0m\nthr"
    first = parts(server, job_id, database=database)
    assert not first["ended"]
    assert "Ray forwards" in first["note"]  # it is not a Ray of this server's own
    (driver,) = first["parts"]
    assert driver["source"] == "driver" and driver["text"] == "one\ntwo\n"

    fake_ray.end(job_id, logs="one\n\x1b[36mtwo\x1b[0m\nthree")
    server.wait(database, job_id)
    while not (rest := parts(server, job_id, {"driver": driver["end"]}, database))["ended"]:
        assert time.monotonic() < deadline, rest
        time.sleep(0.1)
    assert rest["parts"][0]["text"] == "three"
    again = parts(server, job_id, {"driver": rest["parts"][0]["end"]}, database)
    assert again["parts"][0]["text"] == ""
    # As it always was, for whoever asks for no parts.
    status, text = server.get(f"/genevactl/v1/job/{job_id}/logs", database=database)
    assert status == 200 and text.endswith(b"three")


@pytest.mark.parametrize("text", ["[]", '{"driver": -1}', '{"driver": "a"}', "no"])
def test_positions_that_are_none_are_refused(server, text):
    status, body = server.get(f"/genevactl/v1/job/none/logs?parts={quote(text)}")
    assert status == 400 and "parts" in body["error"]


def test_the_files_of_a_jobs_workers(tmp_path):
    def write(name, text):
        (tmp_path / name).write_bytes(text)

    write("worker-0a1b-02000000-77.out", b":job_id:02000000\n:actor_name:Applier\nh\xc3\xa4llo\n")
    write("worker-0a1b-02000000-77.err", b":job_id:02000000\n")
    write("worker-0a1b-03000000-78.out", b"of another job\n")
    write("worker-zz-02000000-77.txt", b"no output\n")
    found = output.of_workers(tmp_path, "02000000")
    assert list(found) == ["worker 77"]
    part = found["worker 77"].part("worker 77", 0, False)
    assert part["text"] == "hällo\n" and part["skipped"] == 0
    assert found["worker 77"].part("worker 77", part["end"], True)["text"] == ""


def test_only_the_end_of_a_long_output_is_kept(monkeypatch):
    monkeypatch.setattr(output, "_MOST", 8)
    long = Output.of_text("0123456789\nabc\n")
    assert long.part("driver", 0, True) == {
        "source": "driver", "skipped": 7, "text": "789\nabc\n", "end": 15,
    }  # fmt: skip
    assert long.part("driver", 11, True)["text"] == "abc\n"
    assert Output.from_json(json.loads(json.dumps(long.to_json()))) == long


def test_bytes_that_are_no_text_are_kept(tmp_path):
    odd = Output.of_bytes(b"a\xff\n", 0)
    assert Output.from_json(json.loads(json.dumps(odd.to_json()))) == odd
    assert odd.part("driver", 0, True)["text"] == "a\ufffd\n"
