// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pep508.hpp"

namespace genevactl::manifest {

/// A version of PEP 440 ("Version specifiers" of packaging.python.org). Numbers are decimal texts
/// of any length without leading zeros.
struct Version {
    std::string epoch = "0";
    std::vector<std::string> release = {};
    std::optional<std::pair<char, std::string>> pre = {};  ///< 'a', 'b' or 'r' (for rc)
    std::optional<std::string> post = {};
    std::optional<std::string> dev = {};
    std::vector<std::string> local = {};  ///< lower case
};

/// The version of a text in any of its spellings ("v1.0-ALPHA_1"), white space around it aside.
std::optional<Version> parse_version(std::string_view text);
/// Its normal form ("1.0a1"); zeros at the end of the release stay.
std::string to_text(const Version& version);
/// Less than, equal to, or greater than zero, as the versions are ordered (1.0 equals 1).
int compare(const Version& a, const Version& b);

/// Does the version satisfy all comparisons, pre-releases included? As
/// `SpecifierSet.contains(version)` of the packaging library; a text that is no version satisfies
/// only `===`, and none at all.
bool contains(const std::vector<VersionSpecifier>& specifiers, std::string_view version);

/// Can no version satisfy all comparisons?
bool is_unsatisfiable(const std::vector<VersionSpecifier>& specifiers);

}  // namespace genevactl::manifest
