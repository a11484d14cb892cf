// SPDX-License-Identifier: Apache-2.0
#include "python_text.hpp"

#include <array>

namespace genevactl::manifest {

namespace {

using std::string_view;

/// White space beyond ASCII, U+0085 to U+3000, as UTF-8 (Unicode's White_Space property).
constexpr std::array<string_view, 19> k_wide_spaces = {
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
    "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

/// Line ends beyond ASCII: NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR.
constexpr std::array<string_view, 3> k_wide_line_ends = {"\xC2\x85", "\xE2\x80\xA8",
                                                         "\xE2\x80\xA9"};

bool is_ascii_space(char c) {
    return (c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= ' ');
}

bool is_ascii_line_end(char c) {
    return (c >= '\n' && c <= '\r') || (c >= '\x1c' && c <= '\x1e');
}

/// The bytes of the line end at the front, or 0.
std::size_t line_end_at_front(string_view text) {
    if (is_ascii_line_end(text.front())) {
        return text.substr(0, 2) == "\r\n" ? 2 : 1;
    }
    for (const auto end : k_wide_line_ends) {
        if (text.substr(0, end.size()) == end) {
            return end.size();
        }
    }
    return 0;
}

}  // namespace

std::size_t whitespace_at_front(string_view text) {
    if (text.empty()) {
        return 0;
    }
    if (is_ascii_space(text.front())) {
        return 1;
    }
    for (const auto space : k_wide_spaces) {
        if (text.substr(0, space.size()) == space) {
            return space.size();
        }
    }
    return 0;
}

std::size_t whitespace_at_end(string_view text) {
    if (text.empty()) {
        return 0;
    }
    if (is_ascii_space(text.back())) {
        return 1;
    }
    for (const auto space : k_wide_spaces) {
        if (text.size() >= space.size() && text.substr(text.size() - space.size()) == space) {
            return space.size();
        }
    }
    return 0;
}

string_view strip(string_view text) {
    for (auto size = whitespace_at_front(text); size > 0; size = whitespace_at_front(text)) {
        text.remove_prefix(size);
    }
    for (auto size = whitespace_at_end(text); size > 0; size = whitespace_at_end(text)) {
        text.remove_suffix(size);
    }
    return text;
}

std::vector<string_view> split_lines(string_view text) {
    std::vector<string_view> lines;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto size = line_end_at_front(text.substr(at));
        if (size == 0) {
            ++at;
            continue;
        }
        lines.push_back(text.substr(begin, at - begin));
        at += size;
        begin = at;
    }
    if (begin < text.size()) {
        lines.push_back(text.substr(begin));
    }
    return lines;
}

std::size_t find_comment(string_view line) {
    for (auto at = line.find('#'); at != string_view::npos; at = line.find('#', at + 1)) {
        const auto before = line.substr(0, at);
        if (before.empty() || whitespace_at_end(before) > 0) {
            auto kept = before;
            for (auto size = whitespace_at_end(kept); size > 0; size = whitespace_at_end(kept)) {
                kept.remove_suffix(size);
            }
            return kept.size();
        }
    }
    return string_view::npos;
}

}  // namespace genevactl::manifest
