# SPDX-License-Identifier: Apache-2.0
"""Makes the table `docs` of the quickstart: the docstrings of the Python standard library.

Runs with any Python that has geneva; `genevactl local env` prints the two variables it reads.
"""

import ast
import importlib
import importlib.util
import os
import pathlib
import sys

import geneva
import pyarrow as pa

SHORTEST = 80  # characters: less hardly says what a function or a class is for


def docstrings(name):
    """(name, docstring) of a module and of its public functions and classes."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return
    if not spec.origin.endswith(".py"):  # written in C: it has no source to read
        yield name, importlib.import_module(name).__doc__
        return
    tree = ast.parse(pathlib.Path(spec.origin).read_bytes())
    yield name, ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield f"{name}.{node.name}", ast.get_docstring(node)


def documents():
    """The table: one row per docstring."""
    modules = sorted(m for m in sys.stdlib_module_names if not m.startswith("_"))
    found = [pair for module in modules for pair in docstrings(module)]
    found = [(n, t) for n, t in found if t and (n in modules or len(t) >= SHORTEST)]
    names, texts = zip(*found)
    return pa.table({"id": pa.array(range(len(names))), "name": names, "text": texts})


def main():
    database = geneva.connect(
        "db://default",
        host_override=os.environ["LANCEDB_URI"],
        api_key=os.environ["LANCEDB_API_KEY"],
    )
    table = database.create_table("docs", documents(), mode="overwrite")
    print(f"table docs: {table.count_rows()} rows, columns {', '.join(table.schema.names)}")


if __name__ == "__main__":
    main()
