# SPDX-License-Identifier: Apache-2.0
"""The transform of the quickstart: a text becomes a vector of 256 numbers.

wordllama and its model come with the manifest; here, where the transform is only registered, it
need not be installed. That is why it is imported where it is used.
"""

import pathlib

import pyarrow as pa
from geneva import udf

DIMENSIONS = 256


@udf(data_type=pa.list_(pa.float32(), DIMENSIONS), input_columns=["text"], num_cpus=0.5)
class Embed:
    """One unit vector per text, so that the nearest ones are those of the same meaning."""

    def __init__(self):
        self.model = None

    def __call__(self, text: pa.Array) -> pa.Array:
        if self.model is None:
            self.model = self.load()  # once in every worker process
        vectors = self.model.embed([line or "" for line in text.to_pylist()], norm=True)
        return pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), DIMENSIONS)

    @staticmethod
    def load():
        """The model that the wordllama wheel itself carries: nothing is downloaded."""
        import wordllama

        folder = pathlib.Path(wordllama.__file__).parent
        return wordllama.WordLlama.load(cache_dir=folder, dim=DIMENSIONS, disable_download=True)


embed = Embed()
