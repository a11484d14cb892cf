// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/manifest/remark.hpp"
#include "pep508.hpp"

namespace genevactl::manifest {

/// A line for a manifest's list.
struct ListedLine {
    std::string text;
    std::string where;                       ///< "reqs.txt:3", for errors and remarks
    std::optional<Requirement> parsed = {};  ///< nothing for a bare URL or an option
};

/// Requirements gathered from arguments and files, in pip's order, before constraints are applied.
struct RequirementList {
    std::vector<ListedLine> lines = {};
    std::vector<ListedLine> constraints = {};
    std::vector<std::string> extra_index_urls = {};
    std::vector<Remark> remarks = {};
    std::size_t hashes_left_out = 0;  ///< lines that had a hash
};

/// Adds a requirement given as an argument. Errors as check_installable().
base::Status add_argument(RequirementList& list, std::string_view text, std::string_view where);

/// Adds a requirements file and those that it includes. Errors as read_requirements().
base::Status add_file(RequirementList& list, const std::filesystem::path& file);

/// Narrows the lines by the constraints, so that what is installed is what pip would install:
/// a constraint without a marker joins the comparisons of its requirement, any other becomes a line
/// of its own for as long as the requirement holds; those of packages that no line names are left
/// out with a remark.
void apply_constraints(RequirementList& list);

/// One remark of all the hashes that were left out.
void remark_on_hashes(RequirementList& list);

}  // namespace genevactl::manifest
