// SPDX-License-Identifier: Apache-2.0
#include "arrow_types.hpp"

#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "genevactl/base/try.hpp"
#include "genevactl/model/arrow_json.hpp"
#include "ipc_guard.hpp"

namespace genevactl::ns {

namespace {

using Json = nlohmann::ordered_json;

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
    const auto name = model::api_type_name(name_of_type(view.type));
    const auto length = length_of(view);
    field.type = model::type_text(name, length, field.children);
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
