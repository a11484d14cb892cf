# SPDX-License-Identifier: Apache-2.0
"""Asks the column that the backfill computed: the documents nearest to a question in meaning.

    search.py "compress data with gzip" ...     prints the five nearest documents of each question
    search.py --expect zlib "compress data"     fails unless one of the five is of that module

Needs lancedb and wordllama; `genevactl local env` prints the two variables it reads.
"""

import argparse
import os
import pathlib
import sys

import geneva
import wordllama


def nearest(table, vector):
    """Name and first line of the five nearest documents."""
    rows = table.search(vector, vector_column_name="embedding").select(["name", "text"]).limit(5)
    return [(row["name"], row["text"].strip().splitlines()[0]) for row in rows.to_list()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("questions", nargs="+")
    parser.add_argument("--expect", metavar="MODULE", action="append", default=[])
    arguments = parser.parse_args()

    folder = pathlib.Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(cache_dir=folder, dim=256, disable_download=True)
    database = geneva.connect(
        "db://default",
        host_override=os.environ["LANCEDB_URI"],
        api_key=os.environ["LANCEDB_API_KEY"],
    )
    table = database.open_table("docs")
    modules = set()
    for question, vector in zip(arguments.questions, model.embed(arguments.questions, norm=True)):
        print(f"{question}:")
        for name, line in nearest(table, vector):
            print(f"  {name:30} {line[:68]}")
            modules.add(name.partition(".")[0])
    missing = set(arguments.expect) - modules
    if missing:
        sys.exit(f"search.py: error: no hit from {', '.join(sorted(missing))}")


if __name__ == "__main__":
    main()
