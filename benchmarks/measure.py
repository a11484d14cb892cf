# SPDX-License-Identifier: Apache-2.0
"""Prints how long genevactl takes, and how much memory, beside the Python client and uv.

Everything is measured in one run, in turns, with one server over the same records, after a first
turn that does not count. A figure is the median of its turns; a ratio is one of two medians. Times
are of whole commands, from their start to their end.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import make_jobs

HERE = Path(__file__).resolve().parent
TIME = "/usr/bin/time"  # GNU time: a small parent, whose memory is not taken for its child's


@dataclass
class Command:
    """A command line and what was measured of it."""

    name: str
    words: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    slow: bool = False  # it takes seconds
    seconds: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)  # seconds of a CPU
    memory: list[int] = field(default_factory=list)  # KiB at the peak
    output: str = ""

    def run(self, counts: bool) -> None:
        """Memory is measured in a run of its own, which takes longer by GNU time's own start: a
        hundredth of a slow command, so that one run does for both.
        """
        if not os.path.exists(TIME):
            self._timed([], counts)
            return
        if not self.slow:
            self._timed([], counts)
        if counts or self.slow:
            with tempfile.NamedTemporaryFile("r") as report:
                self._timed([TIME, "-f", "%M", "-o", report.name], counts and self.slow)
                if counts:
                    self.memory.append(int(report.read().split()[-1]))

    def _timed(self, prefix: list[str], counts: bool) -> None:
        environment = {**os.environ, **self.environment}
        with tempfile.TemporaryFile("w+") as out:
            before, begin = cpu_of_children(), time.perf_counter()
            done = subprocess.run(
                [*prefix, *self.words], env=environment, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.PIPE, text=True, check=False,
            )  # fmt: skip
            seconds = time.perf_counter() - begin
            if done.returncode != 0:
                sys.exit(f"benchmarks/run: error: {self.words} failed:\n{done.stderr}")
            if counts:
                self.seconds.append(seconds)
                self.busy.append(cpu_of_children() - before)
            out.seek(0)
            self.output = out.read()

    @property
    def took(self) -> float:
        return statistics.median(self.seconds)

    @property
    def cpu(self) -> float:
        return statistics.median(self.busy)

    @property
    def peak(self) -> str:
        return f"{statistics.median(self.memory) / 1024:.1f} MB" if self.memory else "-"


def cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def in_turns(commands: list[Command], rounds: int) -> None:
    """One after the other, again and again: what else the machine does hits all of them."""
    for turn in range(rounds + 1):
        for command in commands:
            command.run(counts=turn > 0)


def shown(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def table(headings: list[str], rows: list[list[str]]) -> None:
    """A table in Markdown, which reads as well in a terminal."""
    widths = [max(len(row[i]) for row in [headings, *rows]) for i in range(len(headings))]
    for row in [headings, ["-" * width for width in widths], *rows]:
        print("| " + " | ".join(text.ljust(width) for text, width in zip(row, widths)) + " |")
    print()


class Deployment:
    """A local deployment over records that were made for it."""

    def __init__(self, program: str, folder: Path, count: int):
        self._program = program
        self._root = folder / f"root-{count}"
        places = ("CONFIG", "STATE", "DATA", "CACHE")
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("LANCEDB_", "GENEVACTL_"))},
            "GENEVACTL_PYTHON": sys.executable,
            **{f"XDG_{name}_HOME": str(folder / name) for name in places},
        }
        make_jobs.make(self._root / "default", count)

    def __enter__(self) -> dict[str, str]:
        self._run("local", "start", "--root", str(self._root), "--detach", "-q")
        told = self._run("local", "env", "--root", str(self._root), "-o", "json")
        exports = json.loads(told)
        names = ("LANCEDB_URI", "LANCEDB_API_KEY")
        return {**self._environment, **{name: exports[name] for name in names}}

    def __exit__(self, *_error) -> None:
        self._run("local", "stop", "--root", str(self._root), "-q")

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [self._program, *words], env=self._environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            sys.exit(f"benchmarks/run: error: {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout


def machine(program: str, uv: str | None) -> None:
    def first_line(*words: str) -> str:
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()

    cpu = platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    print(f"{cpu}, {os.cpu_count()} cores; {system}, Linux {platform.release().split('-')[0]}")
    packages = ", ".join(f"{name} {version(name)}" for name in ("geneva", "lancedb", "pylance"))
    uv_version = first_line(uv, "--version") if uv else "uv is not there"
    versions = [first_line(program, "--version"), f"Python {platform.python_version()}", packages]
    print("; ".join([*versions, uv_version.split(" (")[0]]) + "\n")


def start_up(program: str, uv: str | None, rounds: int) -> None:
    print("## Start-up\n")
    ours = Command("genevactl --version", [program, "--version"])
    commands = [Command("true (a process that does nothing)", [shutil.which("true") or "true"])]
    commands += [ours, Command("genevactl --help", [program, "--help"])]
    commands.append(Command("genevactl job wait --help", [program, "job", "wait", "--help"]))
    if uv:
        commands.append(Command("uv --version", [uv, "--version"]))
    in_turns(commands, rounds * 8)
    client = Command("python -c 'import geneva'", [sys.executable, "-c", "import geneva"])
    client.slow = True
    in_turns([ours, client], rounds)
    rows = [
        [c.name, shown(c.took), f"{c.took / ours.took:.1f}", shown(c.cpu), c.peak]
        for c in [*commands, client]
    ]
    table(["command", "time", "against genevactl --version", "CPU", "peak memory"], rows)


def listing(program: str, folder: Path, count: int, rounds: int) -> None:
    print(f"## Listing {count} jobs\n")
    script = [sys.executable, str(HERE / "list_jobs.py")]
    with Deployment(program, folder, count) as environment:

        def command(name: str, *words: str) -> Command:
            return Command(name, list(words), environment)

        ours = command("genevactl job list -o json", program, "job", "list", "-o", "json")
        lines = command("genevactl job list -o jsonl", program, "job", "list", "-o", "jsonl")
        people = command("genevactl job list", program, "job", "list")
        newest = ("job", "list", "--limit", "10", "-o", "json")
        ten = command("genevactl job list --limit 10 -o json", program, *newest)
        documented = command("client: list_jobs()", *script, "documented")
        columns = command("client: those columns, as Arrow", *script, "columns")
        records = command("client: records", *script, "records")
        own, client = [ours, lines, people, ten], [documented, columns, records]
        for one in client:
            one.slow = True
        in_turns([*own, *client], rounds)
        in_turns(own, rounds * 4)
    check(len(json.loads(ours.output)), count, ours)
    rows = []
    for one in own:
        jobs = min(count, 10) if one is ten else count
        rows.append([one.name, str(jobs), shown(one.took), "", "", shown(one.cpu), one.peak])
    for one in client:
        told = json.loads(one.output)
        base = ten if one is documented else ours
        rows.append(
            [
                one.name, str(told["jobs"]), shown(one.took), f"{shown(told['import'])} + "
                f"{shown(told['query'])}", f"{one.took / base.took:.1f}", shown(one.cpu),
                one.peak,
            ]
        )  # fmt: skip
    headings = ["command", "jobs", "time", "import + query", "against genevactl", "CPU"]
    table([*headings, "peak memory"], rows)


def check(found: int, expected: int, command: Command) -> None:
    if found != expected:
        sys.exit(f"benchmarks/run: error: {command.name} has {found} of {expected} jobs")


def growth(program: str, folder: Path, counts: list[int]) -> None:
    print("## Memory of `job list` by the number of jobs\n")
    rows = []
    for count in counts:
        with Deployment(program, folder / "growth", count) as environment:
            forms = [["-o", "json"], ["-o", "jsonl"], ["-o", "name"], []]
            commands = [
                Command("", [program, "job", "list", *form], environment) for form in forms
            ]
            in_turns(commands, 3)
        rows.append([str(count), *(command.peak for command in commands)])
    table(["jobs", "-o json", "-o jsonl", "-o name", "table"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="benchmarks/run", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--program", help="the genevactl to measure", required=True)
    parser.add_argument("--jobs", type=int, default=10_000, help="records to list (10000)")
    parser.add_argument("--rounds", type=int, default=5, help="turns that count (5)")
    options = parser.parse_args()
    if options.jobs < 1 or options.rounds < 1:
        parser.error("--jobs and --rounds take a number from 1")
    beside = Path(sys.executable).with_name("uv")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the deployment is stopped then too
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if not os.path.exists(TIME):
        print("(without the package `time` no memory is measured)\n")
    machine(options.program, uv)
    start_up(options.program, uv, options.rounds)
    with tempfile.TemporaryDirectory(prefix="genevactl-benchmarks-") as folder:
        listing(options.program, Path(folder), options.jobs, options.rounds)
        counts = sorted({max(options.jobs // 100, 1), max(options.jobs // 10, 1), options.jobs})
        growth(options.program, Path(folder), counts)


if __name__ == "__main__":
    main()
