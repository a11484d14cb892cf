# SPDX-License-Identifier: Apache-2.0
"""Views that the real client makes and the program refreshes, on the real engine."""

import subprocess
import sys
from typing import Iterator, NamedTuple

import geneva
import pyarrow as pa
import pytest
from geneva.manifest import GenevaManifest
from test_both_ways import in_a_script

STABLE = {"new_table_enable_stable_row_ids": "true"}
STATS = pa.schema([("lang", pa.string()), ("texts", pa.int64()), ("longest", pa.int64())])


@in_a_script
class Chunk(NamedTuple):
    chunk_index: int
    chunk_text: str


@geneva.chunker(num_cpus=0.1)
@in_a_script
def split_document(text: str) -> Iterator[Chunk]:
    for index, line in enumerate(text.split(". ")):
        yield Chunk(index, line)


def group_stats(manifest):
    def group_stats(source) -> Iterator[pa.RecordBatch]:
        import pandas

        rows = source.to_arrow().to_pandas()
        assert isinstance(rows, pandas.DataFrame)
        for lang, group in rows.groupby("lang"):
            longest = int(group["text"].str.len().max())
            yield pa.record_batch([[lang], [len(group)], [longest]], schema=STATS)

    return geneva.udtf(
        in_a_script(group_stats), output_schema=STATS, input_columns=["lang", "text"],
        partition_by="lang", num_cpus=0.1, manifest=manifest,
    )


def read(database, name, *columns):
    """The rows of a view, sorted."""
    rows = database.client.open_table(name).to_arrow().to_pylist()
    return sorted(tuple(row[column] for column in columns) for row in rows)


def behind(database, view):
    shown = database.do("view", "show", view, "-o", "json").json()
    return shown["staleness"]["versions_behind"], shown["staleness"]["rows_behind"]


@pytest.mark.timeout(900)
def test_views_of_the_real_client_are_refreshed_and_follow_their_source(database, user):
    native = geneva.connect(str(user.work / "root" / database.name))
    pages = native.create_table(
        "pages",
        pa.table({"id": [1, 2, 3], "lang": ["en", "en", "de"], "text": ["a. b", "c", "d. e. f"]}),
        storage_options=STABLE,
    )
    client = database.client
    pages = client.open_table("pages")
    source = pages.search(None).select(["id", "lang", "text"])
    manifest = GenevaManifest.create_pip("stats").pip(["pandas==2.2.3"]).build()
    client.create_udtf_view("chunks", source, split_document)
    client.create_udtf_view("stats", source, group_stats(manifest))
    client.create_materialized_view(
        "recent", pages.search(None).select(["id", "lang"]).where("id > 2")
    )
    listed = database.do("view", "list", "-o", "json").json()
    kinds = {view["view"]: view["kind"] for view in listed}
    assert kinds == {"chunks": "chunker", "stats": "udtf", "recent": "query"}
    assert behind(database, "chunks") == (None, None)
    decision = database.do("resolve", "stats", "-o", "json").json()
    assert (decision["origin"], decision["checksum"]) == ("pinned", manifest.checksum)
    assert decision["candidates"][2]["checksum"] == manifest.checksum

    jobs = database.do("refresh", "chunks", "stats", "recent", "-o", "json").json()
    assert [(job["table"], job["column"], job["ended"]) for job in jobs] == [
        ("chunks", None, "done"), ("stats", None, "done"), ("recent", None, "done"),
    ]
    assert jobs[1]["manifest_checksum"] == manifest.checksum
    first = [(1, "a"), (1, "b"), (2, "c"), (3, "d"), (3, "e"), (3, "f")]
    assert read(database, "chunks", "id", "chunk_text") == first
    assert read(database, "stats", *STATS.names) == [("de", 1, 7), ("en", 2, 4)]
    assert read(database, "recent", "id", "lang") == [(3, "de")]
    for view in kinds:
        assert behind(database, view) == (0, 0), view

    pages.add(pa.table({"id": [4], "lang": ["en"], "text": ["g. h"]}))
    assert [behind(database, view)[1] for view in kinds] == [1, 1, 1]
    database.do("refresh", "chunks")
    assert read(database, "chunks", "id", "chunk_text") == [*first, (4, "g"), (4, "h")]
    assert behind(database, "chunks") == (0, 0)


@pytest.mark.timeout(900)
def test_views_of_ours_are_refreshed_by_the_real_client(database):
    source = ("--source", "docs", "--where", "id < 3")
    database.do("view", "create", "few", *source, "--select", "id,text", "--query")
    database.do(
        "view", "create", "words", *source, "--select", "id,text", "--chunker", "row_makers:split"
    )
    database.do(
        "view", "create", "counts", *source, "--select", "id,text", "--udtf", "row_makers:count",
        "--partition-by", "text",
    )
    for view in ("few", "words", "counts"):
        database.client.open_table(view).refresh(concurrency=1)
    assert read(database, "few", "id", "text") == [(n, f"hello {n}") for n in range(3)]
    words = [(n, at, word) for n in range(3) for at, word in enumerate(("hello", str(n)))]
    assert read(database, "words", "id", "at", "word") == words
    # The engine takes the partitions from the whole source, and the rows of each from the query.
    assert read(database, "counts", "rows") == [(0,)] * 7 + [(1,)] * 3
    listed = database.do("job", "list", "-o", "json").json()
    assert sorted((job["table"], job["status"]) for job in listed) == [
        ("counts", "DONE"), ("few", "DONE"), ("words", "DONE"),
    ]


def test_a_view_of_rows_without_stable_ids_is_explained(database):
    """Whatever the client's view tells, or else the rows of its source: no job is started."""
    docs = database.client.open_table("docs")
    source = docs.search(None).select(["id", "text"])
    database.client.create_materialized_view("pinned", source)
    database.client.create_udtf_view("chunks", source, split_document)
    version = docs.version
    docs.add(docs.to_arrow().slice(0, 1))
    for view in ("pinned", "chunks"):
        ran = database.run("refresh", view)
        assert ran.code == 2, ran
        assert f"genevactl refresh {view} --src-version {version}" in ran.err
        assert database.do("view", "show", view, "-o", "json").json()["staleness"]["pinned"]
    assert database.do("job", "list", "-o", "json").json() == []


SHOUT = """
import sys

import geneva
import pyarrow as pa

name, url, key = sys.argv[1:]
db = geneva.connect(f"db://{name}", host_override=url, api_key=key)
manifest = db.capture_local_environment(skip_site_packages=True)


@geneva.udf(data_type=pa.string(), manifest=manifest, num_cpus=0.1)
def shout(text: str) -> str:
    import only_here

    return text.upper() + only_here.MARK


db.open_table("docs").add_columns({"shouted": shout})
"""


@pytest.mark.timeout(900)
def test_what_the_real_client_captured_is_computed_by_us(database, deployment, user):
    folder = user.work / "of_the_client"
    folder.mkdir()
    (folder / "only_here.py").write_text("MARK = '!'\n")
    (folder / "register.py").write_text(SHOUT)
    words = [database.name, deployment["LANCEDB_URI"], deployment["LANCEDB_API_KEY"]]
    subprocess.run([sys.executable, "register.py", *words], cwd=folder, check=True, timeout=300)
    (job,) = database.do("backfill", "docs", "shouted", "-o", "json").json()
    assert job["status"] == "DONE"
    assert database.values("shouted") == [f"HELLO {n}!" for n in range(10)]
