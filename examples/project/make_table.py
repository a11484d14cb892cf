# SPDX-License-Identifier: Apache-2.0
"""Makes the table `articles`, in db://default or the database that is named."""

import os
import sys

import geneva
import pyarrow as pa

ROWS = [
    ("birds", "the swift sleeps in the air. it lands to breed."),
    ("birds", "owls turn their heads. their eyes do not move."),
    ("stones", "granite is old lava. it cooled below the ground. that took ages."),
    ("stones", "chalk is made of shells."),
]

database = geneva.connect(
    sys.argv[1] if len(sys.argv) > 1 else "db://default",
    host_override=os.environ["LANCEDB_URI"],
    api_key=os.environ["LANCEDB_API_KEY"],
)
table = database.create_table(
    "articles",
    pa.table({
        "id": range(len(ROWS)),
        "topic": [topic for topic, _ in ROWS],
        "text": [text for _, text in ROWS],
    }),
)
print(f"articles: {table.count_rows()} rows")
