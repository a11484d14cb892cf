// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/text.hpp"
#include "utf8.hpp"

namespace genevactl::base {

namespace {

constexpr char k_escape = '\x1b';
constexpr char k_bell = '\a';

/// Where a control sequence's final byte lies (ECMA-48 section 5.4), just after it; `at` is just
/// after its introducer.
std::size_t end_of_control_sequence(std::string_view text, std::size_t at) {
    while (at < text.size() && text[at] >= 0x20 && text[at] <= 0x3F) {
        ++at;
    }
    const bool ends = at < text.size() && text[at] >= 0x40 && text[at] <= 0x7E;
    return ends ? at + 1 : at;
}

/// The end of a string such as a window title: BEL or ST. Without one, nothing but the introducer
/// goes, so that a stray escape does not swallow the rest of a message.
std::size_t end_of_control_string(std::string_view text, std::size_t at) {
    for (auto i = at; i < text.size(); ++i) {
        if (text[i] == k_bell) {
            return i + 1;
        }
        if (text[i] == k_escape && i + 1 < text.size() && text[i + 1] == '\\') {
            return i + 2;
        }
        if (text[i] == '\n') {
            break;
        }
    }
    return at;
}

/// The end of the escape sequence whose ESC lies at `at`.
std::size_t end_of_escape(std::string_view text, std::size_t at) {
    ++at;
    if (at == text.size()) {
        return at;
    }
    switch (text[at]) {
        case '[':
            return end_of_control_sequence(text, at + 1);
        case ']':
        case 'P':
        case 'X':
        case '^':
        case '_':
            return end_of_control_string(text, at + 1);
        default:
            break;
    }
    while (at < text.size() && text[at] >= 0x20 && text[at] <= 0x2F) {
        ++at;
    }
    return at < text.size() && text[at] >= 0x30 && text[at] <= 0x7E ? at + 1 : at;
}

bool is_dropped(char32_t c) {
    if (c == '\n' || c == '\t') {
        return false;
    }
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C;
}

}  // namespace

std::string printable(std::string_view text) {
    if (is_plain_ascii(text)) {
        return std::string(text);
    }
    constexpr char32_t k_c1_control_sequence = 0x9B;
    std::string result;
    result.reserve(text.size());
    std::size_t at = 0;
    while (at < text.size()) {
        if (text[at] == k_escape) {
            at = end_of_escape(text, at);
            continue;
        }
        const auto point = decode_utf8(text.substr(at));
        if (!point.valid) {
            result += "\xEF\xBF\xBD";
        } else if (!is_dropped(point.value)) {
            result += text.substr(at, point.length);
        }
        at += point.length;
        if (point.valid && point.value == k_c1_control_sequence) {
            at = end_of_control_sequence(text, at);
        }
    }
    return result;
}

}  // namespace genevactl::base
