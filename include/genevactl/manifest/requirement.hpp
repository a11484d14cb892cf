// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"

namespace genevactl::manifest {

/// Is the requirement fixed to one version, as the Python client judges it (one `==` or `===`
/// without `*`, or a direct reference; URLs, paths and option lines are not judged)?
bool is_pinned(std::string_view requirement);

/// A requirements file inlined: requirements in pip's order, index URLs it named, and remarks.
struct InlinedRequirements {
    std::vector<std::string> requirements;
    std::vector<std::string> extra_index_urls;
    std::vector<std::string> remarks;
};

/// Reads a requirements file as pip 24 does (continuations, comments, nested -r and -c, markers kept,
/// BOMs and PEP 263 encodings, ${VAR} left as they are); hashes are taken out and a remark says why.
/// Errors (usage) with file:line for what a worker could not install: local paths, -e, -f, unknown
/// options, a loop of includes.
base::Result<InlinedRequirements> read_requirements(const std::filesystem::path& file);

}  // namespace genevactl::manifest
