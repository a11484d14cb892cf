// SPDX-License-Identifier: Apache-2.0
#include "project_steps.hpp"

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/model/filter_mark.hpp"
#include "genevactl/namespace/views.hpp"
#include "genevactl/run/view_create.hpp"
#include "inputs.hpp"
#include "launch.hpp"
#include "planned.hpp"
#include "prepare_transform.hpp"
#include "refresh_plan.hpp"
#include "register_column.hpp"

namespace genevactl::run {

using base::ErrorKind;
using plan::Action;

namespace {

base::Error changed_since(const std::string& target, std::string_view what) {
    return {.kind = ErrorKind::conflict,
            .message = fmt::format("{}: {} changed while the plan was applied", target, what),
            .hint = "apply again: what is done stays done"};
}

/// The manifest that the file gives a column or view, or nothing.
std::optional<model::ManifestDocument> manifest_of(const MadePlan& made,
                                                   const std::optional<std::string>& name) {
    const auto found = name ? made.facts.manifests.find(*name) : made.facts.manifests.end();
    return found == made.facts.manifests.end() ? std::nullopt
                                               : std::optional(found->second.document);
}

const project::ColumnEntry* entry_of(const MadePlan& made, const plan::WantedColumn& column) {
    for (const auto& entry : made.facts.file.columns) {
        const bool named =
            entry.table == column.table &&
            std::ranges::find(column.columns, entry.column.parts.front()) != column.columns.end();
        if (named) return &entry;
    }
    return nullptr;
}

/// The transform with its payload, which must be the one that the plan was made with.
base::Result<model::TransformDescription> prepared(MadePlan& made, const plan::WantedColumn& column,
                                                   const model::TableDescription& table) {
    const auto* entry = entry_of(made, column);
    if (entry == nullptr) {
        return base::fail(ErrorKind::internal, fmt::format("no entry for {}", column.text()));
    }
    const ColumnRegister request{.table = column.table.text(),
                                 .column = column.columns.size() > 1
                                               ? std::string(k_named_by_transform)
                                               : model::FieldPath{{column.columns.front()}}.text(),
                                 .target = entry->transform,
                                 .input_columns = entry->inputs};
    GENEVACTL_TRY(auto transform, prepare_transform(*made.session, request,
                                                    manifest_of(made, entry->manifest), table));
    if (transform.identity != column.transform->identity) {
        return base::fail(changed_since(column.text(), "the code of " + *entry->transform));
    }
    return transform;
}

base::Status add_column(MadePlan& made, ns::Client& client, const plan::WantedColumn& column) {
    GENEVACTL_TRY(const auto table, describe(client, column.table));
    for (const auto& name : column.columns) {
        if (table.schema.find(name) != nullptr) {
            return base::fail(changed_since(column.text(), "the table"));
        }
    }
    if (column.expression) {
        GENEVACTL_CHECK(client.add_columns(
            column.table, {{.name = column.columns.front(), .expression = column.expression}}));
        return {};
    }
    GENEVACTL_TRY(const auto transform, prepared(made, column, table));
    GENEVACTL_CHECK(add_computed(*made.session, client, column.table, column.columns, transform));
    return {};
}

base::Status alter_column(MadePlan& made, ns::Client& client, const plan::WantedColumn& column) {
    const model::FieldPath path{{column.columns.front()}};
    GENEVACTL_TRY(const auto table, describe(client, column.table));
    GENEVACTL_CHECK(computed_column(table, path));
    GENEVACTL_TRY(const auto transform, prepared(made, column, table));
    GENEVACTL_CHECK(alter_computed(*made.session, client, column.table, path, transform));
    return {};
}

base::Status upload(MadePlan& made, const plan::Step& step) {
    const auto* entry = made.facts.file.manifest(step.manifest);
    if (entry == nullptr) {
        return base::fail(ErrorKind::internal, fmt::format("no manifest {}", step.manifest));
    }
    GENEVACTL_TRY(auto built, build_manifest(*made.session, *entry, Upload::yes));
    auto& planned = made.facts.manifests.at(step.manifest);
    // Before the first capture a deployment has no place for archives: their URIs, which are in
    // the manifest, are known only now.
    const bool place_was_unknown = planned.document.json.find(k_unknown_place) != std::string::npos;
    if (!place_was_unknown &&
        built.document.manifest.checksum != planned.document.manifest.checksum) {
        return base::fail(changed_since(step.manifest, "what it captures"));
    }
    planned = std::move(built);
    return {};
}

base::Status drop_columns(ns::Client& client, const plan::Step& step) {
    std::vector<std::string> names;
    for (const auto& column : step.columns) {
        names.push_back(api_name({{column}}));
    }
    GENEVACTL_CHECK(client.drop_columns(step.table, names));
    return {};
}

const project::ViewEntry* entry_of(const MadePlan& made, const plan::WantedView& view) {
    const auto& entries = made.facts.file.views;
    const auto found = std::ranges::find(entries, view.name, &project::ViewEntry::name);
    return found == entries.end() ? nullptr : &*found;
}

/// The view as it will be made, of the code that the plan was made with.
base::Result<PreparedView> prepared(MadePlan& made, ns::Client& client,
                                    const plan::WantedView& view) {
    const auto* entry = entry_of(made, view);
    if (entry == nullptr) {
        return base::fail(ErrorKind::internal, fmt::format("no entry for {}", view.name.text()));
    }
    ViewSpec spec{.name = view.name,
                  .source = view.source,
                  .kind = *view.kind,
                  .target = entry->transform,
                  .where = entry->where,
                  .manifest = manifest_of(made, entry->manifest),
                  .partition_by = entry->partition_by};
    if (!view.select.empty()) {
        spec.columns = view.select;
    }
    GENEVACTL_TRY(auto ready, prepare_view(*made.session, client, spec));
    if (view.transform && ready.identity != view.transform->identity) {
        return base::fail(changed_since(view.name.text(), "the code of " + entry->transform));
    }
    return ready;
}

/// Without rows: the refresh is a step of its own, which may have to wait for columns.
base::Status create_view(MadePlan& made, ns::Client& client, const plan::WantedView& view) {
    GENEVACTL_TRY(const auto ready, prepared(made, client, view));
    GENEVACTL_CHECK(make_view(*made.session, client, ready, {}));
    return {};
}

base::Status recreate_view(MadePlan& made, ns::Client& client, const plan::WantedView& view) {
    GENEVACTL_TRY(const auto old, describe(client, view.name));
    GENEVACTL_TRY(const auto ready, prepared(made, client, view));
    GENEVACTL_CHECK(replace_view(*made.session, client, old, ready, {}));
    return {};
}

/// The rows that the job computes; where values are there already, with a mark that makes the
/// filter unlike every other.
std::optional<std::string> filter_for(const MadePlan& made, const plan::Step& step) {
    if (!step.recompute) {
        return step.where;
    }
    const auto now = made.session->surroundings().clock->now();
    const auto rows = step.where ? fmt::format("({})", *step.where) : std::string("1=1");
    return rows + model::filter_mark("apply", now);
}

base::Result<std::string> start_refresh(MadePlan& made, const plan::Step& step) {
    GENEVACTL_TRY(auto* client, made.session->client());
    GENEVACTL_TRY(const auto planned, plan_own_refresh(*client, step.table));
    return launch(*made.session, *client, launch_of(*client, planned), false);
}

}  // namespace

base::Status do_step(MadePlan& made, const plan::Step& step) {
    GENEVACTL_TRY(auto* client, made.session->client());
    switch (step.action) {
        case Action::upload:
            return upload(made, step);
        case Action::add_column:
            return add_column(made, *client, made.facts.wanted.columns[step.wanted.value_or(0)]);
        case Action::alter_column:
            return alter_column(made, *client, made.facts.wanted.columns[step.wanted.value_or(0)]);
        case Action::drop_column:
            return drop_columns(*client, step);
        case Action::create_view:
            return create_view(made, *client, made.facts.wanted.views[step.wanted.value_or(0)]);
        case Action::recreate_view:
            return recreate_view(made, *client, made.facts.wanted.views[step.wanted.value_or(0)]);
        case Action::drop_view:
            return ns::drop_table(*client, step.table);
        case Action::backfill:
        case Action::refresh:
            break;
    }
    return base::fail(ErrorKind::internal, "a job is started, not done");
}

base::Result<std::string> start_job(MadePlan& made, const plan::Step& step, bool after_repoint) {
    if (!step.follows.empty()) {
        return step.follows;
    }
    if (step.action == Action::refresh) {
        return start_refresh(made, step);
    }
    GENEVACTL_TRY(auto* client, made.session->client());
    GENEVACTL_TRY(const auto table, describe(*client, step.table));
    Backfill request{.table = step.table.text(),
                     .columns = {model::FieldPath{{step.columns.front()}}.text()}};
    request.parameters.where = filter_for(made, step);
    GENEVACTL_TRY(const auto planned, plan(*client, table, request));
    return launch(*made.session, *client, launch_of(*client, table, planned.front()),
                  after_repoint);
}

}  // namespace genevactl::run
