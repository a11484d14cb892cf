// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/bridge/bridge.hpp"

namespace genevactl::bridge {

/// What an interpreter has.
struct Environment {
    std::string python;  ///< "3.11.2"
    /// geneva, lancedb, pylance, pyarrow and ray with their versions; "" for what is not there.
    std::vector<std::pair<std::string, std::string>> versions;
};

/// Asks an interpreter; nothing is imported. Errors: those of the bridge.
base::Result<Environment> describe_environment(const base::Surroundings& surroundings,
                                               const Interpreter& interpreter);

}  // namespace genevactl::bridge
