// SPDX-License-Identifier: Apache-2.0
#include "json_line.hpp"

#include "genevactl/base/json_text.hpp"

namespace genevactl::run {

void JsonLine::begin(std::string_view name) {
    m_text += m_text.empty() ? "{\"" : ",\"";
    m_text += name;
    m_text += "\":";
}

void JsonLine::add(std::string_view name, int value) {
    begin(name);
    m_text += std::to_string(value);
}

void JsonLine::add(std::string_view name, std::string_view value) {
    begin(name);
    base::append_json_text(m_text, value);
}

void JsonLine::add(std::string_view name, std::optional<std::string_view> value) {
    if (value) return add(name, *value);
    begin(name);
    m_text += "null";
}

void JsonLine::add(std::string_view name, std::optional<base::WallTime> value) {
    begin(name);
    m_text += value ? '"' + base::rfc3339(*value) + '"' : "null";
}

void JsonLine::add(std::string_view name, const std::vector<std::string>& values) {
    begin(name);
    m_text += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0) m_text += ',';
        base::append_json_text(m_text, values[i]);
    }
    m_text += ']';
}

std::string JsonLine::text() && {
    m_text += m_text.empty() ? "{}" : "}";
    return std::move(m_text);
}

}  // namespace genevactl::run
