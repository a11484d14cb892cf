// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "genevactl/base/error.hpp"

namespace genevactl::cli {

/// Where the arguments lead in the tree: the deepest command they name, and the first word after it
/// that looks like a command and is none.
struct Reached {
    const CLI::App* command;
    std::string path = {};  ///< "job list"; empty for the program itself
    std::string stranger = {};
};
Reached reach(const CLI::App& tree, const std::vector<std::string>& arguments);

/// CLI11's message as one of ours: what was wrong, in the names that the help shows, the nearest
/// name, and where the help is.
base::Error usage_error(const CLI::App& tree, const CLI::ParseError& parse,
                        const std::vector<std::string>& arguments);

}  // namespace genevactl::cli
