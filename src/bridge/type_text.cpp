// SPDX-License-Identifier: Apache-2.0
#include "type_text.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genevactl/base/text.hpp"

namespace genevactl::bridge {

namespace {

using Json = nlohmann::ordered_json;

constexpr int k_deepest = 64;
constexpr int k_precision_unit = 1000;  // the API writes decimals as precision * 1000 + scale

/// What the API calls otherwise than people (and pyarrow) do.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> k_names = {{
    {"utf8", "string"},
    {"large_utf8", "large_string"},
    {"float16", "halffloat"},
    {"float32", "float"},
    {"float64", "double"},
}};

struct Child {
    std::string name;
    std::string type = "?";
    std::vector<Child> children;
};

std::string text_of(const Json& type, std::vector<Child>& children, int depth);

Child child_of(const Json& field, int depth) {
    Child child;
    if (!field.is_object()) {
        return child;
    }
    if (field.contains("name") && field.at("name").is_string()) {
        child.name = field.at("name").get<std::string>();
    }
    if (field.contains("type")) {
        child.type = text_of(field.at("type"), child.children, depth);
    }
    return child;
}

std::string combined(const std::string& name, std::optional<std::int64_t> length,
                     const std::vector<Child>& children) {
    const auto first = children.empty() ? std::string("?") : children.front().type;
    if (name == "struct") {
        std::vector<std::string> parts;
        for (const auto& child : children) {
            parts.push_back(child.name + ": " + child.type);
        }
        return "struct<" + base::join(parts, ", ") + ">";
    }
    if (name == "fixed_size_list") {
        return fmt::format("{}<{}, {}>", name, first, length.value_or(0));
    }
    if (name == "list" || name == "large_list") {
        return fmt::format("{}<{}>", name, first);
    }
    if (name == "map" && !children.empty() && children.front().children.size() == 2) {
        const auto& entry = children.front().children;
        return fmt::format("map<{}, {}>", entry[0].type, entry[1].type);
    }
    if (base::starts_with(name, "decimal") && length) {
        return fmt::format("{}({}, {})", name, *length / k_precision_unit,
                           *length % k_precision_unit);
    }
    if (name == "fixed_size_binary" && length) {
        return fmt::format("{}({})", name, *length);
    }
    for (const auto& [api, people] : k_names) {
        if (name == api) {
            return std::string(people);
        }
    }
    return name;
}

std::string text_of(const Json& type, std::vector<Child>& children, int depth) {
    if (depth > k_deepest || !type.is_object() || !type.contains("type") ||
        !type.at("type").is_string()) {
        return "?";
    }
    if (type.contains("fields") && type.at("fields").is_array()) {
        for (const auto& field : type.at("fields")) {
            children.push_back(child_of(field, depth + 1));
        }
    }
    std::optional<std::int64_t> length;
    if (type.contains("length") && type.at("length").is_number_integer()) {
        length = type.at("length").get<std::int64_t>();
    }
    return combined(type.at("type").get<std::string>(), length, children);
}

}  // namespace

std::string type_text(const Json& type) {
    std::vector<Child> children;
    return text_of(type, children, 0);
}

}  // namespace genevactl::bridge
