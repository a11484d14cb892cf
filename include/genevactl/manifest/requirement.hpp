// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/manifest/remark.hpp"

namespace genevactl::manifest {

/// Is the requirement fixed to one version, as the Python client judges it (one `==` or `===`
/// without `*`, or a direct reference)? What is no dependency specifier (URLs, paths, lines with
/// options) is not judged: true.
bool is_pinned(std::string_view requirement);

/// A requirements file inlined: requirements in pip's order, index URLs it named, and remarks.
struct InlinedRequirements {
    std::vector<std::string> requirements;
    std::vector<std::string> extra_index_urls;
    std::vector<Remark> remarks;
};

/// Reads a requirements file as pip 24 to 26 do ("Requirements File Format" of its documentation):
/// continuations, comments, nested -r and -c, markers kept, BOMs and PEP 263 encodings. Constraints
/// narrow the requirements that they name. Options that the workers' pip takes from the list stay
/// there as lines of their own. ${VAR} stays too, with a remark: the workers' pip fills it in, and
/// no secret gets into a manifest. Hashes are taken out and a remark says why.
/// Errors: not_found for a file that is not there; usage with FILE:LINE for text that is no
/// requirement, what a worker could not install (local paths, -e, file: URLs), options that a
/// manifest cannot carry, unknown options, bytes that are not in the file's encoding, a loop of
/// includes.
base::Result<InlinedRequirements> read_requirements(const std::filesystem::path& file);

}  // namespace genevactl::manifest
