// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "pep508.hpp"

namespace genevactl::manifest {

/// What a marker is asked of.
struct MarkerEnvironment {
    std::map<std::string, std::string> variables = {};  ///< `python_version`, `sys_platform`, …
    std::set<std::string> extras = {};  ///< normalized; what `extra` is compared with
    std::set<std::string> groups = {};  ///< normalized
};

/// Does the marker hold there ("Dependency specifiers" and PEP 751)? An empty one does. Versions
/// are compared by PEP 440, pre-releases included; what is no version as text. The problem is a
/// syntax error.
tl::expected<bool, SyntaxProblem> marker_holds(std::string_view marker,
                                               const MarkerEnvironment& environment);

}  // namespace genevactl::manifest
