// SPDX-License-Identifier: Apache-2.0
#include "genevactl/resolve/resolve.hpp"

#include <fmt/format.h>

#include "decide.hpp"
#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"

namespace genevactl::run {

namespace {

base::Status add_default(ns::Client& client, model::ResolutionFacts& facts) {
    GENEVACTL_TRY(auto fallback, client.default_manifest());
    facts.default_is_readable = fallback.readable;
    facts.deployment_default = std::move(fallback.manifest);
    return {};
}

}  // namespace

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
    GENEVACTL_CHECK(add_default(client, facts));
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

base::Result<model::Decision> decide_for_view(
    ns::Client& client, const DescribedView& view,
    const std::optional<model::TableDescription>& source,
    const std::optional<model::PinnedManifest>& override_inline) {
    const model::ResolutionRequest request{.kind = model::TargetKind::view,
                                           .table = view.table.id.text(),
                                           .column = {},
                                           .override_name = std::nullopt,
                                           .override_inline = override_inline};
    model::ResolutionFacts facts;
    facts.has_transform = view.definition.kind != model::ViewKind::query;
    if (view.definition.transform) {
        facts.pinned = view.definition.transform->manifest;
    }
    facts.view_snapshot = view.definition.manifest;
    facts.inherited = inherited_columns(view, source);
    GENEVACTL_CHECK(add_default(client, facts));
    return resolve::resolve(request, facts);
}

namespace {

base::Result<model::Decision> decision_for_view(
    ns::Client& client, const model::TableDescription& table,
    const std::optional<model::PinnedManifest>& override_inline) {
    auto definition = model::view_definition(table);
    if (!definition) {
        return base::fail(
            base::ErrorKind::usage,
            fmt::format("{} is a table and no view: name a column of it", table.id.text()),
            fmt::format("`genevactl resolve {} COLUMN`; `genevactl column list {}` "
                        "shows the columns",
                        base::shell_quote(table.id.text()), base::shell_quote(table.id.text())));
    }
    const DescribedView view{table, std::move(*definition)};
    GENEVACTL_TRY(const auto source, source_of(client, view));
    return decide_for_view(client, view, source, override_inline);
}

/// A column of a view: one that came from the source with the source's metadata says so.
base::Status add_inheritance(ns::Client& client, const model::TableDescription& table,
                             const model::FieldPath& column, model::Decision& decision) {
    auto definition = model::view_definition(table);
    if (!definition) return {};
    const DescribedView view{table, std::move(*definition)};
    GENEVACTL_TRY(const auto source, source_of(client, view));
    for (const auto& inherited : inherited_columns(view, source)) {
        if (inherited.column == column.parts.front()) {
            decision.notes.push_back(fmt::format(
                "{0}.{1} was inherited from {2}: what is pinned is the metadata of {2}.{1}, and a "
                "refresh of {0} does not use it (`genevactl resolve {0}` shows what it uses)",
                table.id.text(), inherited.column, inherited.source));
        }
    }
    return {};
}

}  // namespace

Answer resolve_manifest(Session& session, const Resolve& request) {
    GENEVACTL_TRY(auto id, model::ObjectId::parse(request.table));
    std::optional<model::FieldPath> column;
    std::optional<model::PinnedManifest> override_inline;
    if (!request.column.empty()) {
        GENEVACTL_TRY(column, model::FieldPath::parse(request.column));
    } else if (request.manifest) {
        GENEVACTL_TRY(override_inline, read_pinned(session, *request.manifest));
    }
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto table, describe(*client, id));
    model::Decision decision;
    if (column) {
        GENEVACTL_TRY(decision, decide_for_column(*client, table, *column, request.manifest));
        GENEVACTL_CHECK(add_inheritance(*client, table, *column, decision));
    } else {
        GENEVACTL_TRY(decision, decision_for_view(*client, table, override_inline));
    }
    auto document = to_json(decision);
    document["table"] = id.text();
    document["column"] = column ? Json(column->text()) : Json(nullptr);
    return outcome_of(document, decision.name, blocks_of(decision));
}

}  // namespace genevactl::run
