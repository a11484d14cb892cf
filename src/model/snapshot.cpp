// SPDX-License-Identifier: Apache-2.0
// The metadata keys were observed on tables registered by geneva 0.17: `virtual_column.*` on the
// field of a computed column, `geneva::view::*` on the schema of a view. The columns of one
// transform with several outputs share `virtual_column.unpack_group`; two columns made from the
// same function one by one share only `virtual_column.udf`, and are no siblings.
#include "genevactl/model/snapshot.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "metadata.hpp"

namespace genevactl::model {

namespace {

using Json = nlohmann::json;

constexpr const char* k_marker = "virtual_column";
constexpr const char* k_prefix = "virtual_column.";

/// Null (discarded) for anything that is not JSON: metadata of others is read as far as it goes.
Json lenient(const std::string& text) {
    return Json::parse(text, nullptr, false);
}

std::string string_member(const Json& object, const char* name) {
    if (!object.is_object()) return {};
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<PinnedManifest> manifest_at(const StringMap& metadata, const std::string& prefix) {
    PinnedManifest manifest;
    manifest.json = text_at(metadata, prefix + "manifest");
    if (manifest.json.empty()) return std::nullopt;
    const auto document = lenient(manifest.json);
    manifest.name = string_member(document, "name");
    manifest.checksum = text_at(metadata, prefix + "manifest_checksum");
    if (manifest.checksum.empty()) manifest.checksum = string_member(document, "checksum");
    return manifest;
}

std::vector<std::string> string_list(const std::string& text) {
    std::vector<std::string> list;
    const auto document = lenient(text);
    if (!document.is_array()) return list;
    for (const auto& item : document) {
        if (item.is_string()) list.push_back(item.get<std::string>());
    }
    return list;
}

}  // namespace

std::optional<ColumnSnapshot> column_snapshot(const Field& field) {
    const auto& metadata = field.metadata;
    if (text_at(metadata, k_marker) != "true") return std::nullopt;
    const std::string prefix = k_prefix;
    ColumnSnapshot snapshot;
    snapshot.udf_name = text_at(metadata, prefix + "udf_name");
    snapshot.udf_backend = text_at(metadata, prefix + "udf_backend");
    snapshot.udf = text_at(metadata, prefix + "udf");
    snapshot.inputs = string_list(text_at(metadata, prefix + "udf_inputs"));
    snapshot.auto_backfill = text_at(metadata, prefix + "auto_backfill") == "true";
    snapshot.manifest = manifest_at(metadata, prefix);
    snapshot.platform_system = text_at(metadata, prefix + "platform.system");
    snapshot.platform_arch = text_at(metadata, prefix + "platform.arch");
    snapshot.platform_python = text_at(metadata, prefix + "platform.python_version");
    snapshot.identity = text_at(metadata, k_identity_key);
    snapshot.target = text_at(metadata, k_target_key);
    for (const auto& [key, value] : metadata) {
        const bool known = key == k_marker || key.rfind(prefix, 0) == 0 ||
                           key.rfind("geneva::", 0) == 0 || key.rfind("genevactl.", 0) == 0;
        if (!known) snapshot.field_metadata.emplace(key, value);
    }
    return snapshot;
}

std::optional<PinnedManifest> view_manifest(const Schema& schema) {
    return manifest_at(schema.metadata, k_view_prefix);
}

std::vector<std::string> dependent_columns(const Schema& schema, const FieldPath& column) {
    std::vector<std::string> dependents;
    for (const auto& field : schema.fields) {
        const auto snapshot = column_snapshot(field);
        const auto reads = [&](const std::string& input) {
            const auto path = FieldPath::parse(input);
            if (!path) return input == column.text();
            const auto common = std::min(path->parts.size(), column.parts.size());
            return std::equal(column.parts.begin(),
                              column.parts.begin() + static_cast<std::ptrdiff_t>(common),
                              path->parts.begin());
        };
        if (snapshot && std::ranges::any_of(snapshot->inputs, reads)) {
            dependents.push_back(field.name);
        }
    }
    return dependents;
}

std::vector<std::string> sibling_columns(const Schema& schema, const std::string& column) {
    std::vector<std::string> columns = {column};
    const std::string key = std::string(k_prefix) + "unpack_group";
    const auto* field = schema.find(column);
    const auto group = field == nullptr ? std::string() : text_at(field->metadata, key);
    if (group.empty()) return columns;
    for (const auto& other : schema.fields) {
        if (other.name != column && text_at(other.metadata, key) == group) {
            columns.push_back(other.name);
        }
    }
    return columns;
}

}  // namespace genevactl::model
