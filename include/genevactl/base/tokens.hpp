// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace genevactl::base {

/// Is the whole text one token of a shape that its issuer documents ("ghp_…", "AKIA…")?
bool is_token(std::string_view text);

/// Does such a token stand somewhere in the text? Stricter than is_token(), since in a page of code
/// much begins like one: it must be as long as its issuer's are, begin a word, and be no
/// placeholder (one and the same character, or no digit). One pass over the text.
bool holds_token(std::string_view text);

}  // namespace genevactl::base
