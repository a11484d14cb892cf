# SPDX-License-Identifier: Apache-2.0
"""Packs an environment with what Python has for it and prints the seconds of the packing alone, and
the seconds of CPU that it took: the imports before it are not counted. Called by
measure_capture.py."""

import hashlib
import logging
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def geneva(_folder: Path, out: Path):
    """geneva's own packager: the working directory and site-packages of this interpreter."""
    from geneva.packager.autodetect import package_local_env_into_zips

    return lambda: package_local_env_into_zips(out)


def ray(folder: Path, out: Path):
    """Ray's packaging of a folder of runtime_env."""
    from ray._private.runtime_env.packaging import create_package

    out.mkdir(parents=True, exist_ok=True)
    target = out / "package.zip"
    target.unlink(missing_ok=True)
    return lambda: create_package(str(folder), target, False)


def floor(folder: Path, _out: Path):
    """Reads every file that a capture takes, and hashes it, with a thread for each processor."""

    def paths():
        for root, folders, files in os.walk(folder):
            if "__pycache__" in folders:
                folders.remove("__pycache__")
            yield from (os.path.join(root, name) for name in files if not name.endswith(".pyc"))

    def digest(path: str) -> int:
        with open(path, "rb", buffering=0) as file:
            content = file.read()
        hashlib.sha256(content).digest()
        return len(content)

    def work():
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return sum(pool.map(digest, list(paths()), chunksize=64))

    return work


def cpu() -> float:
    """Of this process and those that it started and that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> None:
    logging.disable(logging.CRITICAL)
    name, folder, out = sys.argv[1:]
    work = {"geneva": geneva, "ray": ray, "floor": floor}[name](Path(folder), Path(out))
    begin, busy = time.perf_counter(), cpu()
    work()
    print(time.perf_counter() - begin, cpu() - busy)


if __name__ == "__main__":
    main()
