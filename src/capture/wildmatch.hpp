// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace genevactl::capture {

/// What `*`, `?` and `[…]` do with a slash.
enum class Slash : std::uint8_t {
    ordinary,   ///< it is a character like any other
    separates,  ///< only `**` between slashes (or at an end) passes it
};

/// Does the whole text match the glob, as git's wildmatch has it (gitignore(5), "PATTERN FORMAT"):
/// `*`, `?`, `[a-z]`, `[!a]`, `[[:alpha:]]`, `\x`, and `**`? Bytes are compared; an unfinished
/// bracket or backslash matches nothing.
bool wildmatch(std::string_view glob, std::string_view text, Slash slash);

}  // namespace genevactl::capture
