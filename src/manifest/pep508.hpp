// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace genevactl::manifest {

/// One comparison with a version: an operator of PEP 440 and what follows it.
struct VersionSpecifier {
    std::string op;
    std::string version;
};

/// A dependency specifier (packaging.python.org "Dependency specifiers", which grew out of PEP
/// 508). `name`, `extras` and `marker` are as written; either `specifiers` or `url` is empty.
struct Requirement {
    std::string name;
    std::vector<std::string> extras = {};
    std::vector<VersionSpecifier> specifiers = {};
    std::string url = {};
    std::string marker = {};  ///< without the semicolon
};

/// Why a text is no requirement: the byte where it stops being one, and what belongs there.
struct SyntaxProblem {
    std::size_t at = 0;
    std::string expected;
};

/// Parses exactly what the `packaging` library accepts, version grammar and marker syntax included;
/// markers are not evaluated. `text` is UTF-8.
tl::expected<Requirement, SyntaxProblem> parse_requirement(std::string_view text);

/// The problem of a marker ("python_version < '3.12' and …"), if it is none.
std::optional<SyntaxProblem> check_marker(std::string_view text);

/// The name by which an index knows the project (PEP 503): lower case, runs of `-_.` as one `-`.
std::string canonical_name(std::string_view name);

}  // namespace genevactl::manifest
