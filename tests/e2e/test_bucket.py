# SPDX-License-Identifier: Apache-2.0
"""The quickstart's story with its databases in a bucket, whose server checks signatures, and its
jobs on a Ray that no deployment started.
"""

import copy
import json
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT
from ray_apart import ray_apart

sys.path.insert(0, str(ROOT / "tests" / "storage"))
from s3_server import BUCKET, REGION, MotoServer  # noqa: E402

WORDS = """
from collections.abc import Iterator

import geneva
import pyarrow as pa


@geneva.chunker(output_schema=pa.schema([("word", pa.string())]))
def words(text: str) -> Iterator[dict]:
    from marks import marked

    for word in text.split()[:3]:
        yield {"word": marked(word)}
"""
PLACE = f"s3://{BUCKET}/lake"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    server = MotoServer(tmp_path_factory.mktemp("store"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def keys(store):
    """The variables that reach the bucket, in the deployment's environment and in Ray's."""
    return {
        **{name.upper(): value for name, value in store.credentials.items()},
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{store.port}",
        "AWS_REGION": REGION,
    }


@pytest.fixture(scope="module")
def engineer(user, keys, tmp_path_factory):
    """Somebody with the example's folder and that deployment."""
    there = copy.copy(user)
    there.work = tmp_path_factory.mktemp("story") / "work"
    shutil.copytree(ROOT / "examples" / "quickstart", there.work)
    there.environment = {k: v for k, v in user.environment.items() if not k.startswith("AWS_")}
    # Ray's own processes know the variable that pylance reads.
    variables = {**keys, "AWS_ENDPOINT": keys["AWS_ENDPOINT_URL"], "AWS_ALLOW_HTTP": "true"}
    with ray_apart(**variables) as (address, token):
        words = ("local", "start", "--root", PLACE, "--ray", address, "--detach")
        there.do(*words, RAY_AUTH_TOKEN_PATH=str(token), **keys)
        try:
            environment = there.do("local", "env", "--root", PLACE, "-o", "json").json()
            del environment["schema_version"]
            there.environment.update(environment)
            yield there
        finally:
            user.stop(PLACE)


def python(engineer, *words, **environment):
    done = subprocess.run(
        [engineer.environment["GENEVACTL_PYTHON"], *words], cwd=engineer.work, text=True,
        env={**engineer.environment, **environment}, capture_output=True, timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(900)
def test_the_quickstart_in_a_bucket(engineer, tmp_path):
    python(engineer, "make_table.py")
    words = ("manifest", "create", "pip", "embedding-deps", "wordllama==0.3.9")
    engineer.do(*words, "--out", "embedding-deps.json")
    pinned = ("--manifest", "embedding-deps.json")
    engineer.do("column", "add", "docs", "embedding", "features:embed", *pinned)
    assert "pinned on the column" in engineer.do("resolve", "docs", "embedding").out
    words = ("backfill", "docs", "embedding", "--concurrency", "1", "-o", "json")
    (job,) = engineer.do(*words).json()
    assert job["status"] == "DONE"
    wordllama = tmp_path / "wordllama"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--target", wordllama, "wordllama==0.3.9",
         "numpy==2.4.6"], check=True,
    )
    expected = [word for name in ("zlib", "csv") for word in ("--expect", name)]
    questions = ("compress data with gzip", "read a comma separated file")
    told = python(engineer, "search.py", *expected, *questions, PYTHONPATH=str(wordllama))
    assert "csv" in told
    assert engineer.do("table", "list", "-o", "name").out == "docs\n"
    told = engineer.do("local", "status", "-o", "json").json()
    assert told["status"]["ray"]["state"] == "external"


@pytest.mark.timeout(900)
def test_a_captured_workspace_and_a_view_in_a_bucket(engineer, keys):
    (engineer.work / "marks.py").write_text("def marked(text):\n    return '*' + text\n")
    (engineer.work / "words.py").write_text(WORDS)
    python(engineer, "make_table.py")
    captured = ("capture", "create", "workspace", "--skip-site-packages", "--out", "env.json")
    engineer.do(*captured)
    archives = [a for zips in json.loads((engineer.work / "env.json").read_text())["zips"]
                for a in zips]  # fmt: skip
    assert archives and all(a.startswith(f"{PLACE}/default/") for a in archives), archives
    ran = engineer.run(*captured)
    assert ran.code == 0 and "uploaded" not in ran.out, ran
    words = ("view", "create", "words", "--source", "docs", "--select", "text", "--where", "id < 3")
    engineer.do(*words, "--chunker", "words:words", "--manifest", "env.json")
    (job,) = engineer.do("refresh", "words", "--concurrency", "1", "-o", "json").json()
    assert job["status"] == "DONE" and job["manifest"] == "workspace", job
    rows = engineer.do("table", "head", "words", "--limit", "5", "-o", "json").json()["rows"]
    assert rows and all(row["word"].startswith("*") for row in rows)
    renamed = engineer.do("api", "GET", "/genevactl/v1/capabilities").json()["capabilities"]
    assert "rename" not in renamed
    recreated = engineer.do("view", "recreate", "words", "--yes", "-o", "json").json()
    assert recreated["action"] == "recreated", recreated
    engineer.do("view", "drop", "words", "--yes")
