# SPDX-License-Identifier: Apache-2.0
"""What the processes of a job have printed: its driver's output as Ray's Jobs API tells it, its
workers' from the files of a Ray that runs on this machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DRIVER = "driver"
_MOST = 4 << 20  # bytes of a source that one answer has, and that are kept of it
_MOST_FILES = 64
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# Ray writes lines for itself into the files of its workers.
_RAYS_OWN = re.compile(r"^:(job_id|task_name|actor_name):.*\n?", re.MULTILINE)
_WORKER = re.compile(r"worker-[0-9a-f]+-[0-9a-f]+-(\d+)\.(out|err)$")


@dataclass(frozen=True)
class Output:
    """The end of what a source has printed: `data` begins at its byte `begin`."""

    begin: int
    data: bytes

    @classmethod
    def of_text(cls, text: str) -> Output:
        return cls.of_bytes(text.encode("utf-8", "replace"), 0)

    @classmethod
    def of_bytes(cls, data: bytes, begin: int) -> Output:
        cut = max(0, len(data) - _MOST)
        return cls(begin + cut, data[cut:])

    def part(self, source: str, position: int, ended: bool) -> dict:
        """What is new since `position`; a line that is still being written is left for later."""
        start = max(position, self.begin)
        end = self.begin + len(self.data)
        fresh = self.data[start - self.begin :] if start < end else b""
        if not ended:
            fresh = fresh[: fresh.rfind(b"\n") + 1]
        text = _RAYS_OWN.sub("", _ANSI.sub("", fresh.decode("utf-8", "replace")))
        return {
            "source": source,
            "skipped": max(0, self.begin - position),
            "text": text,
            "end": start + len(fresh),
        }

    def to_json(self) -> dict:
        return {"begin": self.begin, "text": self.data.decode("utf-8", "surrogateescape")}

    @classmethod
    def from_json(cls, kept: dict) -> Output:
        return cls(kept["begin"], kept["text"].encode("utf-8", "surrogateescape"))


def of_workers(folder: Path, ray_job: str) -> dict[str, Output]:
    """The outputs of a job's workers in the log folder of a Ray of this machine. Blocking."""
    found = {}
    for path in sorted(folder.glob(f"worker-*-{ray_job}-*"))[:_MOST_FILES]:
        match = _WORKER.search(path.name)
        if match is None:
            continue
        try:
            size = path.stat().st_size
            with open(path, "rb") as file:
                begin = max(0, size - _MOST)
                file.seek(begin)
                output = Output(begin, file.read(_MOST))
        except OSError:
            continue  # gone meanwhile
        if _RAYS_OWN.sub("", output.data.decode("utf-8", "replace")).strip():
            stream = "" if match[2] == "out" else " stderr"
            found[f"worker {match[1]}{stream}"] = output
    return found
