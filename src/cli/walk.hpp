// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace genevactl::cli {

/// One option or argument of a command.
struct OptionEntry {
    std::vector<std::string> names;  ///< "-o", "--output"; for an argument its name in capitals
    std::string value;               ///< the placeholder of its value, "" for a flag
    std::string description;
    std::vector<std::string> choices = {};  ///< the values there are, where they are a few words
    bool positional = false;
    bool required = false;
    bool repeats = false;
};

/// One command of the tree with what stands below it, hidden ones left out.
struct CommandEntry {
    std::string path;  ///< "genevactl manifest create pip"
    std::string name;
    std::string description;
    std::vector<OptionEntry> options;  ///< its own, without --help
    std::vector<std::string> children;
    std::vector<std::string> examples;  ///< command lines (examples.hpp)
};

/// The placeholder of an option's value or of an argument, as the help shows it: "FILE".
std::string placeholder_of(const CLI::Option& option);
/// The values that an option takes, where they are a few words; empty elsewhere.
std::vector<std::string> choices_of(const CLI::Option& option);

/// Every command, parents first, in the order of the tree.
std::vector<CommandEntry> walk(const CLI::App& tree);

}  // namespace genevactl::cli
