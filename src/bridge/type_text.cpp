// SPDX-License-Identifier: Apache-2.0
#include "type_text.hpp"

#include <vector>

#include <nlohmann/json.hpp>

#include "genevactl/base/text.hpp"

namespace genevactl::bridge {

namespace {

constexpr int k_deepest = 64;

std::string text_at(const nlohmann::ordered_json& type, int depth);

std::string parameter_text(const nlohmann::ordered_json& field, bool named, int depth) {
    if (!field.is_object() || !field.contains("type")) {
        return "?";
    }
    auto text = text_at(field.at("type"), depth + 1);
    if (!named || !field.contains("name") || !field.at("name").is_string()) {
        return text;
    }
    return field.at("name").get<std::string>() + ": " + text;
}

std::string text_at(const nlohmann::ordered_json& type, int depth) {
    if (depth > k_deepest || !type.is_object() || !type.contains("type") ||
        !type.at("type").is_string()) {
        return "?";
    }
    const auto name = type.at("type").get<std::string>();
    const bool named = name.find("list") == std::string::npos;
    std::vector<std::string> parameters;
    if (type.contains("fields") && type.at("fields").is_array()) {
        for (const auto& field : type.at("fields")) {
            parameters.push_back(parameter_text(field, named, depth));
        }
    }
    if (type.contains("length") && type.at("length").is_number_integer()) {
        parameters.push_back(type.at("length").dump());
    }
    return parameters.empty() ? name : name + "<" + base::join(parameters, ", ") + ">";
}

}  // namespace

std::string type_text(const nlohmann::ordered_json& type) {
    return text_at(type, 0);
}

}  // namespace genevactl::bridge
