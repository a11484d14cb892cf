// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/manifest/builder.hpp"

namespace genevactl::manifest {

/// Arguments can hold any bytes, and the writer of JSON would replace what is no UTF-8. Errors
/// (usage) name `where`.
base::Status check_utf8(std::string_view text, std::string_view where);
base::Status check_utf8(const std::vector<std::string>& texts, std::string_view where);

/// A manifest with what every kind has; `kind` is the word after `manifest create`. Errors (usage):
/// text that is not UTF-8, no name, a variable that may not or cannot be set.
base::Result<Built> begin_manifest(const BuilderOptions& options, std::string_view kind);

/// One remark of all the requirements that are not pinned to one version.
void remark_on_unpinned(const std::vector<std::string>& requirements, std::vector<Remark>& remarks);

/// Why geneva keeps the variable for itself; "" for any other.
std::string_view reserved_because(std::string_view variable);

}  // namespace genevactl::manifest
