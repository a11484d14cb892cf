# SPDX-License-Identifier: Apache-2.0
"""`serve`: the control plane of one deployment. Started by `genevactl local start`."""

import argparse
import os
import sys

# Run as a file, Python puts this very folder first on the path; its modules must not shadow others.
_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [os.path.dirname(_HERE)] + [p for p in sys.path if p and os.path.abspath(p) != _HERE]

_NEEDS = {
    "aiohttp": "aiohttp",
    "lance": "pylance",
    "lance_namespace": "lance-namespace",
    "geneva": "geneva",
    "ray": "ray",
}


def parse(words):
    """The command line; argparse ends with 2 on a usage error."""
    parser = argparse.ArgumentParser(prog="genevactl_local")
    serve = parser.add_subparsers(dest="command", required=True).add_parser("serve")
    serve.add_argument("--state", required=True)
    place = serve.add_mutually_exclusive_group(required=True)
    place.add_argument("--root")
    place.add_argument("--database")
    serve.add_argument("--port", type=int, default=0)
    serve.add_argument("--ray", default="auto")
    serve.add_argument("--config")
    serve.add_argument("--max-jobs", type=int, default=None)
    serve.add_argument("--idle-timeout", type=int, default=0)
    return parser.parse_args(words)


def missing():
    """One sentence about a Python or a package that will not do; None when all is well."""
    if not (3, 10) <= sys.version_info[:2] <= (3, 13):
        return f"Python 3.10 to 3.13 is needed, {sys.executable} is {sys.version.split()[0]}"
    from importlib import metadata, util

    for module, package in _NEEDS.items():
        if util.find_spec(module) is None:
            advice = "install geneva==0.17.0 there, or run `genevactl local setup`"
            return f"{sys.executable} has no {package}: {advice}"
    version = tuple(int(p) for p in metadata.version("geneva").split(".")[:2] if p.isdigit())
    if version < (0, 17):
        return (
            f"{sys.executable} has geneva {metadata.version('geneva')}, 0.17.0 or newer is needed: "
            "run `genevactl local setup`, or name another interpreter with --python"
        )
    return None


def main(words):
    options = parse(words)
    os.umask(0o077)
    problem = missing()
    if problem:
        print(f"genevactl local: {problem}", file=sys.stderr)
        return 2
    import asyncio

    from genevactl_local.config import ConfigError
    from genevactl_local.server import serve
    from genevactl_local.state import StateError

    try:
        return asyncio.run(serve(options))
    except (StateError, ConfigError) as error:
        print(f"genevactl local: {error}", file=sys.stderr)
        return getattr(error, "exit_code", 2)
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
