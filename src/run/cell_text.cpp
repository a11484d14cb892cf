// SPDX-License-Identifier: Apache-2.0
#include "cell_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genevactl/base/text.hpp"

namespace genevactl::run {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t k_shown_elements = 3;  // of a list that has more than one more

bool is_kind(const model::Field& field, std::string_view kind) {
    return base::starts_with(field.type, kind);
}

bool is_binary(const model::Field& field) {
    return is_kind(field, "binary") || is_kind(field, "large_binary") ||
           is_kind(field, "fixed_size_binary");
}

/// The number of bytes that base64 with padding stands for.
std::size_t decoded_size(const std::string& base64) {
    const auto padding = static_cast<std::size_t>(std::count(base64.begin(), base64.end(), '='));
    return base64.size() / 4 * 3 - padding;
}

const model::Field& child_of(const model::Field& field, std::size_t index) {
    static const model::Field unknown{};
    return index < field.children.size() ? field.children[index] : unknown;
}

std::string text(const Json& value, const model::Field& field, bool inside);

std::string list_text(const Json& list, const model::Field& field) {
    const bool cut = list.size() > k_shown_elements + 1;
    const auto shown = cut ? k_shown_elements : list.size();
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < shown; ++i) {
        parts.push_back(text(list[i], child_of(field, 0), true));
    }
    if (cut) {
        parts.push_back(
            fmt::format("… {} in all", base::group_digits(static_cast<long long>(list.size()))));
    }
    return "[" + base::join(parts, ", ") + "]";
}

/// The entries of a map are structs of a key and a value.
std::string map_text(const Json& entries, const model::Field& field) {
    const auto& entry = child_of(field, 0);
    std::vector<std::string> parts;
    for (const auto& item : entries) {
        std::vector<std::string> pair;
        for (std::size_t i = 0; const auto& member : item) {
            pair.push_back(text(member, child_of(entry, i++), true));
        }
        parts.push_back(base::join(pair, ": "));
    }
    return "{" + base::join(parts, ", ") + "}";
}

std::string struct_text(const Json& object, const model::Field& field) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; const auto& [name, value] : object.items()) {
        parts.push_back(name + ": " + text(value, child_of(field, i++), true));
    }
    return "{" + base::join(parts, ", ") + "}";
}

std::string float_text(double number, bool is_single) {
    return is_single ? fmt::format("{}", static_cast<float>(number)) : fmt::format("{}", number);
}

std::string text(const Json& value, const model::Field& field, bool inside) {
    if (value.is_null()) return "null";
    if (value.is_array()) {
        return is_kind(field, "map<") ? map_text(value, field) : list_text(value, field);
    }
    if (value.is_object()) return struct_text(value, field);
    if (value.is_number_float()) {
        return float_text(value.get<double>(), is_kind(field, "float") || is_kind(field, "half"));
    }
    if (!value.is_string()) return value.dump();
    const auto& string = value.get_ref<const std::string&>();
    if (is_binary(field)) {
        return fmt::format("<{}>",
                           base::plural(static_cast<long long>(decoded_size(string)), "byte"));
    }
    const bool is_text = is_kind(field, "string") || is_kind(field, "large_string");
    const bool quoted = is_text && (inside || string.empty() || string == "null");
    return quoted ? value.dump(-1, ' ', false, Json::error_handler_t::replace) : string;
}

}  // namespace

std::string cell_text(const nlohmann::ordered_json& value, const model::Field& field) {
    return text(value, field, false);
}

}  // namespace genevactl::run
