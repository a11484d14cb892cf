# SPDX-License-Identifier: Apache-2.0
"""A directory as --uri gets a deployment by itself."""

import lance
import pyarrow as pa


def test_a_directory_gets_a_deployment_of_its_own_once(user, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    lance.write_dataset(pa.table({"id": [1, 2]}), folder / "docs.lance")
    clean = {"LANCEDB_URI": "", "LANCEDB_API_KEY": ""}
    try:
        first = user.do("table", "list", "--uri", folder, "-o", "name", **clean)
        assert first.out == "docs\n"
        assert f"starting a local deployment for {folder}" in first.err
        second = user.do("table", "show", "docs", "--uri", folder, "-o", "json", **clean)
        assert second.json()["rows"] == 2
        assert "starting" not in second.err
        status = user.do("local", "status", "--root", folder, "-o", "json").json()
        assert status["kind"] == "database"
        assert status["status"]["ray"]["state"] == "stopped"
    finally:
        user.stop(folder)


def test_a_directory_that_is_not_there_is_an_error_and_not_made(user, tmp_path):
    ran = user.run("table", "list", "--uri", tmp_path / "dta")
    assert ran.code == 5
    assert "no such directory" in ran.err
    assert not (tmp_path / "dta").exists()
