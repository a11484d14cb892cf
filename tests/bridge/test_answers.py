# SPDX-License-Identifier: Apache-2.0
"""What the bridge says of each kind of object and manifest, with the real geneva."""

import base64
import json
import sys

import pytest
from conftest import MODULES


@pytest.fixture(scope="module")
def manifests():
    """Canonical texts, by the real package in this process."""
    from geneva.manifest import GenevaManifest

    made = {
        "other": GenevaManifest.create_pip("other \U0001f600").pip(["six==1.17.0"]).build(),
        "same as pinned": GenevaManifest.create_pip("renamed")
        .pip(["cowsay==6.1"])
        .env_vars({"A": "ü"})
        .build(),
        "zips": GenevaManifest("zips", zips=[["a.zip"]]),
    }
    return {k: {"json": m.to_json(), "checksum": m.compute_checksum()} for k, m in made.items()}


@pytest.fixture(scope="module")
def answers(ask_many, manifests):
    other, given = manifests["other"], {"action": "register", "column": "c"}
    requests = {
        "plain": {"action": "inspect", "target": "features:plain"},
        "two inputs": {"action": "inspect", "target": "features:two_inputs"},
        "whole batch": {"action": "inspect", "target": "features:whole_batch"},
        "nested": {"action": "inspect", "target": "features:Group.inner"},
        "class": {"action": "inspect", "target": "features:Stateful"},
        "sizes": {"action": "inspect", "target": "features:sizes"},
        "chunker": {"action": "inspect", "target": "features:words"},
        "udtf": {"action": "inspect", "target": "features:table_function"},
        "pinned": {"action": "inspect", "target": "features:pinned"},
        "carried": {"action": "inspect", "target": "features:carried"},
        "installed": {"action": "inspect", "target": "json.decoder:JSONDecoder"},
        "function": {"action": "inspect", "target": "features:not_decorated"},
        "number": {"action": "inspect", "target": "features:NUMBER"},
        "needs arguments": {"action": "inspect", "target": "features:NeedsModel"},
        "typo": {"action": "inspect", "target": "features:plian"},
        "typo below": {"action": "inspect", "target": "features:Group.outer"},
        "several": {
            "action": "several",
            "requests": [
                {"version": 1, "action": "inspect", "target": "features:plain"},
                {"version": 1, "action": "inspect", "target": "features:plian"},
                {"version": 1, "action": "inspect", "target": "features:words"},
                {"version": 1, "action": "register", "target": "features:plain", "column": "c"},
                {},
            ],
        },
        "add chunker": {**given, "target": "features:words"},
        "add udtf": {**given, "target": "features:table_function"},
        "add sizes": {**given, "target": "features:sizes"},
        "pack": {"action": "pack", "target": "features:plain"},
        "pack sizes": {"action": "pack", "target": "features:sizes"},
        "pack chunker": {"action": "pack", "target": "features:words"},
        "no column": {"action": "register", "target": "features:plain"},
        "connection": {**given, "target": "features:holds_a_connection"},
        "pin": {**given, "target": "features:plain", "manifest": other},
        # (one process for all: a registration pins its manifest on the object)
        "pin zips": {**given, "target": "features:whole_batch", "manifest": manifests["zips"]},
        "conflict": {**given, "target": "features:pinned", "manifest": other},
        "same": {**given, "target": "features:pinned", "manifest": manifests["same as pinned"]},
        "not canonical": {
            **given,
            "target": "features:plain",
            "manifest": {**other, "json": other["json"].replace(",", ", ")},
        },
        "wrong checksum": {
            **given,
            "target": "features:plain",
            "manifest": {**other, "checksum": "0" * 64},
        },
        "not a manifest": {
            **given,
            "target": "features:plain",
            "manifest": {"json": '{"neither":1}', "checksum": ""},
        },
        "inputs": {**given, "target": "features:plain", "input_columns": ["a.b", "c"]},
        "metadata": {
            **given,
            "target": "features:two_inputs",
            "field_metadata": {"genevactl.digest": "ü"},
        },
        "replace": {
            **given,
            "target": "features:pinned",
            "manifest": other,
            "replace_pinned": True,
            "field_metadata": {"k": "v"},
        },
    }
    return dict(zip(requests, ask_many(MODULES, list(requests.values()))))


def test_what_a_udf_is(answers):
    plain = answers["plain"]
    assert plain["version"] == 1 and plain["kind"] == "udf"
    assert (plain["target"], plain["name"]) == ("features:plain", "plain")
    assert plain["inputs"] == ["text"] and plain["manifest"] is None
    int64 = {"type": "int64"}
    assert plain["outputs"] == [
        {"column": "", "struct_field": "", "data_type": int64, "nullable": True}
    ]
    assert plain["docstring"] == "How long the text is.\n\nSecond line."
    assert plain["environment"]["executable"] == sys.executable
    assert plain["environment"]["geneva"]
    assert "virtual_column" not in plain
    two = answers["two inputs"]
    assert (two["inputs"], two["transform_version"]) == (["text", "id"], "v7")
    assert two["resources"]["num_gpus"] == 0.25 and two["resources"]["cuda"] is True
    assert answers["pinned"]["resources"] | {"num_cpus": 0.5, "memory": 1 << 20} == (
        answers["pinned"]["resources"]
    )
    assert answers["whole batch"]["inputs"] == []
    assert answers["nested"]["name"] == "plain" and answers["class"]["name"] == "Stateful"


def test_what_makes_several_columns_or_rows(answers):
    outputs = [(o["column"], o["struct_field"]) for o in answers["sizes"]["outputs"]]
    assert outputs == [("words", "words"), ("letters", "letters")]
    for name in ("chunker", "udtf"):
        assert answers[name]["kind"] == name
        rows = [(o["column"], o["nullable"]) for o in answers[name]["outputs"]]
        assert rows == [("word", False), ("at", True)]
        assert answers[f"add {name}"]["error"]["kind"] == "unsupported"
    assert answers["udtf"]["parameters"]["partition_by"] == "id"
    refused = answers["add sizes"]["error"]
    assert refused["kind"] == "usage" and "words, letters" in refused["message"]


@pytest.mark.parametrize(
    ("name", "kind", "message", "hint"),
    [
        ("installed", "not-a-transform", "is a class", "@geneva.udf"),
        ("function", "not-a-transform", "is a plain function", "decorate it with @geneva.udf"),
        ("number", "not-a-transform", "is a builtins.int", "@geneva.udf"),
        ("needs arguments", "not-a-transform", "cannot be made without", "name the result"),
        ("typo", "object-not-found", "'features' has no 'plian'", "plain"),
        ("typo below", "object-not-found", "'features.Group' has no 'outer'", "inner"),
        ("no column", "usage", "column", ""),
        ("connection", "unsupported", "cannot be pickled", "inside the function"),
        ("conflict", "conflict", "pins manifest 'pinned-é'", "--replace-pinned"),
        ("not canonical", "manifest", "writes this manifest differently", "make it again"),
        ("wrong checksum", "manifest", "not 000000", "make it again"),
        ("not a manifest", "manifest", "cannot read the manifest", "manifest create"),
    ],
)
def test_errors(answers, name, kind, message, hint):
    error = answers[name]["error"]
    assert error["kind"] == kind and message in error["message"] and hint in error["hint"]


def test_pinning(answers, manifests):
    pinned = answers["pinned"]["manifest"]
    assert pinned["name"] == "pinned-é"
    assert pinned["checksum"] == manifests["same as pinned"]["checksum"]
    assert json.loads(pinned["json"])["pip"] == ["cowsay==6.1"]
    for name, key in (("pin", "other"), ("same", "same as pinned"), ("replace", "other")):
        entry, given = answers[name]["virtual_column"], manifests[key]
        assert entry["manifest"] == given["json"]
        assert entry["manifest_checksum"] == given["checksum"]
        assert answers[name]["alter_virtual_column"]["manifest"] == given["json"]


def test_a_pinned_manifest_is_in_the_pickle_too(answers):
    payload = json.loads(base64.b64decode(answers["pin"]["virtual_column"]["udf"]))
    assert b"six==1.17.0" in base64.b64decode(payload["udf_pickle"])


def test_inputs_and_metadata_of_the_request(answers):
    assert answers["inputs"]["virtual_column"]["input_columns"] == ["a.b", "c"]
    assert answers["inputs"]["inputs"] == ["a.b", "c"]
    assert _field_metadata(answers["metadata"]) == {"genevactl.digest": "ü"}
    assert _field_metadata(answers["replace"]) == {"lance:x": "1", "k": "v"}


def _field_metadata(answer):
    metadata = dict(answer["virtual_column"]["field_metadata"])
    assert metadata.pop("genevactl.identity") == answer["identity"]
    assert metadata.pop("genevactl.target") == answer["target"]
    return metadata


def test_how_it_travels(answers):
    assert answers["plain"]["pickling"]["mode"] == "by-value"
    assert answers["pinned"]["pickling"]["mode"] == "by-value"
    for name in ("carried", "pin zips"):
        assert answers[name]["pickling"]["mode"] == "by-reference"
        assert answers[name]["pickling"]["modules"] == []
        assert "archives" in answers[name]["pickling"]["reason"]


def test_packing_needs_no_column(answers):
    (output,) = answers["pack"]["virtual_column"]["outputs"]
    assert output == {**answers["plain"]["outputs"][0], "column": ""}
    assert answers["pack"]["alter_virtual_column"]["udf_name"] == "plain"
    several = answers["pack sizes"]
    assert [o["column"] for o in several["virtual_column"]["outputs"]] == ["words", "letters"]
    assert several["alter_virtual_column"] is None
    assert answers["pack chunker"]["error"]["kind"] == "unsupported"


def test_several_requests_get_the_answers_that_each_would_get_alone(answers):
    several = answers["several"]["answers"]
    assert several[:3] == [answers["plain"], answers["typo"], answers["chunker"]]
    assert "one of several" in several[3]["error"]["message"]
    assert "version" in several[4]["error"]["message"]
