// SPDX-License-Identifier: Apache-2.0
// What makes, renames and drops views. Bodies as geneva 0.17 sends them.
#include <fmt/format.h>

#include "api_json.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/views.hpp"
#include "requests.hpp"

namespace genevactl::ns {

namespace {

using Json = nlohmann::ordered_json;

/// Sends a change of a table whose answer says nothing that is needed; it may have no body.
base::Status change(Client& client, const model::ObjectId& id, std::string_view operation,
                    const Json& body, const std::string& what, const std::string& may) {
    const auto request =
        api_request(client.connection(), object_path("table", id, operation), body);
    const Uncertainty uncertainty = {may, "look with `genevactl table list` before doing it again"};
    return send_once_for_nothing(client.transport(), request, what, uncertainty);
}

}  // namespace

base::Result<CreatedView> create_view(Client& client, const model::ObjectId& id,
                                      const model::ViewPayload& payload,
                                      const ViewCreation& creation) {
    auto spec = Json(nullptr);
    if (!payload.udtf_spec.empty()) {
        spec = Json::parse(payload.udtf_spec, nullptr, false);
        if (!spec.is_object()) {
            return base::fail(base::ErrorKind::internal,
                              "the transform of the view is not a JSON object");
        }
    }
    const Json body = {{"id", id.parts},
                       {"kind", model::name_of(payload.kind)},
                       {"source_query", payload.source_query},
                       {"output_schema", payload.output_schema},
                       {"udtf_spec", std::move(spec)},
                       {"with_no_data", !creation.with_data},
                       {"auto_refresh", creation.auto_refresh}};
    const auto what = fmt::format("create view {}", id.text());
    const Uncertainty uncertainty = {
        "the view may be there",
        fmt::format("look with `genevactl view show {}` before making it again",
                    base::shell_quote(id.text()))};
    const auto request =
        api_request(client.connection(), object_path("materialized_view", id, "create"), body);
    GENEVACTL_TRY(const auto answer, send_once(client.transport(), request, what, uncertainty));
    CreatedView created;
    created.version = integer_member(answer, "version").value_or(1);
    created.job_id = text_member(answer, "job_id");
    return created;
}

base::Status drop_table(Client& client, const model::ObjectId& id) {
    return change(client, id, "drop", {{"id", id.parts}}, fmt::format("drop {}", id.text()),
                  id.text() + " may be gone");
}

base::Status rename_table(Client& client, const model::ObjectId& id, const std::string& name) {
    return change(client, id, "rename", {{"id", id.parts}, {"new_table_name", name}},
                  fmt::format("rename {} to {}", id.text(), name),
                  fmt::format("it may be called {} now", name));
}

}  // namespace genevactl::ns
