// SPDX-License-Identifier: Apache-2.0
// Names of types: the API's JSON says utf8, float32 …, people (and pyarrow) say string, float ….
// The API writes a decimal's precision and scale as one length, precision * 1000 + scale, and
// leaves out the unit and zone of a timestamp (observed of pylance 14).
#include "arrow_types.hpp"

#include <array>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "genevactl/base/try.hpp"
#include "ipc_guard.hpp"

namespace genevactl::ns {

namespace {

using Json = nlohmann::ordered_json;

constexpr int k_deepest_type = 64;

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

std::string api_name(std::string_view people) {
    for (const auto& row : k_other_names) {
        if (row.people == people) return std::string(row.api);
    }
    return std::string(people);
}

/// "struct<x: int64, y: string>" and the like; `length` is the API's member of that name.
std::string type_text(const std::string& name, std::optional<std::int64_t> length,
                      const std::vector<model::Field>& children) {
    const auto first = children.empty() ? std::string("?") : children.front().type;
    if (name == "struct") {
        std::string inner;
        for (const auto& child : children) {
            inner += (inner.empty() ? "" : ", ") + child.name + ": " + child.type;
        }
        return "struct<" + inner + ">";
    }
    if (name == "fixed_size_list")
        return fmt::format("{}<{}, {}>", name, first, length.value_or(0));
    if (name == "list" || name == "large_list") return fmt::format("{}<{}>", name, first);
    if (name == "map" && !children.empty() && children.front().children.size() == 2) {
        const auto& entry = children.front().children;
        return fmt::format("map<{}, {}>", entry[0].type, entry[1].type);
    }
    if (name.rfind("decimal", 0) == 0 && length) {
        return fmt::format("{}({}, {})", name, *length / 1000, *length % 1000);
    }
    if (name == "fixed_size_binary" && length) return fmt::format("{}({})", name, *length);
    return people_name(name);
}

model::StringMap metadata_from(const nlohmann::json& owner) {
    model::StringMap metadata;
    const auto found = owner.find("metadata");
    if (found == owner.end() || !found->is_object()) return metadata;
    for (const auto& [key, value] : found->items()) {
        metadata.emplace(key, value.is_string() ? value.get<std::string>() : value.dump());
    }
    return metadata;
}

base::Result<std::vector<model::Field>> fields_from_api(const nlohmann::json& owner, int depth);

base::Result<model::Field> field_from_api(const nlohmann::json& json, int depth) {
    const auto bad = base::fail(base::ErrorKind::failed,
                                "the deployment's answer has a schema that cannot be read");
    if (!json.is_object() || depth > k_deepest_type) return bad;
    model::Field field;
    const auto name = json.find("name");
    const auto type = json.find("type");
    if (name == json.end() || !name->is_string() || type == json.end()) return bad;
    field.name = name->get<std::string>();
    field.type_json = type->dump();
    const auto nullable = json.find("nullable");
    field.nullable = nullable == json.end() || !nullable->is_boolean() || nullable->get<bool>();
    field.metadata = metadata_from(json);
    if (type->is_string()) {
        field.type = people_name(type->get<std::string>());
        return field;
    }
    if (!type->is_object() || !type->contains("type") || !type->at("type").is_string()) return bad;
    GENEVACTL_TRY(field.children, fields_from_api(*type, depth + 1));
    std::optional<std::int64_t> length;
    if (type->contains("length") && type->at("length").is_number_integer()) {
        length = type->at("length").get<std::int64_t>();
    }
    field.type = type_text(type->at("type").get<std::string>(), length, field.children);
    return field;
}

base::Result<std::vector<model::Field>> fields_from_api(const nlohmann::json& owner, int depth) {
    std::vector<model::Field> fields;
    const auto list = owner.find("fields");
    if (list == owner.end() || !list->is_array()) return fields;
    for (const auto& item : *list) {
        GENEVACTL_TRY(auto field, field_from_api(item, depth));
        fields.push_back(std::move(field));
    }
    return fields;
}

std::string_view unit_text(ArrowTimeUnit unit) {
    switch (unit) {
        case NANOARROW_TIME_UNIT_SECOND:
            return "s";
        case NANOARROW_TIME_UNIT_MILLI:
            return "ms";
        case NANOARROW_TIME_UNIT_MICRO:
            return "us";
        case NANOARROW_TIME_UNIT_NANO:
            return "ns";
    }
    return "?";
}

/// The API's `length` of a type, if it has one.
std::optional<std::int64_t> length_of(const ArrowSchemaView& view) {
    if (view.type == NANOARROW_TYPE_FIXED_SIZE_LIST ||
        view.type == NANOARROW_TYPE_FIXED_SIZE_BINARY) {
        return view.fixed_size;
    }
    if (view.decimal_bitwidth != 0) {
        return std::int64_t{view.decimal_precision} * 1000 + view.decimal_scale;
    }
    return std::nullopt;
}

/// nanoarrow names types as pyarrow does, but for two.
std::string name_of_type(ArrowType type) {
    if (type == NANOARROW_TYPE_NA) return "null";
    if (type == NANOARROW_TYPE_HALF_FLOAT) return "halffloat";
    const char* name = ArrowTypeString(type);
    return name == nullptr ? "unknown" : name;
}

void describe(const ArrowSchemaView& view, ArrowColumn& column) {
    auto& field = column.field;
    const auto name = api_name(name_of_type(view.type));
    const auto length = length_of(view);
    field.type = type_text(name, length, field.children);
    const bool has_unit = view.type == NANOARROW_TYPE_TIMESTAMP ||
                          view.type == NANOARROW_TYPE_DURATION ||
                          view.type == NANOARROW_TYPE_TIME32 || view.type == NANOARROW_TYPE_TIME64;
    if (has_unit) {
        const std::string zone = view.timezone == nullptr ? "" : view.timezone;
        field.type +=
            fmt::format("[{}{}]", unit_text(view.time_unit), zone.empty() ? "" : ", tz=" + zone);
        column.type.unit = view.time_unit;
        column.type.has_zone = !zone.empty();
    }
    Json json = {{"type", name}};
    if (length) json["length"] = *length;
    for (const auto& child : field.children) {
        json["fields"].push_back({{"name", child.name},
                                  {"nullable", child.nullable},
                                  {"type", Json::parse(child.type_json)}});
    }
    field.type_json = json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

model::StringMap metadata_from(const ArrowSchema& schema) {
    model::StringMap metadata;
    ArrowMetadataReader reader;
    if (ArrowMetadataReaderInit(&reader, schema.metadata) != NANOARROW_OK) return metadata;
    while (reader.remaining_keys > 0) {
        ArrowStringView key;
        ArrowStringView value;
        if (ArrowMetadataReaderRead(&reader, &key, &value) != NANOARROW_OK) break;
        metadata.emplace(std::string(key.data, static_cast<std::size_t>(key.size_bytes)),
                         std::string(value.data, static_cast<std::size_t>(value.size_bytes)));
    }
    return metadata;
}

}  // namespace

base::Result<model::Schema> schema_from_api(const nlohmann::json& schema) {
    model::Schema result;
    if (!schema.is_object()) return result;
    GENEVACTL_TRY(result.fields, fields_from_api(schema, 1));
    result.metadata = metadata_from(schema);
    return result;
}

base::Result<ArrowColumn> column_from_arrow(const ArrowSchema& schema) {
    ArrowSchemaView view{};
    ArrowError error{};
    if (ArrowSchemaViewInit(&view, &schema, &error) != NANOARROW_OK)
        return invalid_ipc(error.message);
    ArrowColumn column;
    column.field.name = schema.name == nullptr ? "" : schema.name;
    column.field.nullable = (schema.flags & ARROW_FLAG_NULLABLE) != 0;
    column.field.metadata = metadata_from(schema);
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
        GENEVACTL_TRY(auto child, column_from_arrow(*schema.children[i]));
        column.field.children.push_back(std::move(child.field));
        column.type.children.push_back(std::move(child.type));
    }
    column.type.name = column.field.name;
    column.type.id = view.type;
    column.type.bits = view.decimal_bitwidth;
    column.type.scale = view.decimal_scale;
    if (schema.dictionary != nullptr) {
        GENEVACTL_TRY(auto values, column_from_arrow(*schema.dictionary));
        column.field.type =
            fmt::format("dictionary<{}, {}>", values.field.type, name_of_type(view.storage_type));
        column.field.type_json = values.field.type_json;  // as the API writes it
        column.type.dictionary = std::make_unique<ValueType>(std::move(values.type));
        return column;
    }
    describe(view, column);
    return column;
}

}  // namespace genevactl::ns
