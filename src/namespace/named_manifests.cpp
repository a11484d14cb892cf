// SPDX-License-Identifier: Apache-2.0
// The system table __system/geneva_manifests. The Python client replaces a manifest by deleting its
// row and adding another; here one merge on the name does it, so that a job that starts meanwhile
// finds the one or the other.
#include "genevactl/namespace/named_manifests.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "api_errors.hpp"
#include "api_json.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "manifest_rows.hpp"
#include "requests.hpp"

namespace genevactl::ns {

namespace {

constexpr std::int64_t k_manifests_a_page = 1000;  // manifests asked for at once
constexpr int k_unsupported = 0;                   // of the API's error codes
constexpr int k_there_already = 5;

/// The columns whose value is JSON text of an object.
bool is_json_text(std::string_view column) {
    return column == "conda" || column == "env_vars";
}

/// What a manifest's checksum does not cover (observed of geneva 0.17).
bool is_outside_of_checksum(std::string_view column) {
    return column == "name" || column == "checksum";
}
/// What its JSON leaves out.
bool is_outside_of_json(std::string_view column) {
    return column == "created_at" || column == "created_by" || column == "delete_local_zips" ||
           column == "local_zip_output_dir";
}

/// The compact, sorted, ASCII-only JSON that GenevaManifest.to_json() writes.
std::string manifest_json(const nlohmann::json& object) {
    return object.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string names_filter(const std::vector<std::string>& names) {
    std::vector<std::string> texts;
    for (const auto& name : names) {
        texts.push_back(sql_text(name));
    }
    return fmt::format("name IN ({})", base::join(texts, ", "));
}

/// Describes the table of manifests, which is made if there is none.
base::Result<model::TableDescription> described_or_made(Client& client) {
    auto table = client.describe_table(manifests_table());
    if (table || !is_missing_table(table.error())) return table;
    GENEVACTL_TRY(auto stream, empty_manifests_stream());
    const auto created =
        send(client.transport(),
             stream_request(client.connection(), object_path("table", manifests_table(), "create"),
                            std::move(stream)),
             "make the table of manifests");
    if (!created && created.error().api_code != k_there_already) {
        return base::fail(base::Error(created.error()));
    }
    return client.describe_table(manifests_table());
}

}  // namespace

const model::ObjectId& manifests_table() {
    static const model::ObjectId id{{"__system", "geneva_manifests"}};
    return id;
}

model::PinnedManifest manifest_from_row(const Rows& rows, std::int64_t row) {
    nlohmann::json document = nlohmann::json::object();
    nlohmann::json covered = nlohmann::json::object();
    for (const auto& field : rows.schema().fields) {
        if (is_outside_of_json(field.name)) continue;
        const auto text = is_json_text(field.name) ? rows.text(field.name, row).value_or("{}")
                                                   : rows.json(field.name, row);
        const auto value = parse_json(text).value_or(nlohmann::json());
        document[field.name] = value;
        if (!is_outside_of_checksum(field.name)) covered[field.name] = value;
    }
    model::PinnedManifest manifest;
    manifest.name = rows.text("name", row).value_or("");
    manifest.checksum = base::sha256_hex(manifest_json(covered));
    document["checksum"] = manifest.checksum;
    manifest.json = manifest_json(document);
    return manifest;
}

base::Result<std::vector<NamedManifest>> named_manifests(Client& client,
                                                         const std::vector<std::string>& names) {
    std::vector<NamedManifest> found;
    const auto table = client.describe_table(manifests_table());
    if (!table && is_missing_table(table.error())) return found;
    if (!table) return base::fail(base::Error(table.error()));
    Query page{.limit = k_manifests_a_page};
    if (!names.empty()) page.filter = names_filter(names);
    if (table->version > 0) page.version = table->version;
    while (true) {
        GENEVACTL_TRY(const auto rows, client.query(manifests_table(), page));
        for (std::int64_t row = 0; row < rows.size(); ++row) {
            found.push_back({.manifest = manifest_from_row(rows, row),
                             .created_at = rows.time("created_at", row),
                             .created_by = rows.text("created_by", row).value_or("")});
        }
        if (rows.size() < k_manifests_a_page) break;
        page.offset += rows.size();
    }
    std::ranges::stable_sort(found, {}, [](const auto& each) { return each.manifest.name; });
    return found;
}

base::Status store_manifest(Client& client, const NamedManifest& manifest) {
    const auto what = "store manifest " + manifest.manifest.name;
    GENEVACTL_TRY(const auto table, described_or_made(client));
    GENEVACTL_TRY(auto stream, manifest_stream(manifest, table.schema));
    const auto merge = object_path("table", manifests_table(), "merge_insert") +
                       "&on=name&when_matched_update_all=true&when_not_matched_insert_all=true";
    const auto merged = send(client.transport(),
                             stream_request(client.connection(), merge, std::move(stream)), what);
    if (merged) return {};
    auto error = base::Error(merged.error());
    if (error.api_code == k_unsupported && error.hint.empty()) {
        error.hint = "the deployment cannot replace a row in one step, and nothing was changed";
    }
    return base::fail(std::move(error));
}

base::Status delete_manifests(Client& client, const std::vector<std::string>& names) {
    nlohmann::ordered_json body;
    body["id"] = manifests_table().parts;
    body["predicate"] = names_filter(names);
    GENEVACTL_CHECK(send(
        client.transport(),
        api_request(client.connection(), object_path("table", manifests_table(), "delete"), body),
        "delete " + base::join(names, ", ")));
    return {};
}

}  // namespace genevactl::ns
