// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/export.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/model/view.hpp"
#include "genevactl/namespace/job_pages.hpp"
#include "genevactl/project/file.hpp"
#include "inputs.hpp"
#include "manifest_entries.hpp"
#include "tables_below.hpp"

namespace genevactl::run {

namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using project::ColumnEntry;
using project::ViewEntry;

/// What an export has gathered.
struct Gathered {
    project::File file = {};
    ManifestEntries manifests;
    std::vector<std::string> kept = {};  ///< columns and views whose transform is not known
};

constexpr const char* k_no_target =
    "what computes it was not kept when it was registered: write transform = \"MODULE:OBJECT\" "
    "in place of keep";

/// Keeps an entry as it is, with the reason above it.
template <typename Entry>
void keep(Entry& entry, const std::string& name, std::string why, Gathered& gathered) {
    entry.comment = std::move(why);
    gathered.kept.push_back(name);
}

ColumnEntry kept_column(const ColumnEntry& column, std::string why, Gathered& gathered) {
    ColumnEntry kept{.table = column.table, .column = column.column, .keep = true};
    keep(kept, kept.text(), std::move(why), gathered);
    return kept;
}

ColumnEntry column_entry(const model::TableDescription& table, const model::Field& field,
                         const model::ColumnSnapshot& snapshot, Gathered& gathered) {
    ColumnEntry column{.table = table.id, .column = {{field.name}}};
    if (!model::names_an_object(snapshot.target)) {
        return kept_column(column, fmt::format("{}: {}", snapshot.udf_name, k_no_target), gathered);
    }
    if (snapshot.manifest) {
        const auto added = gathered.manifests.add(*snapshot.manifest);
        if (!added.why_not.empty()) {
            return kept_column(column, added.why_not, gathered);
        }
        column.manifest = added.name;
    }
    column.transform = snapshot.target;
    std::vector<std::string> inputs;
    for (const auto& input : snapshot.inputs) {
        const auto path = model::FieldPath::parse(input);
        inputs.push_back(path ? path->text() : input);
    }
    column.inputs = std::move(inputs);
    return column;
}

ViewEntry kept_entry(const model::ObjectId& name, std::string why, Gathered& gathered) {
    ViewEntry kept{.name = name, .kind = ViewEntry::Kind::keep};
    keep(kept, name.text(), std::move(why), gathered);
    return kept;
}

/// Why an entry cannot say all of a view; "" if it can.
std::string beyond_an_entry(const model::ViewDefinition& view) {
    if (!view.computed.empty()) {
        return "transforms in its query compute " + base::join(view.computed, ", ");
    }
    if (view.limit) {
        return fmt::format("its query ends after {}", base::plural(*view.limit, "row"));
    }
    if (view.kind != model::ViewKind::query && !model::names_an_object(view.target)) {
        return fmt::format(
            "{}: what makes it was not kept when it was registered: write {} = "
            "\"MODULE:OBJECT\" and source = \"{}\" in place of keep",
            view.transform ? view.transform->name : "a view", model::name_of(view.kind),
            view.source.text());
    }
    return "";
}

ViewEntry view_entry(const model::TableDescription& table, const model::ViewDefinition& definition,
                     Gathered& gathered) {
    using Kind = ViewEntry::Kind;
    if (auto why = beyond_an_entry(definition); !why.empty()) {
        return kept_entry(table.id, std::move(why), gathered);
    }
    ViewEntry view{.name = table.id, .source = definition.source};
    if (definition.manifest) {
        const auto added = gathered.manifests.add(*definition.manifest);
        if (!added.why_not.empty()) {
            return kept_entry(table.id, added.why_not, gathered);
        }
        view.manifest = added.name;
    }
    view.kind = definition.kind == model::ViewKind::query     ? Kind::query
                : definition.kind == model::ViewKind::chunker ? Kind::chunker
                                                              : Kind::udtf;
    if (view.kind != Kind::query) {
        view.transform = definition.target;
    }
    if (definition.columns) {
        for (const auto& column : *definition.columns) {
            view.select.push_back(column.text());
        }
    }
    if (!definition.where.empty()) {
        view.where = definition.where;
    }
    if (definition.transform && !definition.transform->partition_by.empty()) {
        view.partition_by = definition.transform->partition_by;
    }
    return view;
}

/// Adds what is computed in a table, or the view that it is.
void add_table(const model::TableDescription& table, Gathered& gathered) {
    if (const auto definition = model::view_definition(table.schema)) {
        gathered.file.views.push_back(view_entry(table, *definition, gathered));
        return;  // a column that a view inherits carries the metadata of its source
    }
    for (const auto& field : table.schema.fields) {
        if (const auto snapshot = model::column_snapshot(field)) {
            gathered.file.columns.push_back(column_entry(table, field, *snapshot, gathered));
        }
    }
}

/// Has a job ever computed the column, or refreshed the view (column "")?
base::Result<bool> was_done(ns::Client& client, const model::ObjectId& table,
                            const std::string& column) {
    const ns::JobFilter filter{
        .table = table.parts.back(), .columns = {column}, .statuses = {model::JobStatus::done}};
    GENEVACTL_TRY(auto pages, ns::JobPages::open(client, filter, ns::JobDetail::listing, 1));
    GENEVACTL_TRY(const auto page, pages.next());
    return !page.empty();
}

/// What nobody has computed so far, an apply of the file must not begin to.
base::Status mark_undone(ns::Client& client, Gathered& gathered) {
    constexpr const char* k_undone = "no job is DONE: take the next \"never\" out to have one run";
    for (auto& column : gathered.file.columns) {
        if (column.keep) continue;
        GENEVACTL_TRY(const auto done, was_done(client, column.table, column.column.parts.front()));
        if (!done) {
            column.backfill = project::Due::never;
            column.comment = k_undone;
        }
    }
    for (auto& view : gathered.file.views) {
        if (view.kind == ViewEntry::Kind::keep) continue;
        GENEVACTL_TRY(const auto done, was_done(client, view.name, ""));
        if (!done) {
            view.refresh = project::Due::never;
            view.comment = k_undone;
        }
    }
    return {};
}

base::Result<Gathered> gather_all(Session& session) {
    GENEVACTL_TRY(auto* client, session.client());
    std::vector<model::ObjectId> tables;
    GENEVACTL_CHECK(collect_tables(*client, {}, true, tables));
    Gathered gathered;
    for (const auto& id : tables) {
        session.reporter().step(fmt::format("reading {}", id.text()));
        GENEVACTL_TRY(const auto table, describe(*client, id));
        add_table(table, gathered);
    }
    session.reporter().finish();
    GENEVACTL_CHECK(mark_undone(*client, gathered));
    return gathered;
}

/// The database as a project file names it.
base::Result<std::string> uri_of(Session& session) {
    GENEVACTL_TRY(auto* client, session.client());
    return session.settings().uri.value.value_or("db://" + client->connection().database);
}

base::Status check_is_free(const fs::path& file, const fs::path& given, bool force) {
    std::error_code ignored;
    if (!force && fs::exists(file, ignored)) {
        return base::fail(ErrorKind::conflict, fmt::format("{} is there already", given.string()),
                          "write to another file with --out, or replace it with --force");
    }
    return {};
}

/// The manifests that no entry can say, as files beside the project file.
base::Status write_manifests(const Gathered& gathered, const fs::path& folder) {
    for (const auto& [path, json] : gathered.manifests.files()) {
        const auto file = folder / path;
        std::error_code failure;
        fs::create_directories(file.parent_path(), failure);
        if (failure) {
            return base::fail(
                ErrorKind::failed,
                fmt::format("cannot make {}: {}", file.parent_path().string(), failure.message()));
        }
        GENEVACTL_CHECK(base::write_atomic(file, json));
    }
    return {};
}

Json document_of(const Gathered& gathered, const std::string& toml) {
    auto document = versioned();
    document["path"] = nullptr;
    for (const auto* list : {"manifests", "columns", "views"}) {
        document[list] = Json::array();
    }
    for (const auto& manifest : gathered.file.manifests) {
        document["manifests"].push_back(manifest.name);
    }
    for (const auto& column : gathered.file.columns) {
        document["columns"].push_back(column.text());
    }
    for (const auto& view : gathered.file.views) {
        document["views"].push_back(view.name.text());
    }
    document["kept"] = gathered.kept;
    document["manifest_files"] = Json::array();
    for (const auto& [path, json] : gathered.manifests.files()) {
        document["manifest_files"].push_back(path);
    }
    document["toml"] = toml;
    return document;
}

void say_what_is_kept(Session& session, const Gathered& gathered) {
    if (!gathered.kept.empty()) {
        session.reporter().warn(
            fmt::format("kept as they are, without saying how they are made: {}",
                        base::join(gathered.kept, ", ")),
            "the comments in the file say why");
    }
}

}  // namespace

Answer export_project(Session& session, const Export& request) {
    const auto file = request.out ? from_working_directory(session, *request.out)
                                  : session.surroundings().working_directory / "geneva.toml";
    if (request.out) {
        GENEVACTL_CHECK(check_is_free(file, *request.out, request.force));
    }
    GENEVACTL_TRY(const auto uri, uri_of(session));
    GENEVACTL_TRY(auto gathered, gather_all(session));
    gathered.file.path = file.lexically_normal();
    gathered.file.manifests = gathered.manifests.entries(gathered.file.path.parent_path());
    const auto toml = project::to_toml(gathered.file, uri);
    say_what_is_kept(session, gathered);
    auto document = document_of(gathered, toml);
    if (!request.out) {
        if (!gathered.manifests.files().empty()) {
            session.reporter().warn(
                "the manifests in manifests/ are not written to standard output",
                "write them too with --out FILE");
        }
        model::Outcome outcome{.document = dump(document)};
        outcome.raw = toml;
        return outcome;
    }
    GENEVACTL_CHECK(write_manifests(gathered, gathered.file.path.parent_path()));
    GENEVACTL_CHECK(base::write_atomic(file, toml));
    document["path"] = request.out->string();
    const auto count = [](std::size_t number, std::string_view noun) {
        return base::plural(static_cast<long long>(number), noun);
    };
    const auto said = fmt::format(
        "{}: {}, {}, {}", request.out->string(), count(gathered.file.manifests.size(), "manifest"),
        count(gathered.file.columns.size(), "column"), count(gathered.file.views.size(), "view"));
    return outcome_of(document, request.out->string(), {model::Text{{said}}});
}

std::string project_schema() {
    return project::json_schema();
}

}  // namespace genevactl::run
