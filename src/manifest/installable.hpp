// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/manifest/remark.hpp"
#include "pep508.hpp"

namespace genevactl::manifest {

/// Checks that a worker's pip can install `text`: a dependency specifier, or a bare URL (then there
/// is nothing to return). Errors (usage) begin with `where` ("reqs.txt:3", "requirement 2"): no
/// requirement, with the column marked; a path, an archive or a file: URL of this machine; a
/// variable where no URL is.
base::Result<std::optional<Requirement>> check_installable(std::string_view text,
                                                           std::string_view where);

/// Does the text name a file of this machine: a path, an archive or a file: URL?
bool is_only_here(std::string_view text);

/// Is it a URL of version control without a full commit hash (or a number, for Subversion and
/// Bazaar)? What it installs changes by itself.
bool follows_a_branch(std::string_view text);

/// The error of `-e`, a path or a wheel: workers do not see this machine's files.
tl::unexpected<base::Error> only_on_this_machine(std::string_view what, std::string_view where);

/// Is it the URL of an index or of a page of links that a worker can open? Errors (usage) as above.
base::Status check_index_url(std::string_view url, std::string_view option, std::string_view where);

/// The names in `${NAME}` as pip expands them: capital letters, digits, underscores.
std::vector<std::string> variables_in(std::string_view text);

/// What should be said of a text that a manifest will hold: variables left for the worker's pip,
/// user names and passwords.
void remark_on(std::string_view text, std::string_view where, std::vector<Remark>& remarks);

}  // namespace genevactl::manifest
