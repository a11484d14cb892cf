// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace genevactl::manifest {

/// How many bytes the white space at the front of valid UTF-8 takes, as Python's str.isspace() has
/// it (which the `\s` of its regular expressions shares); 0 when there is none.
std::size_t whitespace_at_front(std::string_view text);
/// Likewise at the end.
std::size_t whitespace_at_end(std::string_view text);

/// `str.strip()` of valid UTF-8.
std::string_view strip(std::string_view text);
/// `str.splitlines()` of valid UTF-8: also at form feeds, U+0085, U+2028 and the like.
std::vector<std::string_view> split_lines(std::string_view text);

/// Where a comment of a requirements file begins: at the first `#` that starts the line or follows
/// white space, together with that white space; npos when there is none.
std::size_t find_comment(std::string_view line);

}  // namespace genevactl::manifest
