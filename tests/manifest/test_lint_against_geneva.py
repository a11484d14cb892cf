# SPDX-License-Identifier: Apache-2.0
"""`manifest lint`: what is unpinned, as the real package judges it."""

import random

import generate
from geneva.manifest import GenevaManifest, unpinned_pip_requirements
from test_against_geneva import PINNED, mangled


def test_the_rule_unpinned_has_the_clients_verdict(probe):
    rng = random.Random(31)
    verdicts = {True: 0, False: 0}
    for _ in range(300):
        lines = [mangled(rng, rng.choice(PINNED + [generate.requirement(rng)])) for _ in range(5)]
        lines += [rng.choice(PINNED), generate.requirement(rng)]
        manifest = GenevaManifest.create_pip("m").pip(lines).allow_unpinned().build()
        answer = probe.ask("lint", text=manifest.to_json())
        found = [each for each in answer["findings"] if each["rule"] == "unpinned"]
        for index, line in enumerate(lines):
            expected = bool(unpinned_pip_requirements([line]))
            where = f"pip[{index}]"
            assert expected == any(each["where"] == where for each in found), (line, found)
            verdicts[expected] += 1
        assert all(each["severity"] == "warning" for each in found)
    assert min(verdicts.values()) > 200


def test_what_the_clients_check_misses_is_found(probe):
    missed = ["-e .", "git+https://example.org/x@main", "./wheels/a.whl", "-r more.txt"]
    missed += ["a @ https://user:password@example.org/a.whl", "b==1 --hash=sha256:00"]
    assert unpinned_pip_requirements(missed) == []
    manifest = GenevaManifest.create_pip("m").pip(missed).build()
    findings = probe.ask("lint", text=manifest.to_json())["findings"]
    assert [each["where"] for each in findings] == [f"pip[{i}]" for i in range(len(missed))]
    assert not any("password@" in str(each) for each in findings)


def test_every_reserved_variable_of_the_client_is_an_error(probe):
    manifest = GenevaManifest(name="m", env_vars={"GENEVA_ZIPS": "x", "PIP_EXTRA_INDEX_URL": "y"})
    findings = probe.ask("lint", text=manifest.to_json())["findings"]
    assert {(each["rule"], each["severity"]) for each in findings} == {("reserved-env", "error")}
    assert len(findings) == 2
