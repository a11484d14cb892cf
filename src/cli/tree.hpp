// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "invocation.hpp"

namespace genevactl::cli {

/// The whole command line as CLI11's tree. `invocation` outlives it.
std::unique_ptr<CLI::App> make_tree(Invocation& invocation);

/// A completion script for "bash", "zsh", "fish" or "powershell", made from the tree.
std::string completion_script(const CLI::App& tree, const std::string& shell);

/// docs/reference.md: every command with its synopsis and options, made from the tree.
std::string reference_page(const CLI::App& tree);

}  // namespace genevactl::cli
