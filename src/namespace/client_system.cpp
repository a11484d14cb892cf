// SPDX-License-Identifier: Apache-2.0
// The other system tables, and what a local deployment tells at a path of its own.
#include <algorithm>

#include <fmt/format.h>

#include "api_errors.hpp"
#include "api_json.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/client.hpp"
#include "manifest_rows.hpp"
#include "requests.hpp"

namespace genevactl::ns {

namespace {

/// The rows of a system table, or nothing if the deployment has no such table, or an empty one.
base::Result<std::optional<Rows>> system_rows(Client& client, const model::ObjectId& id,
                                              const Query& query) {
    auto rows = client.query(id, query);
    if (rows) return std::optional<Rows>(std::move(*rows));
    if (is_missing_table(rows.error())) return std::optional<Rows>();
    return base::fail(std::move(rows).error());
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
    if (error.kind == base::ErrorKind::not_found) {
        error.message = "there is no job " + id;
        error.detail.clear();
        error.hint = "`genevactl job list` shows the ids";
    }
    if (error.kind == base::ErrorKind::conflict) {
        error.hint = fmt::format("see `genevactl job show {}`", base::shell_quote(id));
        error.retryable = false;
    }
    return base::fail(std::move(error));
}

}  // namespace genevactl::ns
