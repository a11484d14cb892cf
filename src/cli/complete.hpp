// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "genevactl/base/surroundings.hpp"

namespace genevactl::cli {

/// The word by which the completion scripts ask the program itself:
///     genevactl __complete WORDS... LAST
/// The last word is the one being typed. It is no command of the tree: the words behind it are not
/// parsed as one's options.
inline constexpr std::string_view k_complete = "__complete";

/// Writes what may stand in place of the last word, one a line, behind a tab a few words about it.
/// 0: that is all there is; 1: file names may stand there, too. Takes less than a second, starts
/// nothing, and never says what went wrong: there is a prompt where it would appear.
int complete(const std::vector<std::string>& words, const base::Surroundings& surroundings,
             std::ostream& out);

}  // namespace genevactl::cli
