// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/bridge/bridge.hpp"

namespace genevactl::bridge {

/// Where an interpreter looks for installed packages.
struct Site {
    std::string python;                      ///< "3.11"
    std::string platform;                    ///< "linux_x86_64"
    std::vector<std::string> site_packages;  ///< folders that exist; the user's own if it counts
};

/// Asks the interpreter (`site.getsitepackages()`, the user's site if enabled), and remembers the
/// answer in the cache folder for as long as the interpreter and its pyvenv.cfg stay what they are.
/// Errors: failed, if it does not run.
base::Result<Site> site_of(const base::Surroundings& surroundings, const Interpreter& interpreter);

}  // namespace genevactl::bridge
