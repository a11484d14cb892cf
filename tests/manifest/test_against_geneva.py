# SPDX-License-Identifier: Apache-2.0
"""Manifests and checksums, byte for byte as the real package makes them."""

import json
import logging
import random

import attrs
import generate
import pytest
from geneva.manifest import GenevaManifest, unpinned_pip_requirements

CASES = 520


def built_by_geneva(fields):
    """The same manifest by the Python builders."""
    builder = GenevaManifest.create_pip(fields["name"]).pip(fields["pip"])
    builder.py_modules(fields["py_modules"]).env_vars(dict(fields["env"]))
    for url in fields["urls"]:
        builder.add_extra_index_url(url)
    for field in ("head_image", "worker_image", "version"):
        if fields[field] is not None:
            getattr(builder, field)(fields[field])
    builder.upload_site_packages(fields["upload_site_packages"])
    return builder.allow_unpinned().build()


def test_built_manifests_equal_the_builders(probe):
    rng = random.Random(20261122)
    sizes = set()
    for case in range(CASES):
        fields = generate.manifest(rng)
        expected = built_by_geneva(fields)
        answer = probe.ask("build", **fields)
        assert answer.get("json") == expected.to_json(), (case, fields, answer)
        assert answer["checksum"] == expected.checksum
        sizes.add(len(fields["pip"]))
    assert {0, 1, 1000} <= sizes


def any_manifest(rng):
    """A manifest of the class itself: also what the pip builder does not set."""
    manifest = built_by_geneva(generate.manifest(rng))
    texts = lambda: [generate.text(rng) for _ in range(generate.length(rng, 100))]  # noqa: E731
    return attrs.evolve(
        manifest,
        checksum=None,
        zips=rng.choice([[[]], [], [[], []], [texts(), texts()]]),
        conda=rng.choice([{}, {generate.text(rng): generate.json_value(rng)}]),
        requirements_path=rng.choice([None, generate.text(rng)]),
        conda_environment_path=rng.choice([None, generate.text(rng)]),
    )


def test_manifests_of_every_field_are_read_and_written_alike(probe):
    rng = random.Random(2026)
    for case in range(CASES):
        expected = any_manifest(rng)
        for text in (
            expected.to_json(),
            json.dumps(json.loads(expected.to_json()), indent=2, ensure_ascii=False),
        ):
            answer = probe.ask("read", text=text)
            assert answer.get("json") == expected.to_json(), (case, answer)
            assert answer["checksum"] == expected.compute_checksum()


def test_bookkeeping_of_the_client_is_passed_over(probe):
    expected = GenevaManifest.create_pip("m").pip(["a==1"]).delete_local_zips().build()
    kept = ("created_at", "created_by", "delete_local_zips", "local_zip_output_dir")
    document = json.loads(expected.to_json()) | {name: getattr(expected, name) for name in kept}
    assert probe.ask("read", text=json.dumps(document, default=str))["json"] == expected.to_json()


def test_what_python_reads_as_another_value_is_refused(probe):
    good = json.loads(GenevaManifest.create_pip("m").build().to_json())
    for change in ({"name": 1}, {"pip": "a"}, {"pip": [1]}, {"env_vars": {"A": 1}}, {"pip": None}):
        assert probe.ask("read", text=json.dumps(good | change), verify=False)["error"]
    lone = json.dumps(good | {"name": "\ud800"})
    assert json.loads(lone)["name"] == "\ud800"
    error = probe.ask("read", text=lone, verify=False)["error"]
    assert error["kind"] == "usage" and "surrogate" in error["message"]


@pytest.mark.parametrize("name", ["GENEVA_ZIPS", "PIP_EXTRA_INDEX_URL"])
def test_reserved_variables_are_refused_by_both(probe, name):
    with pytest.raises(ValueError):
        GenevaManifest.create_pip("m").env_vars({name: "x"})
    error = probe.ask("build", name="m", env=[(name, "x")])["error"]
    assert error["kind"] == "usage" and name in error["message"]


PINNED = """\
a\na==1\na ==1\na== 1\n a==1 \na==1.*\na===1\na=== 1.*\na===1*2\na==1,==1\na==1,>=0\na>=1,==1
a~=1.0\na!=1\na>=1\na<=1\na>1\na<1\na==1,!=2\na==1,\na==1;python_version<'3'\na;python_version=='3'
a[x]\na[x]==1\na(==1)\na (==1.*)\na (>=1)\na@https://x/y.whl\na @ ./x\na @\nhttps://x/y.whl
git+https://x/y\n./x\nx.whl\na.tar.gz\n-r x.txt\n-e .\n# comment\n\na # comment\na==1 # c\na>=1 # ==1
a>=1 #==1\na#==1\na==1 --hash=sha256:abc\na>=1 --hash=sha256:abc\na==1 \\\n!!!\na b\na==\na=1
a==${V}\na>=${V}\n${V}\na==1!2.0\na==foo\na===foo\na===1,2\na===\na>=1\t#x\na>=1\xa0# x\na>=1\u3000
a>=\xa01\na;os_name==' # '\na ; os_name=='#'\na;\na>=1,\na ()\na~=1\na>=1.*\na>=1+l\na->=1\na_>=1
é>=1\na>=1alpha1\na>=1aaa\na/b>=1\na>=1; 'x' notin os_name\na>=1;'x'in os_name\n[a]>=1\na[x y]>=1
--pre\n--extra-index-url https://x/\na @ ${V}\na>=1 --config-settings=x=y\na\u2028>=1\na>=V1.0-REV-2
""".split("\n")


def warns(caplog, requirement):
    """Does the real builder warn of it?"""
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        GenevaManifest.create_pip("m").pip([requirement]).build()
    return any("unpinned" in record.getMessage() for record in caplog.records)


def test_pins_are_judged_as_the_builder_judges_them(probe, caplog):
    rng = random.Random(7)
    requirements = PINNED + [generate.requirement(rng) for _ in range(400)]
    verdicts = set()
    for requirement in requirements:
        expected = not warns(caplog, requirement)
        answer = probe.ask("parse", text=requirement)
        assert answer["pinned"] == expected, (requirement, answer)
        verdicts.add(expected)
    assert verdicts == {True, False}


def test_pins_of_mangled_requirements_are_judged_alike(probe):
    rng = random.Random(8)
    for _ in range(3000):
        requirement = mangled(rng, rng.choice(PINNED + [generate.requirement(rng)]))
        expected = not unpinned_pip_requirements([requirement])
        answer = probe.ask("parse", text=requirement)
        assert answer["pinned"] == expected, (requirement, answer)


def mangled(rng, requirement):
    """One to three characters put in, taken out or replaced."""
    characters = list(requirement)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(characters) + 1)
        added = rng.choice(list("=<>!~,;()[]@#'\" \t.-_*+v1ax\\\n$é\xa0"))
        characters[at : at + rng.randrange(2)] = rng.choice([[added], []])
    return "".join(characters)


def test_unpinned_requirements_are_remarked_on(probe):
    answer = probe.ask("build", name="m", pip=["a==1", "b", "c>=2"])
    assert any("2 requirements" in text and "b, c>=2" in text for text in answer["remarks"])
    answer = probe.ask("build", name="m", pip=["a==1", "b", "c>=2"], allow_unpinned=True)
    assert answer["remarks"] == []
