// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"

namespace genevactl::settings {

/// The TOML text with `value` (as a string) at `path` ("profiles", "demo", "uri"), every other byte
/// as it was: comments, order, blank lines, line ends. A value that is there is replaced in its
/// place; a new key goes below the last one of its table; a new table to the end; a new key of the
/// root to the top. Error usage: no TOML, or a text in which that gives something else (an inline
/// table); `value` is never in the message.
base::Result<std::string> with_value(const std::string& text, const std::filesystem::path& file,
                                     const std::vector<std::string>& path, std::string_view value);

}  // namespace genevactl::settings
