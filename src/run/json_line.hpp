// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/clock.hpp"

namespace genevactl::run {

/// An object of JSON on one line, written member by member: the bytes that dump() makes of the same
/// tree, without the tree.
class JsonLine {
public:
    /// `size`: how many bytes it may well have.
    explicit JsonLine(std::size_t size) { m_text.reserve(size); }

    /// `name` is a field of ours, in which nothing needs to be escaped.
    void add(std::string_view name, int value);
    void add(std::string_view name, std::string_view value);
    void add(std::string_view name, std::optional<std::string_view> value);  ///< or null
    void add(std::string_view name, std::optional<base::WallTime> value);    ///< RFC 3339, or null
    void add(std::string_view name, const std::vector<std::string>& values);

    /// The whole object.
    std::string text() &&;

private:
    void begin(std::string_view name);

    std::string m_text = {};
};

}  // namespace genevactl::run
