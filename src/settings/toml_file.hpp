// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"

namespace genevactl::settings {

/// A position in a text file: both start at 1, columns count code points.
struct Place {
    unsigned line = 1;
    unsigned column = 1;
    auto operator<=>(const Place&) const = default;
};

/// A key of a TOML file and what it holds (TOML 1.0), without the library's types.
struct Node {
    enum class Kind : std::uint8_t { table, text, integer, real, boolean, other };
    std::string key;
    Place key_place;
    Kind kind = Kind::table;
    std::string text;            ///< of a scalar: the value, "3", "0.5", "true"
    Place begin;                 ///< where the value begins; of [a.b] where the header does
    Place end;                   ///< one past the value's last character, or past the header's "]"
    std::vector<Node> children;  ///< of a table, in the order of the file

    const Node* child(std::string_view name) const;
};

/// "a table", "text", "an integer": what a value is, for messages.
std::string_view name_of(Node::Kind kind);

/// "geneva.toml:3:7".
std::string where(const std::filesystem::path& file, Place place);

/// The root table of a TOML text. Error usage with file, line and column.
base::Result<Node> parse_toml(std::string_view text, const std::filesystem::path& file);

/// The same of a file of 4 MiB at most; errors of base::read_file, too.
base::Result<Node> read_toml(const std::filesystem::path& file);

}  // namespace genevactl::settings
