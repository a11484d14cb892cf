// SPDX-License-Identifier: Apache-2.0
#include "genevactl/resolve/resolve.hpp"

#include <fmt/format.h>

#include "decide.hpp"
#include "documents.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"

namespace genevactl::run {

base::Result<model::Decision> decide_for_column(ns::Client& client,
                                                const model::TableDescription& table,
                                                const model::FieldPath& column,
                                                const std::optional<std::string>& override_name) {
    GENEVACTL_TRY(auto snapshot, computed_column(table, column));
    const model::ResolutionRequest request{.kind = model::TargetKind::column,
                                           .table = table.id.text(),
                                           .column = column.text(),
                                           .override_name = override_name,
                                           .override_inline = std::nullopt};
    model::ResolutionFacts facts;
    facts.pinned = snapshot.manifest;
    GENEVACTL_TRY(auto fallback, client.default_manifest());
    facts.default_is_readable = fallback.readable;
    facts.deployment_default = std::move(fallback.manifest);
    if (override_name) {
        GENEVACTL_TRY(facts.named_override, client.named_manifest(*override_name));
        if (!facts.named_override) {
            return base::fail(
                base::ErrorKind::not_found,
                fmt::format("the deployment has no manifest called {}", *override_name),
                "--manifest takes the name of a manifest of the deployment; a file is pinned with "
                "`genevactl column alter … --manifest FILE`");
        }
    }
    return resolve::resolve(request, facts);
}

Answer resolve_manifest(Session& session, const Resolve& request) {
    GENEVACTL_TRY(auto id, model::ObjectId::parse(request.table));
    GENEVACTL_TRY(auto column, model::FieldPath::parse(request.column));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto table, describe(*client, id));
    GENEVACTL_TRY(auto decision, decide_for_column(*client, table, column, request.manifest));
    auto document = to_json(decision);
    document["table"] = id.text();
    document["column"] = column.text();
    return outcome_of(document, decision.name, blocks_of(decision));
}

}  // namespace genevactl::run
