# SPDX-License-Identifier: Apache-2.0
"""A root in a bucket: what of the environment counts, and what a store says that cannot be used."""

import sys
from pathlib import Path

import pytest
from genevactl_local import buckets
from genevactl_local.buckets import Bucket, BucketError
from genevactl_local.config import ConfigError

sys.path.insert(0, str(Path(__file__).parents[1] / "storage"))
from s3_server import BUCKET, REGION, MotoServer  # noqa: E402

KEY = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret"}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    server = MotoServer(tmp_path_factory.mktemp("store"))
    yield server
    server.stop()


@pytest.fixture
def keys(store):
    return {
        **{name.upper(): value for name, value in store.credentials.items()},
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{store.port}",
        "AWS_REGION": REGION,
    }


@pytest.fixture
def reach(monkeypatch):
    """Reaches a root as the server does, with these variables alone."""

    def command(url, variables):
        for name in {name for names in buckets._VARIABLES.values() for name in names}:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        bucket = Bucket.of(url, variables)
        for name, value in bucket.environment().items():
            monkeypatch.setenv(name, value)
        bucket.probe()
        return bucket

    return command


def test_the_variables_of_other_tools_count():
    bucket = Bucket.of("s3://b/p/", {**KEY, "AWS_DEFAULT_REGION": "eu-north-1", "AWS_PROFILE": ""})
    assert bucket.url == "s3://b/p"
    assert bucket.vended() == {
        "aws_access_key_id": "AKID", "aws_secret_access_key": "secret", "aws_region": "eu-north-1",
    }
    assert bucket.environment() == {**KEY, "AWS_REGION": "eu-north-1"}


def test_an_expiry_goes_along_and_no_key_is_vended_where_there_is_none():
    bucket = Bucket.of("s3://b", {**KEY, "AWS_CREDENTIAL_EXPIRATION": "2030-01-01T00:00:00Z"})
    assert bucket.vended()["expires_at_millis"] == "1893456000000"
    assert Bucket.of("s3://b", {"AWS_PROFILE": "team"}).vended() is None


def test_http_is_for_loopback_unless_it_is_meant():
    near = Bucket.of("s3://b", {**KEY, "AWS_ENDPOINT_URL": "http://127.0.0.1:9000"})
    assert near.vended()["allow_http"] == "true" and near.vended()["aws_region"] == "us-east-1"
    far = {**KEY, "AWS_ENDPOINT_URL": "http://store.example.org"}
    with pytest.raises(ConfigError, match="is not encrypted.*AWS_ALLOW_HTTP=true"):
        Bucket.of("s3://b", far)
    meant = Bucket.of("s3://b", {**far, "AWS_ALLOW_HTTP": "1"})
    assert meant.environment()["AWS_ALLOW_HTTP"] == "true"


@pytest.mark.parametrize(
    "url, variables, text",
    [
        ("gs://b/p", KEY, "a root is a folder, or s3://BUCKET/PREFIX"),
        ("s3://", KEY, "looks like s3://BUCKET/PREFIX"),
        ("s3://b/../c", KEY, "looks like s3://BUCKET/PREFIX"),
        ("s3://b/a b", KEY, "looks like s3://BUCKET/PREFIX"),
        ("s3://b", {"AWS_ACCESS_KEY_ID": "AKID"}, "go together"),
        ("s3://b", {**KEY, "AWS_ENDPOINT_URL": "store"}, "looks like https://HOST"),
        ("s3://b", {**KEY, "AWS_ENDPOINT_URL": "https://u:p@h"}, "has a user or a password"),
        ("s3://b", {**KEY, "AWS_CREDENTIAL_EXPIRATION": "soon"}, "'soon', which is no time"),
    ],
)
def test_what_cannot_be_is_said(url, variables, text):
    with pytest.raises(ConfigError) as refused:
        Bucket.of(url, variables)
    assert text in str(refused.value) and "secret" not in str(refused.value)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", ".hidden", "a b", "=x", "a\n", "ü", "a%2f"])
def test_names_that_are_no_database(name):
    assert buckets.check_name(name) is not None


def test_what_is_there(reach, keys):
    bucket = reach(f"s3://{BUCKET}/some/place", keys)
    assert bucket.names() == [] and not bucket.has("one")
    for _ in range(2):
        buckets.put(f"{bucket.url}/one/t.lance", "_udfs/abc", b"bytes")
    assert bucket.names() == ["one"] and bucket.has("one") and not bucket.has("on")
    assert "secret" not in repr(bucket) and keys["AWS_SECRET_ACCESS_KEY"] not in repr(bucket)


@pytest.mark.parametrize(
    "changes, code, text",
    [
        ({"url": "s3://nobody-made-it/p"}, 5, "NoSuchBucket"),
        ({"AWS_SECRET_ACCESS_KEY": "wrong"}, 4, "correct AWS_SECRET_ACCESS_KEY"),
        ({"AWS_ACCESS_KEY_ID": "AKIDX"}, 4, "correct AWS_ACCESS_KEY_ID"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, 7, "http://127.0.0.1:1 cannot be reached"),
    ],
)
def test_a_store_that_cannot_be_used(reach, keys, changes, code, text):
    url = changes.get("url", f"s3://{BUCKET}/p")
    variables = {name: value for name, value in {**keys, **changes}.items() if name != "url"}
    with pytest.raises(BucketError) as failed:
        reach(url, variables)
    assert failed.value.exit_code == code and text in str(failed.value)
    assert variables["AWS_SECRET_ACCESS_KEY"] not in str(failed.value)
