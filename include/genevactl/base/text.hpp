// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace genevactl::base {

/// The text without control characters and escape sequences (C0 but newline and tab, DEL, C1, and
/// the bidirectional overrides): what a server said, fit for a terminal. Invalid UTF-8 becomes
/// U+FFFD.
std::string printable(std::string_view text);

/// The candidates most like `name`, best first, at most `limit`; none that would be a wild guess
/// (an edit distance above a third of the length).
std::vector<std::string> nearest(std::string_view name, std::span<const std::string> candidates,
                                 std::size_t limit = 3);
/// "did you mean a, b or c?" from nearest(), or "" when nothing is near.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

/// Is all of it UTF-8 as Unicode 15 table 3-7 has it (no overlong forms, no surrogates)?
bool is_utf8(std::string_view text);

std::string_view trim(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
bool starts_with(std::string_view text, std::string_view prefix);
/// ASCII lower case; other bytes stay.
std::string lower(std::string_view text);
/// The columns a terminal needs for UTF-8 text (wide East Asian and emoji count two, marks none).
std::size_t display_width(std::string_view text);
/// Cut to at most `columns` terminal columns, the last being "…" if something was cut.
std::string elide(std::string_view text, std::size_t columns);
/// Quoted so that a POSIX shell reads it as one word; plain words stay as they are.
std::string shell_quote(std::string_view word);
/// 1234567 -> "1,234,567".
std::string group_digits(long long number);
/// "1 row", "2 rows".
std::string plural(long long count, std::string_view noun);

}  // namespace genevactl::base
