// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "genevactl/base/surroundings.hpp"

namespace genevactl::cli {

/// Runs one command: `arguments` without the program's name. The result goes to `out`, everything
/// else to `err`; returns the exit code (docs/exit-codes.md). Never throws.
int run(const std::vector<std::string>& arguments, const base::Surroundings& surroundings,
        std::ostream& out, std::ostream& err);

}  // namespace genevactl::cli
