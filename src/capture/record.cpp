// SPDX-License-Identifier: Apache-2.0
#include "record.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "genevactl/base/text.hpp"

namespace genevactl::capture {

namespace {

/// The first field of a line of CSV.
std::string first_field(std::string_view line) {
    if (line.empty() || line.front() != '"') {
        return std::string(line.substr(0, line.find(',')));
    }
    std::string field;
    for (std::size_t at = 1; at < line.size(); ++at) {
        if (line[at] == '"') {
            if (at + 1 >= line.size() || line[at + 1] != '"') {
                break;
            }
            ++at;
        }
        field += line[at];
    }
    return field;
}

/// Reads a Python string literal in plain or single quotes; moves `text` behind it.
std::optional<std::string> python_string(std::string_view& text) {
    if (text.empty() || (text.front() != '\'' && text.front() != '"')) {
        return std::nullopt;
    }
    const char quote = text.front();
    std::string value;
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == quote) {
            text.remove_prefix(at + 1);
            return value;
        }
        if (text[at] == '\\') {
            ++at;
            // repr() of a path escapes these two; anything else is not for us to guess.
            if (at >= text.size() || (text[at] != '\\' && text[at] != '\'')) {
                return std::nullopt;
            }
        }
        value += text[at];
    }
    return std::nullopt;
}

void skip(std::string_view& text, std::string_view characters) {
    text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
}

}  // namespace

std::vector<std::string> paths_of_record(std::string_view text) {
    std::vector<std::string> paths;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto path = first_field(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        while (!path.empty() && path.back() == '\r') {
            path.pop_back();
        }
        if (path.find("./") != std::string::npos) {
            path = std::filesystem::path(path).lexically_normal().string();
        }
        if (!path.empty() && path.front() != '/' && !base::starts_with(path, "../")) {
            paths.push_back(std::move(path));
        }
    }
    return paths;
}

std::vector<Mapping> mapping_of_finder(std::string_view text) {
    const auto begin = text.find("\nMAPPING");
    if (begin == std::string_view::npos) {
        return {};
    }
    text.remove_prefix(begin + 1);
    const auto brace = text.find("= {");
    if (brace == std::string_view::npos || brace > text.find('\n')) {
        return {};
    }
    text.remove_prefix(brace + 3);
    std::vector<Mapping> mapping;
    while (true) {
        skip(text, " ,\n");
        if (base::starts_with(text, "}")) {
            return mapping;
        }
        auto package = python_string(text);
        skip(text, " :");
        auto location = python_string(text);
        if (!package || !location) {
            return {};
        }
        mapping.push_back({std::move(*package), std::move(*location)});
    }
}

}  // namespace genevactl::capture
