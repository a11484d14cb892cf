// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace genevactl::base {

/// Appends `text` as a string of JSON (RFC 8259 section 7) in UTF-8, as nlohmann's dump writes it:
/// only what must be escaped is; invalid UTF-8 becomes U+FFFD.
void append_json_text(std::string& out, std::string_view text);

}  // namespace genevactl::base
