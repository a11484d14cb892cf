// SPDX-License-Identifier: Apache-2.0
// The other system tables, and what a local deployment tells at a path of its own.
#include <algorithm>

#include <fmt/format.h>

#include "api_errors.hpp"
#include "api_json.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/client.hpp"
#include "manifest_stream.hpp"
#include "requests.hpp"

namespace genevactl::ns {

namespace {

const model::ObjectId& manifests_table() {
    static const model::ObjectId id{{"__system", "geneva_manifests"}};
    return id;
}

/// The rows of a system table, or nothing if the deployment has no such table, or an empty one.
base::Result<std::optional<Rows>> system_rows(Client& client, const model::ObjectId& id,
                                              const Query& query) {
    auto rows = client.query(id, query);
    if (rows) return std::optional<Rows>(std::move(*rows));
    if (is_missing_table(rows.error())) return std::optional<Rows>();
    return base::fail(std::move(rows).error());
}

/// The columns of `__system/geneva_manifests` whose value is JSON text of an object.
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
    // The stored checksum may be older than the uploads that the row names: the client computes it.
    manifest.checksum = base::sha256_hex(manifest_json(covered));
    document["checksum"] = manifest.checksum;
    manifest.json = manifest_json(document);
    return manifest;
}

}  // namespace

base::Result<nlohmann::json> Client::describe_manifests() {
    auto table = send_describe(manifests_table(), {}, true);
    if (table || !is_missing_table(table.error())) {
        return table;
    }
    GENEVACTL_TRY(auto stream, empty_manifests_stream());
    const auto created =
        send(m_transport,
             stream_request(m_connection, object_path("table", manifests_table(), "create"),
                            std::move(stream)),
             "make the table of manifests");
    constexpr int k_there_already = 5;
    if (!created && created.error().api_code != k_there_already) {
        return base::fail(base::Error(created.error()));
    }
    return send_describe(manifests_table(), {}, true);
}

namespace {

base::Result<UploadPlace> place_of(const nlohmann::json& table) {
    UploadPlace place{.location = text_member(table, "location").value_or(""),
                      .storage_options = {}};
    while (place.location.ends_with('/') || place.location.ends_with('?')) {
        place.location.pop_back();
    }
    if (place.location.empty()) {
        return base::fail(base::ErrorKind::failed,
                          "the deployment does not say where it keeps its manifests",
                          "use an Enterprise deployment with credential vending, or a local one");
    }
    const auto options = table.find("storage_options");
    if (options != table.end() && options->is_object()) {
        for (const auto& [name, value] : options->items()) {
            place.storage_options.emplace(
                name, base::Secret(value.is_string() ? value.get<std::string>() : value.dump()));
        }
    }
    return place;
}

}  // namespace

base::Result<UploadPlace> Client::upload_place() {
    GENEVACTL_TRY(const auto table, describe_manifests());
    return place_of(table);
}

base::Result<std::optional<UploadPlace>> Client::find_upload_place() {
    const auto table = send_describe(manifests_table(), {}, true);
    if (!table && is_missing_table(table.error())) {
        return std::nullopt;
    }
    if (!table) {
        return base::fail(base::Error(table.error()));
    }
    GENEVACTL_TRY(auto place, place_of(*table));
    return std::optional(std::move(place));
}

bool Capabilities::has(std::string_view name) const {
    return std::find(names.begin(), names.end(), name) != names.end();
}

base::Result<std::optional<model::PinnedManifest>> Client::named_manifest(const std::string& name) {
    Query wanted;
    wanted.filter = "name = " + sql_text(name);
    wanted.limit = 1;
    GENEVACTL_TRY(const auto rows, system_rows(*this, manifests_table(), wanted));
    if (!rows || rows->size() == 0) return std::optional<model::PinnedManifest>();
    return std::optional<model::PinnedManifest>(manifest_from_row(*rows, 0));
}

base::Result<Capabilities> Client::capabilities() {
    if (m_capabilities) return *m_capabilities;
    const auto what = "ask what the deployment can do";
    const auto request = api_get(m_connection, "/genevactl/v1/capabilities");
    auto response = m_transport.send(request);
    if (!response) {
        return base::fail(
            std::move(response).error().while_doing(fmt::format("trying to {}", what)));
    }
    Capabilities capabilities;
    if (response->status < 200 || response->status > 299) {
        auto error = api_error(*response, what);
        // Enterprise does not know the path, and may say so as it likes; a wrong key is a wrong
        // key, and a deployment that is down says nothing about what it can do.
        if (error.kind == base::ErrorKind::unauthenticated ||
            error.kind == base::ErrorKind::throttled ||
            error.kind == base::ErrorKind::unreachable) {
            return base::fail(std::move(error));
        }
        m_capabilities = capabilities;
        return capabilities;
    }
    const auto answer = parse_json(response->body);
    const auto listed = answer && answer->is_object() ? answer->find("capabilities")
                                                      : nlohmann::json::const_iterator();
    if (answer && answer->is_object() && listed != answer->end() && listed->is_array()) {
        capabilities.local = text_member(*answer, "service") == "genevactl-local";
        capabilities.document = response->body;
        for (const auto& name : *listed) {
            if (name.is_string()) capabilities.names.push_back(name.get<std::string>());
        }
    }
    m_capabilities = capabilities;
    return capabilities;
}

base::Result<DefaultManifest> Client::default_manifest() {
    DefaultManifest result;
    GENEVACTL_TRY(const auto known, capabilities());
    if (!known.has("default-manifest")) return result;
    const auto what = "read the deployment's default manifest";
    GENEVACTL_TRY(
        const auto answer,
        send_for_json(m_transport, api_get(m_connection, "/genevactl/v1/default_manifest"), what));
    result.readable = true;
    const auto manifest = answer.find("manifest");
    if (manifest == answer.end() || !manifest->is_object()) return result;
    result.manifest = model::PinnedManifest{text_member(*manifest, "name").value_or(""),
                                            text_member(*manifest, "checksum").value_or(""),
                                            text_member(*manifest, "json").value_or("")};
    return result;
}

base::Status Client::cancel_job(const std::string& id) {
    const auto what = "cancel job " + id;
    GENEVACTL_TRY(const auto known, capabilities());
    if (!known.has("cancel")) {
        return base::fail(base::ErrorKind::failed,
                          "cannot " + what + ": this deployment has no way to cancel a job",
                          "stop it where the deployment runs its jobs");
    }
    const auto path = fmt::format("/genevactl/v1/job/{}/cancel", transport::percent_encode(id));
    auto request = api_request(m_connection, path, nlohmann::ordered_json::object());
    request.deadline = std::chrono::seconds(90);  // it answers when the job's processes are gone
    auto response = send(m_transport, request, what);
    if (response) return {};
    auto error = std::move(response).error();
    if (error.kind == base::ErrorKind::not_found)
        error.hint = "`genevactl job list` shows the jobs";
    if (error.kind == base::ErrorKind::conflict) {
        error.hint = fmt::format("see `genevactl job show {}`", base::shell_quote(id));
        error.retryable = false;
    }
    return base::fail(std::move(error));
}

}  // namespace genevactl::ns
