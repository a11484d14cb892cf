// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "json_tree.hpp"

namespace genevactl::manifest {

/// A `pip:` list among the dependencies of an environment.
struct PipList {
    std::string where;  ///< "conda.dependencies[2].pip"
    std::vector<std::string> lines;
};
std::vector<PipList> pip_lists(const JsonValue& environment);

/// Does the environment install geneva, as a package of conda or in a `pip:` list?
bool brings_geneva(const JsonValue& environment);

}  // namespace genevactl::manifest
