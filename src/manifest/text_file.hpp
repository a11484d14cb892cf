// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"

namespace genevactl::manifest {

/// The bytes of a requirements file as UTF-8: by a byte order mark (UTF-8, UTF-16, UTF-32), by a
/// PEP 263 comment in the first two lines ("# -*- coding: latin-1 -*-"), else as UTF-8, as pip has
/// it. Errors (usage) name the file and, for a byte that does not belong, the line.
base::Result<std::string> decode_text(std::string_view bytes, std::string_view file);

/// A line as pip sees it: continuations joined, the comment cut off, trimmed, not empty; `number`
/// is that of its first line in the file, from 1.
struct LogicalLine {
    int number = 0;
    std::string text;
};
std::vector<LogicalLine> logical_lines(std::string_view text);

}  // namespace genevactl::manifest
