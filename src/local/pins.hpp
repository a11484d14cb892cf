// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace genevactl::local {

/// One package of the managed environment, with the Python versions that get this version of it (a
/// PEP 508 marker; empty for all) and what it is there for.
struct Pin {
    std::string_view requirement;
    std::string_view marker;
    std::string_view why;
};

/// The table of packages; scripts/requirements-geneva.txt has the same versions.
const std::vector<Pin>& pins();

/// The table as requirements that pip and uv read: "numpy==2.2.6; python_version < '3.11'".
std::vector<std::string> pinned_requirements();
/// SHA-256 of the requirements: an environment made from another table is brought up to this one.
std::string pins_digest();

/// The version of geneva that is pinned.
std::string_view pinned_geneva();
/// The installer, where the machine has none: with it the environment takes seconds, not minutes.
inline constexpr std::string_view k_pinned_uv = "uv==0.13.9";

/// The minor versions of Python 3 that the pinned geneva runs on (its Requires-Python).
inline constexpr int k_oldest_python = 10;
inline constexpr int k_newest_python = 13;

}  // namespace genevactl::local
