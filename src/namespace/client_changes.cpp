// SPDX-License-Identifier: Apache-2.0
// What changes a table: add, alter and drop columns, start a backfill. Bodies as geneva 0.17 sends
// them, with every member that it names, null where nothing was asked for.
#include <fmt/format.h>

#include "api_json.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/client.hpp"
#include "requests.hpp"

namespace genevactl::ns {

namespace {

using Json = nlohmann::ordered_json;

/// JSON text that the bridge made, as a value. Error kind internal: it is our own.
base::Result<Json> embedded(const std::optional<std::string>& text, const std::string& column) {
    if (!text) return Json(nullptr);
    auto json = Json::parse(*text, nullptr, false);
    if (!json.is_object()) {
        return base::fail(base::ErrorKind::internal, "the transform's description for column '" +
                                                         column + "' is not a JSON object");
    }
    return json;
}

base::Result<std::int64_t> new_version(const nlohmann::json& answer, const std::string& what) {
    if (const auto version = integer_member(answer, "version")) return *version;
    return base::fail(base::ErrorKind::failed,
                      "cannot " + what + ": the deployment's answer names no version");
}

}  // namespace

base::Result<std::int64_t> Client::add_columns(const model::ObjectId& id,
                                               const std::vector<NewColumn>& columns) {
    auto entries = Json::array();
    std::vector<std::string> names;
    for (const auto& column : columns) {
        GENEVACTL_TRY(auto computed, embedded(column.virtual_column, column.name));
        entries.push_back({{"name", column.name},
                           {"expression", or_null(column.expression)},
                           {"computed", nullptr},
                           {"virtual_column", std::move(computed)}});
        names.push_back(column.name);
    }
    const auto what = fmt::format("add {} to table {}", base::join(names, ", "), id.text());
    const auto request = api_request(m_connection, object_path("table", id, "add_columns"),
                                     {{"id", id.parts}, {"new_columns", std::move(entries)}});
    const Uncertainty uncertainty = {
        "the columns may be there",
        fmt::format("look with `genevactl column list {}` before adding them again",
                    base::shell_quote(id.text()))};
    GENEVACTL_TRY(const auto answer, send_once(m_transport, request, what, uncertainty));
    return new_version(answer, what);
}

base::Result<std::int64_t> Client::alter_columns(const model::ObjectId& id,
                                                 const std::vector<Alteration>& alterations) {
    auto entries = Json::array();
    std::vector<std::string> paths;
    for (const auto& alteration : alterations) {
        GENEVACTL_TRY(auto computed, embedded(alteration.virtual_column, alteration.path));
        entries.push_back({{"path", alteration.path},
                           {"rename", or_null(alteration.rename)},
                           {"nullable", nullptr},
                           {"virtual_column", std::move(computed)}});
        paths.push_back(alteration.path);
    }
    const auto what = fmt::format("alter {} of table {}", base::join(paths, ", "), id.text());
    const auto request = api_request(m_connection, object_path("table", id, "alter_columns"),
                                     {{"id", id.parts}, {"alterations", std::move(entries)}});
    const Uncertainty uncertainty = {
        "the columns may be altered",
        fmt::format("look with `genevactl column list {}` before altering them again",
                    base::shell_quote(id.text()))};
    GENEVACTL_TRY(const auto answer, send_once(m_transport, request, what, uncertainty));
    return new_version(answer, what);
}

base::Result<std::int64_t> Client::drop_columns(const model::ObjectId& id,
                                                const std::vector<std::string>& columns) {
    const auto what = fmt::format("drop {} of table {}", base::join(columns, ", "), id.text());
    const auto request = api_request(m_connection, object_path("table", id, "drop_columns"),
                                     {{"id", id.parts}, {"columns", columns}});
    const Uncertainty uncertainty = {
        "the columns may be gone",
        fmt::format("look with `genevactl column list {}`", base::shell_quote(id.text()))};
    GENEVACTL_TRY(const auto answer, send_once(m_transport, request, what, uncertainty));
    return new_version(answer, what);
}

base::Result<std::string> Client::backfill(const model::ObjectId& id, const std::string& column,
                                           const model::BackfillParameters& parameters,
                                           std::int64_t min_read_version) {
    const auto& p = parameters;
    const Json body = {
        {"id", id.parts},
        {"column", column},
        {"where", or_null(p.where)},
        {"concurrency", p.concurrency.value_or(k_concurrency)},
        {"intra_applier_concurrency",
         p.intra_applier_concurrency.value_or(k_intra_applier_concurrency)},
        {"min_checkpoint_size", or_null(p.min_checkpoint_size)},
        {"max_checkpoint_size", or_null(p.max_checkpoint_size)},
        {"batch_checkpoint_flush_interval_seconds", or_null(p.checkpoint_flush_interval_seconds)},
        {"read_version", p.read_version.value_or(min_read_version)},
        {"task_size", or_null(p.task_size)},
        {"num_frags", or_null(p.num_frags)},
        {"checkpoint_size", or_null(p.checkpoint_size)},
        {"commit_granularity", or_null(p.commit_granularity)},
        {"cluster", or_null(p.cluster)},
        {"manifest", or_null(p.manifest)}};
    const auto what = fmt::format("backfill column {} of table {}", column, id.text());
    auto request = api_request(m_connection, object_path("table", id, "backfill_column"), body);
    request.headers.emplace_back("x-lancedb-min-read-version", std::to_string(min_read_version));
    return send_for_job(m_transport, std::move(request), what, id);
}

}  // namespace genevactl::ns
