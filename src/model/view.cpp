// SPDX-License-Identifier: Apache-2.0
// Keys and values as geneva 0.17 writes them: `geneva::view::version` is "chunker" or "udtf" for
// those, "1" for a query view whose source has no stable row ids, "2" for one whose source has; the
// transform's spec lies under the kind's own name; `columns` of the query is a list of names, or an
// object of names and SQL expressions, or null.
#include "genevactl/model/view.hpp"

#include <charconv>

#include <nlohmann/json.hpp>

#include "metadata.hpp"

namespace genevactl::model {

namespace {

using Ordered = nlohmann::ordered_json;  // the columns of a view keep their order

constexpr const char* k_refreshed = "geneva::mv::last_refreshed_version";

/// The member of an object, or null for whatever has none.
const Ordered& member(const Ordered& value, const char* name) {
    static const Ordered null;
    if (!value.is_object()) return null;
    const auto found = value.find(name);
    return found == value.end() ? null : *found;
}

std::string text_member(const Ordered& value, const char* name) {
    const auto& found = member(value, name);
    return found.is_string() ? found.get<std::string>() : std::string();
}

std::optional<std::int64_t> number(const std::string& text) {
    std::int64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || rest != end || text.empty()) return std::nullopt;
    return value;
}

/// Query and chunker views keep it on the column that names the rows of their source.
std::optional<std::int64_t> refreshed_version(const Schema& schema) {
    const auto* field = schema.find(std::string("__source_row_id"));
    return field == nullptr ? std::nullopt : number(text_at(field->metadata, k_refreshed));
}

ViewKind kind_of(const std::string& version) {
    return version == "chunker" ? ViewKind::chunker
           : version == "udtf"  ? ViewKind::udtf
                                : ViewKind::query;
}

ViewPinning pinning_of(const std::string& version) {
    if (version == "udtf" || version == "2") return ViewPinning::follows;
    return version == "1" ? ViewPinning::pinned : ViewPinning::unknown;
}

std::optional<std::vector<ViewColumn>> columns_of(const Ordered& base) {
    const auto& columns = member(base, "columns");
    if (!columns.is_array() && !columns.is_object()) return std::nullopt;
    std::vector<ViewColumn> found;
    for (const auto& [key, value] : columns.items()) {
        if (!value.is_string()) continue;
        auto text = value.get<std::string>();
        found.push_back({columns.is_array() ? text : key, text});
    }
    return found;
}

std::vector<std::string> computed_by(const Ordered& query) {
    std::vector<std::string> names;
    for (const auto& entry : member(query, "column_udfs")) {
        names.push_back(text_member(entry, "output_name"));
    }
    return names;
}

void read_query(ViewDefinition& view) {
    const auto query = Ordered::parse(view.query, nullptr, false);
    const auto& base = member(query, "base");
    view.columns = columns_of(base);
    view.where = text_member(base, "filter");
    if (const auto& limit = member(base, "limit"); limit.is_number_integer()) {
        view.limit = limit.get<std::int64_t>();
    }
    view.computed = computed_by(query);
    if (view.source.parts.empty()) {
        if (auto source = text_member(query, "source_table"); !source.empty()) {
            view.source.parts = {std::move(source)};
        }
    }
}

std::optional<ViewTransform> transform_of(const std::string& spec) {
    if (spec.empty()) return std::nullopt;
    const auto json = Ordered::parse(spec, nullptr, false);
    ViewTransform transform{
        .name = text_member(json, "name"),
        .version = text_member(json, "version"),
        .inputs = {},
        .partition_by = text_member(json, "partition_by"),
        .partition_by_indexed_column = text_member(json, "partition_by_indexed_column"),
        .batch = member(json, "batch") == true};
    for (const auto& input : member(json, "input_columns")) {
        if (input.is_string()) transform.inputs.push_back(input.get<std::string>());
    }
    if (auto manifest = text_member(json, "manifest"); !manifest.empty()) {
        const auto content = Ordered::parse(manifest, nullptr, false);
        transform.manifest = PinnedManifest{text_member(content, "name"),
                                            text_member(json, "manifest_checksum"), manifest};
        if (transform.manifest->checksum.empty()) {
            transform.manifest->checksum = text_member(content, "checksum");
        }
    }
    return transform;
}

}  // namespace

std::string_view name_of(ViewKind kind) {
    switch (kind) {
        case ViewKind::chunker:
            return "chunker";
        case ViewKind::udtf:
            return "udtf";
        default:
            return "query";
    }
}

std::string ViewColumn::text() const {
    return name == expression ? name : name + "=" + expression;
}

std::optional<ViewDefinition> view_definition(const Schema& schema) {
    const std::string prefix = k_view_prefix;
    const auto& metadata = schema.metadata;
    if (!metadata.contains(prefix + "query")) return std::nullopt;
    const auto version = text_at(metadata, prefix + "version");
    ViewDefinition view;
    view.kind = kind_of(version);
    view.pinning = pinning_of(version);
    if (auto source = text_at(metadata, prefix + "base_table"); !source.empty()) {
        view.source.parts = {std::move(source)};
    }
    view.source_uri = text_at(metadata, prefix + "base_table_db_uri");
    view.source_version = number(text_at(metadata, prefix + "base_table_version"));
    view.refreshed_version = refreshed_version(schema);
    view.query = text_at(metadata, prefix + "query");
    read_query(view);
    if (view.kind != ViewKind::query) {
        view.transform = transform_of(text_at(metadata, prefix + std::string(name_of(view.kind))));
    }
    view.manifest = view_manifest(schema);
    view.identity = text_at(metadata, k_identity_key);
    view.target = text_at(metadata, k_target_key);
    return view;
}

std::optional<ViewDefinition> view_definition(const TableDescription& table) {
    constexpr std::int64_t k_as_made = 1;  // the version of a view that nothing was written to
    auto view = view_definition(table.schema);
    if (view && view->kind == ViewKind::udtf && table.version > k_as_made) {
        view->refreshed_version = view->source_version;
    }
    return view;
}

}  // namespace genevactl::model
