// SPDX-License-Identifier: Apache-2.0
#include "utf8.hpp"

#include "genevactl/base/text.hpp"

namespace genevactl::base {

namespace {

/// How a sequence that starts with some byte goes on: its length, and the range of the second byte
/// (Unicode 15 table 3-7, which excludes overlong forms, surrogates and values above U+10FFFF).
struct Lead {
    std::size_t length;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
};

Lead lead_of(unsigned char byte) {
    if (byte >= 0xC2 && byte <= 0xDF) {
        return {2};
    }
    if (byte >= 0xE0 && byte <= 0xEF) {
        return {3, static_cast<unsigned char>(byte == 0xE0 ? 0xA0 : 0x80),
                static_cast<unsigned char>(byte == 0xED ? 0x9F : 0xBF)};
    }
    if (byte >= 0xF0 && byte <= 0xF4) {
        return {4, static_cast<unsigned char>(byte == 0xF0 ? 0x90 : 0x80),
                static_cast<unsigned char>(byte == 0xF4 ? 0x8F : 0xBF)};
    }
    return {0};
}

}  // namespace

CodePoint decode_utf8(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x80) {
        return {first, 1};
    }
    const auto lead = lead_of(first);
    if (lead.length == 0) {
        return {k_replacement, 1, false};
    }
    char32_t value = first & (0x7FU >> lead.length);
    for (std::size_t i = 1; i < lead.length; ++i) {
        const auto byte = i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
        const auto low = i == 1 ? lead.low : 0x80U;
        const auto high = i == 1 ? lead.high : 0xBFU;
        if (byte < low || byte > high) {
            return {k_replacement, i, false};
        }
        value = value << 6U | (byte & 0x3FU);
    }
    return {value, lead.length};
}

bool is_plain_ascii(std::string_view text) {
    bool plain = true;
    for (const char c : text) {
        plain &= c >= ' ' && c <= '~';  // without a way out: so the compiler takes many at once
    }
    return plain;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto point = decode_utf8(text);
        if (!point.valid) {
            return false;
        }
        text.remove_prefix(point.length);
    }
    return true;
}

}  // namespace genevactl::base
