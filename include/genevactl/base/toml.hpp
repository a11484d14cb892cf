// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"

namespace genevactl::base {

/// A position in a text file: both start at 1, columns count code points.
struct TomlPlace {
    unsigned line = 1;
    unsigned column = 1;
    auto operator<=>(const TomlPlace&) const = default;
};

/// A key of a TOML file and what it holds (TOML 1.0), without the library's types.
struct TomlNode {
    enum class Kind : std::uint8_t { table, list, text, integer, real, boolean, other };
    std::string key;  ///< empty in a list
    TomlPlace key_place;
    Kind kind = Kind::table;
    std::string text;  ///< of a scalar: the value, "3", "0.5", "true"; of a date nothing
    TomlPlace begin;   ///< where the value begins; of [a.b] where the header does
    TomlPlace end;     ///< one past the value's last character, or past the header's "]"
    std::vector<TomlNode> children;  ///< of a table or list, in the order of the file

    /// The value of a table's key, or null.
    const TomlNode* child(std::string_view name) const;
};

/// "a table", "text", "an integer": what a value is, for messages.
std::string_view name_of(TomlNode::Kind kind);

/// "geneva.toml:3:7".
std::string where(const std::filesystem::path& file, TomlPlace place);

/// The root table of a TOML text. Error usage with file, line and column.
Result<TomlNode> parse_toml(std::string_view text, const std::filesystem::path& file);

/// The same of a file of `limit` bytes at most (4 MiB if not given); errors of read_file, too.
Result<TomlNode> read_toml(const std::filesystem::path& file,
                           std::size_t limit = std::size_t{4} << 20U);

/// A basic string of TOML 1.0, quotes included.
std::string toml_text(std::string_view text);
/// A key: bare where it may be, else a basic string.
std::string toml_key(std::string_view key);

}  // namespace genevactl::base
