# SPDX-License-Identifier: Apache-2.0
"""The control plane of `genevactl local`: the namespace API over local folders, and jobs."""

API_VERSION = 1
