// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/view_create.hpp"
#include "inputs.hpp"
#include "kept_view.hpp"
#include "view_documents.hpp"
#include "view_options.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

/// The request, parsed and read; nothing is asked of the deployment.
struct Wanted {
    model::ObjectId name;
    std::optional<model::ObjectId> source = {};
    std::optional<ViewMaking> making = {};
    bool selects = false;
    std::optional<std::vector<model::ViewColumn>> columns = {};
    std::optional<model::ManifestDocument> manifest = {};
    bool changes = false;  ///< it names anything that the definition has
};

base::Result<Wanted> wanted_definition(const Session& session, const ViewRecreate& request) {
    const auto& options = request.options;
    Wanted wanted;
    GENEVACTL_TRY(wanted.name, model::ObjectId::parse(request.name));
    if (request.source) {
        GENEVACTL_TRY(wanted.source, model::ObjectId::parse(*request.source));
    }
    GENEVACTL_TRY(wanted.making, making_of(options));
    if (wanted.making) {
        GENEVACTL_CHECK(check_options(options, wanted.making->kind));
    }
    wanted.selects = !options.select.empty();
    GENEVACTL_TRY(wanted.columns, parse_selection(options.select));
    wanted.changes = wanted.making || wanted.source || wanted.selects || options.where ||
                     options.manifest || options.partition_by || options.replace_pinned;
    const auto& creation = options.creation;
    if (request.restore && (wanted.changes || creation.with_data || creation.auto_refresh)) {
        return base::fail(ErrorKind::usage, "--restore puts back what was there",
                          "leave the other options out");
    }
    if (options.manifest) {
        GENEVACTL_TRY(wanted.manifest, read_public_manifest(session, *options.manifest));
    }
    return wanted;
}

/// The pickle of a kept transform has its manifest and its columns in it.
base::Status check_transform_is_named(const Wanted& wanted, const model::ViewDefinition& before) {
    if (wanted.making || before.kind == model::ViewKind::query) return {};
    const auto kind = model::name_of(before.kind);
    return base::fail(
        ErrorKind::usage,
        fmt::format("a change of {} needs its {} again: the deployment has it only as a pickle, "
                    "which nothing is changed in",
                    wanted.name.text(), kind),
        fmt::format("add --{} MODULE:OBJECT (it was called {})", kind,
                    before.transform ? before.transform->name : "?"));
}

base::Status check_query_is_known(const Wanted& wanted, const model::ViewDefinition& before) {
    if (!before.limit && before.computed.empty()) return {};
    return base::fail(
        ErrorKind::usage,
        fmt::format("the query of {} has a limit or columns that a transform computes, which "
                    "genevactl cannot write",
                    wanted.name.text()),
        "make it anew with the Python client, or without changes");
}

/// The definition with what the request changes.
base::Result<ViewSpec> spec_of(const Wanted& wanted, const ViewRecreate& request,
                               const model::ViewDefinition& before) {
    GENEVACTL_CHECK(check_transform_is_named(wanted, before));
    GENEVACTL_CHECK(check_query_is_known(wanted, before));
    ViewSpec spec{.name = wanted.name, .source = wanted.source.value_or(before.source)};
    spec.kind = wanted.making ? wanted.making->kind : before.kind;
    spec.target = wanted.making ? wanted.making->target : "";
    GENEVACTL_CHECK(check_options(request.options, spec.kind));
    spec.columns = wanted.selects ? wanted.columns : before.columns;
    spec.where = request.options.where.value_or(before.where);
    if (spec.where->empty()) spec.where.reset();
    spec.partition_by = request.options.partition_by;
    spec.replace_pinned = request.options.replace_pinned;
    spec.manifest = wanted.manifest;
    if (spec.kind != model::ViewKind::query && !wanted.manifest) {
        spec.fallback_manifest = before.manifest;
    }
    return spec;
}

std::string partition_in(const std::string& udtf_spec) {
    const auto entry = nlohmann::json::parse(udtf_spec, nullptr, false);
    const auto found = entry.is_object() ? entry.find("partition_by") : entry.end();
    return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// What is lost without being asked for.
void warn_of_losses(Session& session, const model::ViewDefinition& before,
                    const PreparedView& view) {
    if (!before.transform || !view.built.transform) return;
    const auto partition = partition_in(view.built.payload.udtf_spec);
    if (before.kind == view.spec.kind && before.transform->partition_by != partition) {
        const auto name = [](const std::string& column) {
            return column.empty() ? "not partitioned" : "partitioned by " + column;
        };
        session.reporter().warn(fmt::format("the view was {}, it will be {}",
                                            name(before.transform->partition_by), name(partition)),
                                "--partition-by COLUMN says otherwise");
    }
}

base::Result<PreparedView> prepare(Session& session, ns::Client& client, const Wanted& wanted,
                                   const ViewRecreate& request,
                                   const model::TableDescription& table,
                                   const model::ViewDefinition& before) {
    const bool is_query = before.kind == model::ViewKind::query;
    const bool rebuilt = is_query && !before.limit && before.computed.empty();
    if (!wanted.changes && !rebuilt) {
        return prepare_kept_view(session, client, table, before);
    }
    GENEVACTL_TRY(const auto spec, spec_of(wanted, request, before));
    GENEVACTL_TRY(auto view, prepare_view(session, client, spec));
    warn_of_losses(session, before, view);
    return view;
}

/// describe() of the view; where it is gone because a recreation was killed, how to get it back.
base::Result<model::TableDescription> existing_view(Session& session, ns::Client& client,
                                                    const model::ObjectId& name) {
    auto table = describe(client, name, "view");
    if (table && !table->is_view()) {
        return base::fail(ErrorKind::usage, fmt::format("{} is a table and no view", name.text()),
                          "`genevactl view list` shows the views");
    }
    if (table || table.error().kind != ErrorKind::not_found) return table;
    GENEVACTL_TRY(const auto kept, kept_view(session, client, name));
    if (kept || client.describe_table(beside_old(name))) {
        auto error = std::move(table).error();
        error.message = fmt::format("{} is not there: its recreation was interrupted", name.text());
        error.hint = fmt::format("genevactl view recreate {} --restore puts the old one back",
                                 base::shell_quote(name.text()));
        return base::fail(std::move(error));
    }
    return table;
}

base::Result<std::string> restored(Session& session, ns::Client& client,
                                   const model::ObjectId& name, bool dry_run) {
    GENEVACTL_TRY(const auto kept, kept_view(session, client, name));
    const auto old = client.describe_table(beside_old(name));
    if (!old && old.error().kind != ErrorKind::not_found) {
        return base::fail(base::Error(old.error()));
    }
    if (!old && !kept) {
        return base::fail(ErrorKind::not_found,
                          fmt::format("nothing is kept of {}: no recreation of it was interrupted "
                                      "here",
                                      name.text()),
                          "genevactl view list shows what there is");
    }
    if (old) {
        if (!dry_run) {
            GENEVACTL_CHECK(ns::rename_table(client, beside_old(name), name.parts.back()));
        }
        return "the old view, with its rows";
    }
    if (!dry_run) {
        GENEVACTL_CHECK(ns::create_view(client, name, *kept, {}));
        forget_kept_view(session, client, name);
        say_what_fills(session, name, {});
    }
    return "the old definition; its rows are to be computed again";
}

Answer restore(Session& session, ns::Client& client, const model::ObjectId& name, bool dry_run) {
    const auto there = client.describe_table(name);
    if (there) {
        return base::fail(
            ErrorKind::conflict,
            fmt::format("{} is there ({}): nothing has to be put back", name.text(),
                        kind_of(*there)),
            fmt::format("drop it first (genevactl view drop {} --yes) if the one before it is "
                        "wanted",
                        base::shell_quote(name.text())));
    }
    if (there.error().kind != ErrorKind::not_found) return base::fail(base::Error(there.error()));
    GENEVACTL_TRY(const auto what, restored(session, client, name, dry_run));
    auto document = view_document(name, "restored", dry_run);
    document["restored"] = what;
    return outcome_of(document, name.text(),
                      {model::Text{{fmt::format("{} {}: {}", dry_run ? "would restore" : "restored",
                                                name.text(), what)}}});
}

}  // namespace

Answer view_recreate(Session& session, const ViewRecreate& request) {
    GENEVACTL_TRY(const auto wanted, wanted_definition(session, request));
    GENEVACTL_TRY(auto* client, session.client());
    if (request.restore) return restore(session, *client, wanted.name, request.dry_run);
    GENEVACTL_TRY(const auto table, existing_view(session, *client, wanted.name));
    const auto before = model::view_definition(table.schema);
    if (!before) {
        return base::fail(ErrorKind::failed,
                          fmt::format("the definition of {} cannot be read", wanted.name.text()));
    }
    GENEVACTL_TRY(const auto view, prepare(session, *client, wanted, request, table, *before));
    GENEVACTL_TRY(const auto rows, client->count_rows(wanted.name));
    if (request.dry_run) return made_outcome(view, "recreated", std::nullopt, rows);
    if (!request.yes) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("this would make {} anew: {} would be dropped and have to be rebuilt",
                        wanted.name.text(), base::plural(rows, "row")),
            "add --yes to do it, --with-data to rebuild them at once, or --dry-run to see what it "
            "would be");
    }
    GENEVACTL_TRY(const auto made,
                  replace_view(session, *client, table, view, request.options.creation));
    say_what_fills(session, wanted.name, made.created);
    return made_outcome(view, "recreated", made, rows);
}

}  // namespace genevactl::run
