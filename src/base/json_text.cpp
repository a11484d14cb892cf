// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/json_text.hpp"

#include <nlohmann/json.hpp>

namespace genevactl::base {

namespace {

/// ASCII that stands for itself.
bool is_plain(std::string_view text) {
    bool plain = true;
    for (const char c : text) {
        plain &= c >= ' ' && c <= '~' && c != '"' && c != '\\';
    }
    return plain;
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
    if (!is_plain(text)) {
        out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        return;
    }
    out += '"';
    out += text;
    out += '"';
}

}  // namespace genevactl::base
