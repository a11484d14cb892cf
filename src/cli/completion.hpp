// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "walk.hpp"

/// The completion scripts: commands and options stand in them, everything else is asked of the
/// program (complete.hpp). One file a shell.
namespace genevactl::cli {

std::string bash_script(const std::vector<CommandEntry>& commands);
std::string zsh_script(const std::vector<CommandEntry>& commands);
std::string fish_script(const std::vector<CommandEntry>& commands);
std::string powershell_script(const std::vector<CommandEntry>& commands);

/// The licence and where the script comes from, as comments.
std::string script_header(std::string_view shell);
/// The options that may follow a command: its own, and those of every command.
std::vector<std::string> option_words(const CommandEntry& command, const CommandEntry& root);
/// The options of any command that take a value.
std::vector<std::string> options_with_value(const std::vector<CommandEntry>& commands);

}  // namespace genevactl::cli
