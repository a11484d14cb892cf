// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "genevactl/run/complete.hpp"

namespace genevactl::cli {

/// What a shell needs to know of a command line that is still being typed.
struct Typed {
    /// The option or argument that the last word is a value of; null where it is a command or the
    /// name of an option.
    const CLI::Option* place = nullptr;
    std::string current;               ///< the last word, without "--option="
    std::string table;                 ///< the TABLE (or VIEW) that was named before
    std::vector<std::string> globals;  ///< the options of every command, with their values
};

/// Reads the words behind the program's name; the last one, which may be empty, is being typed.
Typed read_typed(const CLI::App& tree, const std::vector<std::string>& words);

/// What the value of an option or argument names, by its placeholder ("TABLE", "ID|TABLE").
std::vector<run::NameKind> kinds_of(const CLI::Option& option);
/// The same of a placeholder.
std::vector<run::NameKind> kinds_of(const std::string& placeholder);
/// Does it name something of the deployment or the settings, and never a file?
bool takes_only_names(const std::string& placeholder);

}  // namespace genevactl::cli
