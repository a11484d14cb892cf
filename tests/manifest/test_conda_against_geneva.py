# SPDX-License-Identifier: Apache-2.0
"""Conda and site manifests, byte for byte as the real package makes them from what PyYAML reads."""

import json
import random

import generate
import generate_yaml
import pytest
import yaml
from geneva.manifest import GenevaManifest
from test_yaml_against_pyyaml import survives

CASES = 640


def common(rng, builder):
    """The fields that every builder has: set in both."""
    fields = generate.manifest(rng)
    builder.py_modules(fields["py_modules"]).env_vars(dict(fields["env"]))
    for field in ("head_image", "worker_image", "version"):
        if fields[field] is not None:
            getattr(builder, field)(fields[field])
    kept = ("name", "py_modules", "env", "head_image", "worker_image", "version")
    return {name: fields[name] for name in kept} | {"uploads": fields["upload_site_packages"]}


def test_environment_files_equal_the_builders(probe, tmp_path):
    rng = random.Random(1)
    compared = 0
    path = tmp_path / "environment.yml"
    for case in range(CASES):
        content = generate_yaml.environment(rng)
        text = generate_yaml.written(rng, content)
        loaded = yaml.safe_load(text)
        channels = [generate.word(rng) for _ in range(rng.choice([0, 0, 2]))]
        specs = [generate.word(rng) + "=1" for _ in range(rng.choice([0, 0, 2]))]
        path.write_text(text, encoding="utf-8", newline="")
        loaded["channels"] = channels + loaded["channels"]
        loaded["dependencies"] = loaded["dependencies"] + specs
        builder = GenevaManifest.create_conda("m").conda(loaded)
        fields = common(rng, builder)
        expected = builder.name(fields["name"]).upload_site_packages(fields["uploads"]).build()
        answer = probe.ask(
            "conda",
            **{name: value for name, value in fields.items() if name != "uploads"},
            file=str(path),
            channels=channels,
            specs=specs,
            upload_site_packages=fields["uploads"],
        )
        if any(character in text for character in "\x85\u2028\u2029"):
            assert "read differently" in answer["error"]["message"]
            continue
        if "blank lines" in str(answer.get("error")):
            continue
        compared += 1
        assert answer.get("json") == expected.to_json(), (case, text, answer)
        assert answer["checksum"] == expected.checksum == expected.compute_checksum()
        assert probe.ask("read", text=answer["json"])["json"] == answer["json"]
    assert compared >= 500


def test_environments_of_arguments_equal_the_builders(probe):
    rng = random.Random(2)
    for _ in range(60):
        specs = [generate.word(rng) + "=1" for _ in range(rng.randint(1, 4))]
        channels = [generate.word(rng) for _ in range(rng.randrange(3))]
        content = {"channels": channels, "dependencies": specs}
        builder = GenevaManifest.create_conda("m").conda(
            {name: value for name, value in content.items() if value}
        )
        fields = common(rng, builder)
        expected = builder.name(fields["name"]).upload_site_packages(fields["uploads"]).build()
        uploads = fields.pop("uploads")
        answer = probe.ask(
            "conda", **fields, specs=specs, channels=channels, upload_site_packages=uploads
        )
        assert answer.get("json") == expected.to_json()


def test_site_manifests_equal_the_builders(probe):
    rng = random.Random(3)
    for _ in range(60):
        builder = GenevaManifest.create_site("m")
        fields = common(rng, builder)
        fields.pop("uploads")
        expected = builder.name(fields["name"]).build()
        assert probe.ask("site", **fields).get("json") == expected.to_json()


def test_what_json_cannot_hold_is_refused_where_the_builder_would_break_the_manifest(probe):
    for text in ("a: .nan", "a: -.inf", "10: x\n9: y", "null: a\nb: c"):
        assert not survives(yaml.safe_load(text))
        assert probe.ask("yaml", text=text)["error"]["kind"] == "usage"


MISTAKES = [
    ("- a\n", "mapping"),
    ("", "mapping"),
    ("dependencies: a\n", "no list of dependencies"),
    ("name: x\n", "no list of dependencies"),
    ("dependencies: [a\n", "not YAML"),
    ("dependencies: [a]\nchannels: b\n", "not a list"),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES)
def test_mistakes_are_named(probe, tmp_path, text, message):
    path = tmp_path / "environment.yml"
    path.write_text(text)
    answer = probe.ask("conda", name="m", file=str(path), channels=["c"])
    assert message in answer["error"]["message"], answer


def test_what_a_worker_trips_over_is_remarked_on(probe, tmp_path):
    path = tmp_path / "environment.yml"
    path.write_text("dependencies: [python, {pip: [numpy, -r x.txt, ./y]}]\ndependencies: [a]\n")
    remarks = " ".join(probe.ask("conda", name="m", file=str(path))["remarks"])
    assert "given twice" in remarks and "geneva" in remarks and "numpy" not in remarks
    path.write_text("dependencies: [python, {pip: [numpy, geneva==0.17.0, ./y]}]\n")
    remarks = " ".join(probe.ask("conda", name="m", file=str(path))["remarks"])
    assert "numpy" in remarks and "a path" in remarks and "does not bring" not in remarks


def test_the_bytes_of_a_conda_manifest_are_readable_by_the_client(probe):
    text = probe.ask("conda", name="m", specs=["a"], env=[("A", "é")])["json"]
    assert GenevaManifest.from_json(text).to_json() == text
    assert json.loads(text)["conda"] == {"dependencies": ["a"]}
