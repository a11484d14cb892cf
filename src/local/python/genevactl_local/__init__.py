# SPDX-License-Identifier: Apache-2.0
"""The control plane of `genevactl local`: the LanceDB namespace API over local folders, plus jobs."""

API_VERSION = 1
