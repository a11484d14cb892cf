// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

namespace genevactl::cli {

/// One command line, and the command that it is an example of.
struct Example {
    std::string_view command;  ///< "genevactl column add"
    std::string_view line;
};
/// All of them; a test parses each.
const std::vector<Example>& examples();

/// Those of one command, in their order.
std::vector<std::string> examples_of(std::string_view command);

/// Puts them below the help of their commands.
void add_examples(CLI::App& tree);

}  // namespace genevactl::cli
