# SPDX-License-Identifier: Apache-2.0
"""Prints how long `genevactl capture create` takes, and how much memory, beside geneva's packager.

Everything is measured in one run, in turns, on a copy of one environment that is in the page cache.
A figure is the median of its turns; a ratio is one of two medians. The times of
genevactl, zip and bsdtar are of whole commands; of geneva's and Ray's packaging only the packing is
counted, not the seconds in which they are imported. Nothing is uploaded: archives are written to a
folder.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import measure

HERE = Path(__file__).resolve().parent


def processes() -> dict[int, int]:
    """The parent of every process."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parents[int(entry)] = int(
                    Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()[1]
                )
            except (OSError, IndexError):
                continue  # it has ended
    return parents


def memory_of(root: int) -> int:
    """KiB of a process and all below it; pages that several share count once."""
    parents = processes()
    family = {root}
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in family} - family
        family |= more
        grown = bool(more)
    sum_of_all = 0
    for pid in family:
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    sum_of_all += int(line.split()[1])
        except OSError:
            continue
    return sum_of_all


class Watcher(threading.Thread):
    """Looks at a process's memory every few milliseconds while it runs."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self._pid, self._done, self.peak = pid, threading.Event(), 0
        self.start()

    def run(self) -> None:
        while not self._done.wait(0.01):
            self.peak = max(self.peak, memory_of(self._pid))

    def stop(self) -> int:
        self._done.set()
        self.join()
        return self.peak


@dataclass
class Contestant:
    name: str
    words: list[str]
    out: Path
    inner: bool = False  # it prints the seconds that count
    seconds: dict[str, list[float]] = field(default_factory=dict)
    busy: dict[str, list[float]] = field(default_factory=dict)  # seconds of a CPU
    memory: dict[str, int] = field(default_factory=dict)  # KiB
    written: dict[str, tuple[int, int]] = field(default_factory=dict)  # files and bytes

    def run(self, case: str, project: Path, environment: dict[str, str], watch=False) -> None:
        before, busy = archives_in(self.out), measure.cpu_of_children()
        begin = time.perf_counter()
        process = subprocess.Popen(
            self.words, cwd=project, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        watcher = Watcher(process.pid) if watch else None
        out, err = process.communicate()
        seconds = time.perf_counter() - begin
        if process.returncode != 0:
            sys.exit(f"benchmarks/capture: error: {self.words} failed:\n{err}")
        if watcher:
            self.memory[case] = watcher.stop()
            return
        told = [float(text) for text in out.split()] if self.inner else []
        self.seconds.setdefault(case, []).append(told[0] if told else seconds)
        self.busy.setdefault(case, []).append(
            told[1] if told else measure.cpu_of_children() - busy
        )
        after = archives_in(self.out)
        new = {path: size for path, size in after.items() if before.get(path) != size}
        self.written[case] = (len(new), sum(size for size, _ in new.values()))

    def took(self, case: str) -> float:
        return statistics.median(self.seconds[case])


def archives_in(folder: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for path in folder.rglob("*") if folder.exists() else []:
        if path.is_file():
            status = path.stat()
            found[str(path)] = (status.st_size, status.st_mtime_ns)
    return found


def copied_environment(folder: Path) -> Path:
    """A copy of this interpreter's environment: its files may be changed then."""
    target = folder / "venv"
    subprocess.run(["cp", "-a", sys.prefix, str(target)], check=True)
    return target


def files_of_sizes(site: Path) -> tuple[Path, Path]:
    """A module of a small distribution, and one of the largest."""
    sizes = {}
    for info in site.glob("*.dist-info"):
        files = [
            site / line.split(",")[0]
            for line in (info / "RECORD").read_text().splitlines()
            if not line.startswith(("../", '"'))
        ]
        files = [path for path in files if path.is_file()]
        modules = [path for path in files if path.suffix == ".py" and path.stat().st_size < 100_000]
        if modules:
            sizes[info] = (sum(path.stat().st_size for path in files), sorted(modules)[0])
    small = min((v for v in sizes.values() if v[0] > 30_000), key=lambda value: value[0])
    largest = max(sizes.values(), key=lambda value: value[0])
    print(
        f"small distribution: {small[1].relative_to(site)}, {small[0] / 1e6:.1f} MB; "
        f"largest: {largest[1].relative_to(site)}, {largest[0] / 1e6:.1f} MB"
    )
    return small[1], largest[1]


def touch(path: Path, turn: int) -> None:
    path.write_text(path.read_text() + f"\n# {turn} {time.time_ns()}\n")


def case_table(case: str, title: str, own: Contestant, others: list[Contestant]) -> None:
    print(f"## {title}\n")
    rows = []
    for one in [own, *others]:
        if case not in one.seconds:
            continue
        ratio = one.took(case) / own.took(case)
        count, size = one.written[case]
        peak = f"{one.memory[case] / 1024:.0f} MiB" if case in one.memory else ""
        busy = measure.shown(statistics.median(one.busy[case]))
        rows.append([one.name, measure.shown(one.took(case)), f"{ratio:.1f}", busy, str(count),
                     f"{size / 1e6:.1f} MB", peak])  # fmt: skip
    headings = ["", "time", "against genevactl", "CPU", "archives", "written", "peak memory"]
    measure.table(headings, rows)


class Run:
    def __init__(self, options: argparse.Namespace, folder: Path):
        self.options, self.folder = options, folder
        self.project = folder / "project"
        self.project.mkdir()
        (self.project / "pyproject.toml").write_text("[project]\nname='p'\nversion='1'\n")
        (self.project / "features.py").write_text("ANSWER = 42\n")
        self.venv = copied_environment(folder)
        (self.site,) = self.venv.glob("lib/python*/site-packages")
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("GENEVA", "LANCE"))},
            **{f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "CACHE", "STATE")},
            "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        out = folder / "genevactl"
        self.own = Contestant(
            "genevactl capture create",
            [options.program, "capture", "create", "env", "--from-venv", str(self.venv),
             "--no-upload", "--output-dir", str(out), "--compression", options.compression,
             "--allow-platform-mismatch", "-q"], out)  # fmt: skip
        self.geneva = self.python("geneva", "geneva's packager")
        self.others = [self.python("floor", "read and hash every byte")]

    def python(self, what: str, name: str) -> Contestant:
        out = self.folder / what
        words = [str(self.venv / "bin" / "python"), str(HERE / "pack_with.py"), what,
                 str(self.site), str(out)]  # fmt: skip
        return Contestant(name, words, out, inner=True)

    def more(self) -> None:
        """What packs a folder but knows nothing of what it packed before."""
        self.others.append(self.python("ray", "Ray's packaging"))
        out = self.folder / "zip"
        out.mkdir()
        if shutil.which("zip"):
            words = ["zip", "-1", "-q", "-r", str(out / "a.zip"), str(self.site),
                     "-x", "*/__pycache__/*"]  # fmt: skip
            self.others.append(Contestant("zip -1", words, out))
        out = self.folder / "bsdtar"
        out.mkdir()
        if shutil.which("bsdtar"):
            words = ["bsdtar", "-c", "-f", str(out / "a.zip"), "--format", "zip",
                     "--exclude", "__pycache__", str(self.site)]  # fmt: skip
            self.others.append(Contestant("bsdtar", words, out))

    def forget(self, one: Contestant) -> None:
        shutil.rmtree(one.out, ignore_errors=True)
        one.out.mkdir()
        if one is self.own:
            self.empty_cache()

    def empty_cache(self) -> None:
        shutil.rmtree(self.folder / "CACHE" / "genevactl", ignore_errors=True)

    def run(self, one: Contestant, case: str, watch=False) -> None:
        one.run(case, self.project, self.environment, watch)

    def cold(self) -> None:
        for one in [self.own, self.geneva, *self.others]:
            for turn in range(self.options.rounds):
                self.forget(one)
                self.run(one, "cold")
                if turn == 0 and one not in (self.own, self.geneva):
                    break
        for one in (self.own, self.geneva):
            self.forget(one)
            self.run(one, "cold", watch=True)

    def known(self) -> None:
        for _ in range(self.options.rounds):
            self.empty_cache()
            self.run(self.own, "known")
            self.run(self.geneva, "known")

    def unchanged(self) -> None:
        time.sleep(2.1)  # until no file counts as just changed
        self.run(self.own, "warm-up")
        for _ in range(self.options.rounds):
            for _ in range(5):
                self.run(self.own, "unchanged")
            self.run(self.geneva, "unchanged")
        self.run(self.own, "unchanged", watch=True)

    def changed(self, case: str, path: Path) -> None:
        for turn in range(self.options.rounds):
            touch(path, turn)
            self.run(self.own, case)
            self.run(self.geneva, case)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="benchmarks/capture", description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--program", help="the genevactl to measure", required=True)
    parser.add_argument("--rounds", type=int, default=3, help="turns (3)")
    parser.add_argument("--compression", default="1", help="genevactl's --compression (1)")
    parser.add_argument("--alone", action="store_true", help="geneva's packager and no other")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds takes a number from 1")
    measure.machine(options.program, None)
    with tempfile.TemporaryDirectory(prefix="genevactl-benchmarks-") as folder:
        run = Run(options, Path(folder))
        if not options.alone:
            run.more()
        small, largest = files_of_sizes(run.site)
        print()
        run.run(run.others[0], "warm-up")  # into the page cache
        run.cold()
        case_table("cold", "Cold: nothing cached, nothing there", run.own,
                   [run.geneva, *run.others])  # fmt: skip
        run.known()
        case_table("known", "Nothing cached, everything there", run.own, [run.geneva])
        run.unchanged()
        case_table("unchanged", "Nothing changed", run.own, [run.geneva])
        run.changed("small", small)
        case_table("small", "One file changed in a small distribution", run.own, [run.geneva])
        run.changed("largest", largest)
        case_table("largest", "One file changed in the largest", run.own, [run.geneva])


if __name__ == "__main__":
    main()
