// SPDX-License-Identifier: Apache-2.0
#include "outline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "genevactl/base/text.hpp"

namespace genevactl::transport {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t k_largest_body = std::size_t{1} << 20U;
constexpr std::size_t k_longest_list = 20;
constexpr std::size_t k_longest_text = 500;
constexpr int k_deepest = 12;

/// Names of the namespace API whose texts are names, SQL or messages.
bool is_shown(std::string_view name) {
    constexpr std::array<std::string_view, 24> k_names = {"id",
                                                          "column",
                                                          "columns",
                                                          "column_names",
                                                          "name",
                                                          "path",
                                                          "filter",
                                                          "where",
                                                          "kind",
                                                          "type",
                                                          "error",
                                                          "detail",
                                                          "message",
                                                          "instance",
                                                          "job_id",
                                                          "tables",
                                                          "status",
                                                          "udf_name",
                                                          "rename",
                                                          "input_columns",
                                                          "cluster",
                                                          "commit_granularity",
                                                          "manifest_checksum",
                                                          "version"};
    return std::find(k_names.begin(), k_names.end(), name) != k_names.end();
}

Json outline_of(const Json& value, bool shown, int depth) {
    if (depth > k_deepest) {
        return "(deeper)";
    }
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        return shown && text.size() <= k_longest_text ? base::printable(text)
                                                      : fmt::format("({} bytes)", text.size());
    }
    if (value.is_array()) {
        auto list = Json::array();
        for (const auto& item : value) {
            if (list.size() == k_longest_list) {
                list.push_back(fmt::format("({} more)", value.size() - k_longest_list));
                break;
            }
            list.push_back(outline_of(item, shown, depth + 1));
        }
        return list;
    }
    if (value.is_object()) {
        auto object = Json::object();
        for (const auto& [name, item] : value.items()) {
            object[base::printable(name)] = outline_of(item, is_shown(name), depth + 1);
        }
        return object;
    }
    return value;
}

}  // namespace

Json outline(std::string_view body) {
    const auto first = base::trim(body.substr(0, 64));
    if (body.size() > k_largest_body || first.empty() ||
        (first.front() != '{' && first.front() != '[')) {
        return nullptr;
    }
    // Too deep for this reader's stack would be a body of nothing but brackets.
    int depth = 0;
    for (const char c : body) {
        depth += c == '{' || c == '[' ? 1 : 0;
        depth -= c == '}' || c == ']' ? 1 : 0;
        if (depth > 1000) {
            return nullptr;
        }
    }
    const auto parsed = Json::parse(body, nullptr, false);
    return parsed.is_discarded() ? Json() : outline_of(parsed, false, 0);
}

}  // namespace genevactl::transport
