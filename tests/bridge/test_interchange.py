# SPDX-License-Identifier: Apache-2.0
"""Field by field, a registration is what the real client sends for the same transform."""

import base64
import json

import pytest
from conftest import HERE, MODULES, run_python

TYPES = (
    "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 bool_ null utf8 "
    "large_utf8 binary large_binary date32 date64 string_view binary_view fixed_binary time32 "
    "time64 timestamp timestamp_utc duration decimal decimal256 list_of_int list_of_required "
    "large_list embedding embeddings struct struct_with_metadata map dictionary"
).split()
TRANSFORMS = {
    "plain": ("length", "features:plain", None),
    "pinned": ("c", "features:pinned", None),
    "carries its workspace": ("c", "features:carried", None),
    "two inputs": ("odd name.with `quotes`", "features:two_inputs", None),
    "inputs given": ("c", "features:plain", ["id"]),
    "whole batch": ("c", "features:whole_batch", None),
    "whole batch, inputs given": ("c", "features:whole_batch", ["id", "text"]),
    "stateful": ("c", "features:stateful", None),
    **{name: (f"of_{name}", f"types_of_all_kinds:of_{name}", None) for name in TYPES},
}

SEVERAL = (None, "features:sizes", None)


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """What the real client sends: (name -> virtual_column of add, the same of alter)."""
    answer = tmp_path_factory.mktemp("client") / "sent.json"
    cases = list(TRANSFORMS.values())
    adds = [*cases, SEVERAL]
    done = run_python(HERE / "client.py", {"adds": adds, "alters": cases}, answer, MODULES)
    assert done.returncode == 0, done.stderr
    result = json.loads(answer.read_text())
    adds = [body["new_columns"][0] if "error" not in body else body for body in result["adds"]]
    alters = [body["alterations"][0] if "error" not in body else body for body in result["alters"]]
    return dict(zip([*TRANSFORMS, "several"], adds)), dict(zip(TRANSFORMS, alters))


@pytest.fixture(scope="module")
def registered(ask_many):
    requests = [
        {"action": "register", "column": column, "target": target, "input_columns": inputs}
        for column, target, inputs in [*TRANSFORMS.values(), SEVERAL]
    ]
    return dict(zip([*TRANSFORMS, "several"], ask_many(MODULES, requests)))


def _payload(virtual_column):
    """The payload without what differs between two pickles of one function."""
    payload = json.loads(base64.b64decode(virtual_column["udf"]))
    assert payload.pop("udf_pickle") and payload.pop("udf_checksum")
    return payload


def _without_identity(virtual_column):
    """Ours without the one thing that the client does not send."""
    rest = {**virtual_column, "udf": ""}
    metadata = dict(rest.pop("field_metadata"))
    assert metadata.pop("genevactl.identity").startswith("v1:")
    assert ":" in metadata.pop("genevactl.target")
    return {**rest, "field_metadata": metadata} if metadata else rest


@pytest.mark.parametrize("name", TRANSFORMS)
def test_add_is_what_the_client_sends(name, sent, registered):
    theirs, ours = sent[0][name], registered[name]
    assert "error" not in theirs and "error" not in ours, (theirs, ours)
    theirs, ours = theirs["virtual_column"], ours["virtual_column"]
    assert _payload(ours) == _payload(theirs)
    assert _without_identity(ours) == {**theirs, "udf": ""}


def _without_group(virtual_column):
    """The outputs without the name of their group, which goes with the pickle's bytes."""
    outputs = virtual_column["outputs"]
    groups = {output["metadata"].pop("virtual_column.unpack_group") for output in outputs}
    assert len(outputs) == 2 and len(groups) == 1
    return virtual_column


def test_several_outputs_are_one_entry_as_the_client_sends_it(sent, registered):
    theirs, ours = sent[0]["several"], registered["several"]
    assert "error" not in theirs and "error" not in ours, (theirs, ours)
    assert theirs["name"] == ours["outputs"][0]["column"]
    assert ours["alter_virtual_column"] is None
    theirs, ours = theirs["virtual_column"], ours["virtual_column"]
    assert _payload(ours) == _payload(theirs)
    assert _without_identity(_without_group(ours)) == {**_without_group(theirs), "udf": ""}


@pytest.mark.parametrize("name", TRANSFORMS)
def test_alter_is_what_the_client_sends(name, sent, registered):
    theirs, ours = sent[1][name]["virtual_column"], registered[name]["alter_virtual_column"]
    assert _payload(ours) == _payload(theirs)
    assert _without_identity(ours) == {**theirs, "udf": ""}


def test_every_type_is_covered_and_told_apart(registered):
    types = [json.dumps(registered[n]["outputs"][0]["data_type"], sort_keys=True) for n in TYPES]
    assert len(set(types)) == len(TYPES)
    assert all(
        registered[n]["outputs"] == registered[n]["virtual_column"]["outputs"] for n in TYPES
    )
