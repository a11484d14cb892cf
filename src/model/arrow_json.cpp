// SPDX-License-Identifier: Apache-2.0
// Names of types: the API's JSON says utf8, float32 …, people (and pyarrow) say string, float ….
// The API writes a decimal's precision and scale as one length, precision * 1000 + scale, and
// leaves out the unit and zone of a timestamp (observed of pylance 14).
#include "genevactl/model/arrow_json.hpp"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::model {

namespace {

using Json = nlohmann::json;

constexpr int k_deepest_type = 64;
constexpr int k_precision_unit = 1000;
constexpr const char* k_unknown = "?";

struct TypeName {
    std::string_view api;
    std::string_view people;
};
constexpr std::array<TypeName, 5> k_other_names = {{
    {"utf8", "string"},
    {"large_utf8", "large_string"},
    {"float16", "halffloat"},
    {"float32", "float"},
    {"float64", "double"},
}};

std::string people_name(std::string_view api) {
    for (const auto& row : k_other_names) {
        if (row.api == api) return std::string(row.people);
    }
    return std::string(api);
}

/// The name of a type in JSON: a text of its own, or the member `type`. Nothing for anything else.
std::optional<std::string> name_in(const Json& type) {
    if (type.is_string()) return type.get<std::string>();
    if (!type.is_object()) return std::nullopt;
    const auto name = type.find("type");
    if (name == type.end() || !name->is_string()) return std::nullopt;
    return name->get<std::string>();
}

std::optional<std::int64_t> length_in(const Json& type) {
    const auto length = type.find("length");
    if (length == type.end() || !length->is_number_integer()) return std::nullopt;
    return length->get<std::int64_t>();
}

StringMap metadata_in(const Json& owner) {
    StringMap metadata;
    const auto found = owner.find("metadata");
    if (found == owner.end() || !found->is_object()) return metadata;
    for (const auto& [key, value] : found->items()) {
        metadata.emplace(key, value.is_string() ? value.get<std::string>() : value.dump());
    }
    return metadata;
}

/// The members of a schema, or of a type that has some.
const Json& fields_in(const Json& owner) {
    static const Json none = Json::array();
    if (!owner.is_object()) return none;
    const auto list = owner.find("fields");
    return list == owner.end() || !list->is_array() ? none : *list;
}

/// Reads as far as it goes: what cannot be read has the type "?".
Field lenient_field(const Json& json, int depth) {
    Field field;
    field.type = k_unknown;
    if (!json.is_object()) return field;
    if (const auto name = json.find("name"); name != json.end() && name->is_string()) {
        field.name = name->get<std::string>();
    }
    const auto type = json.find("type");
    if (type == json.end() || depth > k_deepest_type) return field;
    for (const auto& child : fields_in(*type)) {
        field.children.push_back(lenient_field(child, depth + 1));
    }
    if (const auto name = name_in(*type)) {
        field.type = type_text(*name, length_in(*type), field.children);
    }
    field.type_json = type->dump(-1, ' ', false, Json::error_handler_t::replace);
    const auto nullable = json.find("nullable");
    field.nullable = nullable == json.end() || !nullable->is_boolean() || nullable->get<bool>();
    field.metadata = metadata_in(json);
    return field;
}

/// Everything that lenient_field() had to make up.
bool is_whole(const Json& json, int depth) {
    if (!json.is_object() || depth > k_deepest_type) return false;
    const auto name = json.find("name");
    const auto type = json.find("type");
    if (name == json.end() || !name->is_string() || type == json.end()) return false;
    if (!name_in(*type)) return false;
    for (const auto& child : fields_in(*type)) {
        if (!is_whole(child, depth + 1)) return false;
    }
    return true;
}

}  // namespace

std::string api_type_name(std::string_view people) {
    for (const auto& row : k_other_names) {
        if (row.people == people) return std::string(row.api);
    }
    return std::string(people);
}

std::string type_text(std::string_view api_name, std::optional<std::int64_t> length,
                      const std::vector<Field>& children) {
    const auto first = children.empty() ? std::string(k_unknown) : children.front().type;
    if (api_name == "struct") {
        std::vector<std::string> parts;
        for (const auto& child : children) {
            parts.push_back(child.name + ": " + child.type);
        }
        return "struct<" + base::join(parts, ", ") + ">";
    }
    if (api_name == "fixed_size_list") {
        return fmt::format("{}<{}, {}>", api_name, first, length.value_or(0));
    }
    if (api_name == "list" || api_name == "large_list") {
        return fmt::format("{}<{}>", api_name, first);
    }
    if (api_name == "map" && !children.empty() && children.front().children.size() == 2) {
        const auto& entry = children.front().children;
        return fmt::format("map<{}, {}>", entry[0].type, entry[1].type);
    }
    if (base::starts_with(api_name, "decimal") && length) {
        return fmt::format("{}({}, {})", api_name, *length / k_precision_unit,
                           *length % k_precision_unit);
    }
    if (api_name == "fixed_size_binary" && length) {
        return fmt::format("{}({})", api_name, *length);
    }
    return people_name(api_name);
}

std::string type_text(const nlohmann::json& type) {
    return lenient_field({{"type", type}}, 0).type;
}

base::Result<Schema> schema_from_json(const nlohmann::json& schema) {
    Schema result;
    if (!schema.is_object()) return result;
    for (const auto& field : fields_in(schema)) {
        if (!is_whole(field, 1)) {
            return base::fail(base::ErrorKind::failed,
                              "the deployment's answer has a schema that cannot be read");
        }
        result.fields.push_back(lenient_field(field, 1));
    }
    result.metadata = metadata_in(schema);
    return result;
}

}  // namespace genevactl::model
