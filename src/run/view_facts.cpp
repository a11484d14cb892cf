// SPDX-License-Identifier: Apache-2.0
#include "view_facts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/model/snapshot.hpp"
#include "inputs.hpp"

namespace genevactl::run {

using base::ErrorKind;
using model::ViewPinning;

namespace {

/// Are the ids of the source's rows their addresses (fragment << 32 | offset)? In the first
/// fragment the two are alike, so a row of another one is looked at; nothing if there is none.
base::Result<std::optional<bool>> ids_are_addresses(ns::Client& client,
                                                    const model::ObjectId& source) {
    constexpr std::int64_t k_second_fragment = std::int64_t{1} << 32;
    const ns::Query query{.columns = {"_rowid", "_rowaddr"},
                          .filter = fmt::format("_rowaddr >= {}", k_second_fragment),
                          .limit = 1};
    const auto rows = client.query(source, query);
    if (!rows) {
        // A deployment that does not tell addresses leaves the question open.
        if (rows.error().kind == ErrorKind::failed) return std::optional<bool>();
        return base::fail(base::Error(rows.error()));
    }
    if (rows->size() == 0) return std::optional<bool>();
    const auto id = rows->integer("_rowid", 0);
    const auto address = rows->integer("_rowaddr", 0);
    if (!id || !address) return std::optional<bool>();
    return std::optional(*id == *address);
}

/// The source's rows of a version (of now, without one) that the view's condition lets pass;
/// nothing for a version that is gone.
base::Result<std::optional<std::int64_t>> rows_of(ns::Client& client, const DescribedView& view,
                                                  std::optional<std::int64_t> version) {
    std::optional<std::string> where;
    if (!view.definition.where.empty()) where = view.definition.where;
    const auto rows = client.count_rows(view.definition.source, where, version);
    if (rows) return std::optional(*rows);
    const auto kind = rows.error().kind;
    if (kind == ErrorKind::not_found || kind == ErrorKind::failed) {
        return std::optional<std::int64_t>();
    }
    return base::fail(base::Error(rows.error()));
}

/// Does the view take that column from its source? One that it does not was added to the view.
bool is_taken(const model::ViewDefinition& view,
              const std::optional<model::TableDescription>& source, const std::string& column) {
    if (view.kind == model::ViewKind::udtf) return false;
    if (view.columns) {
        return std::ranges::find(*view.columns, column, &model::ViewColumn::name) !=
               view.columns->end();
    }
    return !source || source->schema.find(column) != nullptr;
}

}  // namespace

base::Result<DescribedView> describe_view(ns::Client& client, const model::ObjectId& id) {
    GENEVACTL_TRY(auto table, describe(client, id, "view"));
    auto definition = model::view_definition(table);
    if (!definition) {
        return base::fail(ErrorKind::usage, fmt::format("{} is a table and no view", id.text()),
                          "genevactl view list shows the views");
    }
    return DescribedView{std::move(table), std::move(*definition)};
}

base::Result<std::optional<model::TableDescription>> source_of(ns::Client& client,
                                                               const DescribedView& view) {
    if (view.definition.source.parts.empty()) {
        return std::optional<model::TableDescription>();
    }
    auto source = client.describe_table(view.definition.source);
    if (source) return std::optional(std::move(*source));
    if (source.error().kind == ErrorKind::not_found) {
        return std::optional<model::TableDescription>();
    }
    return base::fail(std::move(source).error());
}

base::Result<ViewPinning> pinning_of(ns::Client& client, const DescribedView& view,
                                     const std::optional<model::TableDescription>& source) {
    if (view.definition.pinning != ViewPinning::unknown || !source) {
        return view.definition.pinning;
    }
    GENEVACTL_TRY(const auto addresses, ids_are_addresses(client, source->id));
    if (!addresses) return ViewPinning::unknown;
    return *addresses ? ViewPinning::pinned : ViewPinning::follows;
}

base::Result<Staleness> staleness_of(ns::Client& client, const DescribedView& view) {
    Staleness staleness;
    GENEVACTL_TRY(staleness.source, source_of(client, view));
    GENEVACTL_TRY(staleness.pinning, pinning_of(client, view, staleness.source));
    const auto refreshed = view.definition.refreshed_version;
    if (!staleness.source || !refreshed) return staleness;
    staleness.versions = staleness.source->version - *refreshed;
    if (*staleness.versions == 0) {
        staleness.rows = 0;
        return staleness;
    }
    GENEVACTL_TRY(const auto now, rows_of(client, view, {}));
    GENEVACTL_TRY(const auto then, rows_of(client, view, refreshed));
    if (now && then) staleness.rows = *now - *then;
    return staleness;
}

std::vector<model::InheritedColumn> inherited_columns(
    const DescribedView& view, const std::optional<model::TableDescription>& source) {
    std::vector<model::InheritedColumn> inherited;
    for (const auto& field : view.table.schema.fields) {
        const auto snapshot = model::column_snapshot(field);
        if (snapshot && is_taken(view.definition, source, field.name)) {
            inherited.push_back({field.name, view.definition.source.text(), snapshot->manifest});
        }
    }
    return inherited;
}

}  // namespace genevactl::run
