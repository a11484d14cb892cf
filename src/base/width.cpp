// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>

#include "genevactl/base/text.hpp"
#include "utf8.hpp"
#include "width_tables.hpp"

namespace genevactl::base {

namespace {

bool contains(std::span<const CodeRange> ranges, char32_t c) {
    const auto after = std::upper_bound(
        ranges.begin(), ranges.end(), c,
        [](char32_t value, const CodeRange& range) { return value < range.first; });
    return after != ranges.begin() && c <= std::prev(after)->last;
}

std::size_t width_of(char32_t c) {
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || contains(k_no_width, c)) {
        return 0;
    }
    return contains(k_double_width, c) ? 2 : 1;
}

/// The bytes of the longest beginning that fits `columns`, marks of its last letter included.
std::size_t fitting(std::string_view text, std::size_t columns) {
    if (is_plain_ascii(text)) {
        return std::min(text.size(), columns);
    }
    std::size_t at = 0;
    std::size_t used = 0;
    while (at < text.size()) {
        const auto point = decode_utf8(text.substr(at));
        const auto width = width_of(point.value);
        if (used + width > columns) {
            break;
        }
        used += width;
        at += point.length;
    }
    return at;
}

}  // namespace

std::size_t display_width(std::string_view text) {
    if (is_plain_ascii(text)) {
        return text.size();
    }
    std::size_t width = 0;
    while (!text.empty()) {
        const auto point = decode_utf8(text);
        width += width_of(point.value);
        text.remove_prefix(point.length);
    }
    return width;
}

std::string elide(std::string_view text, std::size_t columns) {
    if (fitting(text, columns) == text.size()) {
        return std::string(text);
    }
    if (columns == 0) {
        return "";
    }
    return std::string(text.substr(0, fitting(text, columns - 1))) + "…";
}

}  // namespace genevactl::base
