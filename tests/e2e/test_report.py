# SPDX-License-Identifier: Apache-2.0
"""The page of `job report`, loaded by a real browser: it asks for nothing, says nothing to the
console, and its pictures are where they belong.
"""

import json
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "src" / "local" / "python"))
HOSTILE = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


def metric(done, total):
    return json.dumps({"name": "rows_checkpointed", "n": done, "total": total, "desc": "Rows"})


@pytest.fixture(scope="module")
def jobs(deployment, user):
    """A database of the running deployment with two jobs, whose records were written step by step;
    no engine is asked.
    """
    import geneva
    import lance
    import pyarrow as pa
    from genevactl_local import jobs_table
    from genevactl_local.databases import Databases

    root = user.work / "root"
    client = geneva.connect(
        "db://reports", host_override=deployment["LANCEDB_URI"],
        api_key=deployment["LANCEDB_API_KEY"],
    )  # fmt: skip
    client.create_table("docs", pa.table({"text": ["a"]}))
    database = Databases(root, "root").get("reports", True)
    record = {"table_name": "docs", "config": json.dumps({"where": "a < 'b'", "x": HOSTILE}),
              "events": [], "input_columns": ["text"], "output_columns": ["embedding"]}  # fmt: skip
    for number in (1, 2):
        job = f"job-{number}"
        jobs_table.insert(database, {**record, "job_id": job, "column_name": "embedding"})
        for step, event in enumerate(["Job planning", HOSTILE, "Executing backfill"]):
            time.sleep(0.15)
            jobs_table.update(database, job, {"status": "RUNNING"}, event)
            rows = metric(step * 40, 100).replace("'", "''")
            lance.dataset(jobs_table.open_table(database).uri).update(
                {"metrics": f"['{rows}']"}, where=f"job_id = '{job}'"
            )
        last = "Job completed" if number == 1 else "ValueError: no such word"
        jobs_table.update(database, job, {"status": "DONE" if number == 1 else "FAILED"}, last)
    return "db://reports"


def browse(page, folder):
    """The document after loading, what the console said, and what the page asked for."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "chromium is not installed (scripts/packages-test.txt)"
    log = folder / "net.json"
    done = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-dev-shm-usage", f"--user-data-dir={folder / 'profile'}",
         f"--log-net-log={log}", "--enable-logging=stderr", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    text = log.read_text()
    if not text.rstrip().endswith("}"):  # a browser that ends does not always close the list
        text = text.rstrip().rstrip(",") + "]}"
    return done.stdout, console, requests(json.loads(text))


def requests(log):
    """The URLs that a page, not the browser itself, asked for."""
    asked = []
    for event in log["events"]:
        parameters = event.get("params") or {}
        url, initiator = parameters.get("url", ""), parameters.get("initiator", "not an origin")
        if re.match(r"(https?|wss?|ftp)://", url) and initiator != "not an origin":
            asked.append(url)
    return asked


def numbers(element, *names):
    return [float(element.get(name)) for name in names]


def check_geometry(svg):
    """Everything lies inside the picture, and nothing is without a size."""
    _, _, width, height = map(float, svg.get("viewBox").split())
    assert width > 300 and height > 30
    count = 0
    for element in svg.iter():
        tag = element.tag.split("}")[-1]
        if tag == "rect":
            x, y, w, h = numbers(element, "x", "y", "width", "height")
            assert 0 <= x and x + w <= width + 2 and 0 <= y and y + h <= height, element.attrib
            assert w > 0 and h >= 0
            count += 1
        elif tag == "line":
            x1, y1, x2, y2 = numbers(element, "x1", "y1", "x2", "y2")
            assert 0 <= min(x1, x2) and max(x1, x2) <= width, element.attrib
            assert 0 <= min(y1, y2) and max(y1, y2) <= height, element.attrib
        elif tag in ("polyline", "polygon"):
            for point in element.get("points").split():
                x, y = map(float, point.split(","))
                assert 0 <= x <= width and 0 <= y <= height, point
            count += 1
        elif tag == "text":
            x, y = numbers(element, "x", "y")
            assert 0 <= x <= width and 0 < y <= height, element.attrib
    assert count > 0, "an empty picture"


@pytest.mark.parametrize("what", ["job-1", "job-2", "docs"])
def test_the_page_of(what, jobs, user, tmp_path):
    page = tmp_path / "report.html"
    user.do("--uri", jobs, "job", "report", what, "--html", page)
    text = page.read_text()
    pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(pictures) == (1 if what == "docs" else 2)
    for picture in pictures:
        check_geometry(ET.fromstring(picture))

    document, console, asked = browse(page, tmp_path)
    assert asked == []
    assert console == []
    assert "<title>docs" in document and "owned" not in re.search("<title>.*?<", document)[0]
    assert document.count("<svg") == len(pictures)  # the browser reads them as we do
    assert "<script" not in document and "<img" not in document
    if what != "docs":
        assert "&lt;script&gt;" in document
        assert "Job planning" in document and "Rows per second" in document
    assert not re.search(r"""(src|href)\s*=\s*["'](?!data:,)|url\(|@import""", text)


def test_events_have_the_times_of_old_versions(jobs, user):
    events = user.do("--uri", jobs, "job", "events", "job-1", "-o", "json").json()
    times = [event["at"] for event in events]
    assert [event["event"] for event in events][0::2] == ["Job planning", "Executing backfill"]
    assert len(events) == 4 and None not in times and times == sorted(set(times))
