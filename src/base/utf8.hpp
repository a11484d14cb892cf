// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace genevactl::base {

inline constexpr char32_t k_replacement = 0xFFFD;

/// One code point off the front of a text: its value (U+FFFD where the bytes are no UTF-8, as
/// Unicode 15 section 3.9 recommends: one for each maximal part) and how many bytes it took.
struct CodePoint {
    char32_t value = 0;
    std::size_t length = 0;
    bool valid = true;
};

/// `text` is not empty.
CodePoint decode_utf8(std::string_view text);

/// Nothing but letters, digits, signs and blanks of ASCII, one column each: most of what there is.
bool is_plain_ascii(std::string_view text);

}  // namespace genevactl::base
