# SPDX-License-Identifier: Apache-2.0
"""The committed JSON Schema and the program agree on what a project file may say."""

import json
import os
import pathlib
import subprocess
import tomllib

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

EXAMPLE = """
[deployment]
uri = "db://demo"
[manifests.embedding-deps]
pip = ["wordllama==0.3.9"]
env_vars = { HF_HUB_OFFLINE = "1" }
[columns."docs.embedding"]
transform = "features:embed"
manifest = "embedding-deps"
inputs = ["text"]
backfill = "new"
where = "lang = 'en'"
[views.chunks]
source = "docs"
chunker = "features:split_document"
select = ["id", "text"]
where = "id > 2"
manifest = "embedding-deps"
refresh = "new"
"""

MANIFESTS = {  # what stands below [manifests.a], and whether that is right
    "pip = []": True,
    "pip = ['a==1', 'b']\nversion = '1'\nhead_image = 'h'\nworker_image = 'w'": True,
    "requirements = 'a.txt'": True,
    "requirements = ['a.txt', 'b.txt']\nextra_index_urls = ['https://a.test']": True,
    "lock = 'uv.lock'\nenv_vars = { A = '', 'B C' = 'x' }": True,
    "capture = true": True,
    "capture = true\nskip_site_packages = true\npip = ['a']\npy_modules = ['m']": True,
    "capture = true\nskip_site_packages = false": True,
    "file = 'a.json'": True,
    "": False,
    "pipp = []": False,
    "pip = 'a'": False,
    "pip = [1]": False,
    "pip = ['']": False,
    "pip = [' ']": False,
    "pip = []\nrequirements = 'a.txt'": False,
    "pip = []\nlock = 'uv.lock'": False,
    "pip = []\nfile = 'a.json'": False,
    "lock = 'uv.lock'\nrequirements = 'a.txt'": False,
    "lock = ['uv.lock']": False,
    "lock = ''": False,
    "requirements = []": False,
    "requirements = 1": False,
    "capture = false": False,
    "capture = 'yes'": False,
    "capture = true\nlock = 'uv.lock'": False,
    "capture = true\nskip_site_packages = 1": False,
    "pip = []\nskip_site_packages = true": False,
    "lock = 'uv.lock'\nskip_site_packages = true": False,
    "pip = []\nenv_vars = { A = 1 }": False,
    "pip = []\nenv_vars = ['A']": False,
    "pip = []\nversion = 1": False,
    "file = 'a.json'\nversion = '1'": False,
    "file = 'a.json'\nenv_vars = {}": False,
    "pip = 2026-01-01": False,
}

COLUMNS = {
    "transform = 'm:f'": True,
    "transform = 'a.b:c.d'\ninputs = []\nbackfill = 'never'": True,
    "transform = 'm:f'\nbackfill = 'always'\nwhere = 'a > 1'": True,
    "expression = 'a + 1'": True,
    "keep = true": True,
    "": False,
    "transform = 'm'": False,
    "transform = ':f'": False,
    "transform = 'm:'": False,
    "transform = ''": False,
    "transform = 'm:f'\nexpression = '1'": False,
    "transform = 'm:f'\nkeep = true": False,
    "transform = 'm:f'\nbackfill = 'later'": False,
    "transform = 'm:f'\nbackfill = true": False,
    "transform = 'm:f'\ninputs = 'a'": False,
    "transform = 'm:f'\nwhere = ''": False,
    "transform = 'm:f'\nrefresh = 'new'": False,
    "expression = '1'\nbackfill = 'new'": False,
    "expression = '1'\ninputs = ['a']": False,
    "expression = '1'\nwhere = 'a'": False,
    "keep = false": False,
    "keep = true\nwhere = 'a'": False,
}

VIEWS = {
    "source = 'docs'\nquery = true": True,
    "source = 'team/docs'\nquery = true\nselect = ['id', 'n=length(text)']\nwhere = 'id > 1'": True,
    "source = 'docs'\nchunker = 'm:f'\nrefresh = 'always'": True,
    "source = 'docs'\nudtf = 'm:f'\npartition_by = 'lang'\nrefresh = 'never'": True,
    "keep = true": True,
    "": False,
    "query = true": False,
    "source = 'docs'": False,
    "source = ''\nquery = true": False,
    "source = 'docs'\nquery = false": False,
    "source = 'docs'\nchunker = 'm'": False,
    "source = 'docs'\nchunker = 'm:f'\nudtf = 'm:f'": False,
    "source = 'docs'\nquery = true\nudtf = 'm:f'": False,
    "source = 'docs'\nchunker = 'm:f'\npartition_by = 'a'": False,
    "source = 'docs'\nquery = true\npartition_by = 'a'": False,
    "source = 'docs'\nquery = true\nselect = 'id'": False,
    "source = 'docs'\nquery = true\nrefresh = 'often'": False,
    "source = 'docs'\nkeep = true": False,
    "keep = true\nrefresh = 'new'": False,
    "source = ['docs']\nquery = true": False,
}

WHOLE = {
    "": True,
    EXAMPLE: True,
    "[settings]\npoll_interval = '5s'\nrequest_timeout = 30": True,
    "[columns.\"team/docs.`a.b`\"]\ntransform = 'm:f'": True,
    "[columns.docs.embedding]\ntransform = 'm:f'": False,
    "[columns.docs]\ntransform = 'm:f'": False,
    "columns = []": False,
    "[columns]\n\"docs.a\" = 'm:f'": False,
    "manifests = 'a'": False,
    "[manifests.\" \"]\npip = []": False,
    "[manifest.a]\npip = []": False,
    "[views]\nv = 1": False,
}

CASES = [
    *((f"[manifests.a]\n{text}", good) for text, good in MANIFESTS.items()),
    *((f"[columns.\"docs.a\"]\n{text}", good) for text, good in COLUMNS.items()),
    *((f"[views.v]\n{text}", good) for text, good in VIEWS.items()),
    *WHOLE.items(),
]


@pytest.fixture(scope="module")
def schema():
    document = json.loads((ROOT / "docs" / "geneva.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What the program says of each case."""
    program = os.environ.get(
        "GENEVACTL_PROJECT_PROBE", ROOT / "build" / "dev" / "tests" / "project_probe"
    )
    assert os.access(program, os.X_OK), f"{program} is not built (target project_probe)"
    folders = []
    for text, _ in CASES:
        folders.append(tmp_path_factory.mktemp("case"))
        (folders[-1] / "geneva.toml").write_text(text, encoding="utf-8")
    asked = "".join(f"{folder}\n" for folder in folders)
    done = subprocess.run([program], input=asked, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == len(CASES), done
    return {text: line.replace(str(f) + "/", "") for (text, _), line, f in
            zip(CASES, lines, folders)}


@pytest.mark.parametrize("text, good", CASES)
def test_the_schema_and_the_program_agree(schema, answers, text, good):
    said = [error.message for error in schema.iter_errors(tomllib.loads(text))]
    answer = answers[text]
    assert (answer == "ok") == good, answer
    assert (not said) == good, said
    if not good:  # with the line and the column
        assert answer.split(": ")[0].count(":") == 2, answer


def test_every_key_is_described(schema):
    for name, table in schema.schema["$defs"].items():
        for key, value in table["properties"].items():
            assert value["description"], (name, key)
