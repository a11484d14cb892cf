// SPDX-License-Identifier: Apache-2.0
#include <mutex>

#include <fmt/format.h>

#include "genevactl/base/parallel.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/views.hpp"
#include "tables_below.hpp"
#include "view_facts.hpp"
#include "view_state.hpp"

namespace genevactl::run {

using model::Tone;
using model::ViewDefinition;
using model::ViewPinning;

namespace {

constexpr unsigned k_describes_at_once = 8;

/// What describe tells of a view without its schema: thousands of them are kept.
struct ListedView {
    model::ObjectId id;
    std::int64_t version = 0;
    std::optional<std::int64_t> rows = {};
    ViewDefinition definition;
};

std::string text_or(const std::string& text, const char* otherwise) {
    return text.empty() ? otherwise : text;
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

/// JSON of the client's own: as it is when it parses, else as text.
Json parsed_query(const std::string& text) {
    auto json = Json::parse(text, nullptr, false);
    return json.is_discarded() ? Json(text) : json;
}

Json pinned(ViewPinning pinning) {
    return pinning == ViewPinning::unknown ? Json(nullptr) : Json(pinning == ViewPinning::pinned);
}

/// The description of every view among the tables, in their order. Only describe tells the two
/// apart: one request a table, several at a time.
base::Result<std::vector<ListedView>> views_among(Session& session, ns::Client& client,
                                                  const std::vector<model::ObjectId>& tables) {
    std::vector<std::optional<ListedView>> found(tables.size());
    const auto look = [&](std::size_t i) -> base::Status {
        auto table = client.describe_table(tables[i]);
        if (!table) {
            // One that was dropped since the list was made is no error.
            if (table.error().kind == base::ErrorKind::not_found) return {};
            return base::fail(std::move(table).error());
        }
        if (auto definition = model::view_definition(*table)) {
            found[i] = {tables[i], table->version, table->rows, std::move(*definition)};
            found[i]->definition.query.clear();
        }
        return {};
    };
    GENEVACTL_CHECK(base::for_each_in_parallel(tables.size(), k_describes_at_once,
                                               *session.surroundings().interrupt, look));
    std::vector<ListedView> views;
    for (auto& view : found) {
        if (view) views.push_back(std::move(*view));
    }
    return views;
}

Json listed_view_json(const ListedView& view) {
    const auto& definition = view.definition;
    auto json = versioned();
    json["view"] = view.id.text();
    json["kind"] = model::name_of(definition.kind);
    json["source"] = text_or_null(definition.source.text());
    json["rows"] = or_null(view.rows);
    json["version"] = view.version;
    json["pinned"] = pinned(definition.pinning);
    json["base_table_version"] = or_null(definition.source_version);
    json["refreshed_version"] = or_null(definition.refreshed_version);
    json["transform"] = definition.transform ? Json(definition.transform->name) : Json(nullptr);
    json["manifest"] = definition.manifest ? Json(definition.manifest->name) : Json(nullptr);
    json["manifest_checksum"] =
        definition.manifest ? Json(definition.manifest->checksum) : Json(nullptr);
    return json;
}

Json transform_json(const model::ViewTransform& transform) {
    Json json;
    json["name"] = transform.name;
    json["version"] = text_or_null(transform.version);
    json["inputs"] = transform.inputs;
    json["partition_by"] = text_or_null(transform.partition_by);
    json["partition_by_indexed_column"] = text_or_null(transform.partition_by_indexed_column);
    json["batch"] = transform.batch;
    json["manifest"] = transform.manifest ? to_json(*transform.manifest) : Json(nullptr);
    return json;
}

Json query_json(const ViewDefinition& view) {
    Json json;
    json["columns"] = nullptr;
    if (view.columns) {
        json["columns"] = Json::array();
        for (const auto& column : *view.columns) {
            Json entry;
            entry["name"] = column.name;
            entry["expression"] = column.expression;
            json["columns"].push_back(std::move(entry));
        }
    }
    json["where"] = text_or_null(view.where);
    json["limit"] = or_null(view.limit);
    json["computed"] = view.computed;
    json["text"] = parsed_query(view.query);
    return json;
}

Json shown_json(const DescribedView& view, std::int64_t rows, const Staleness& staleness) {
    const auto& [table, definition] = view;
    auto json = versioned();
    json["view"] = table.id.text();
    json["kind"] = model::name_of(definition.kind);
    json["rows"] = rows;
    json["version"] = table.version;
    json["location"] = or_null(table.location);
    json["source"] = text_or_null(definition.source.text());
    json["source_uri"] = text_or_null(definition.source_uri);
    json["query"] = query_json(definition);
    json["transform"] =
        definition.transform ? transform_json(*definition.transform) : Json(nullptr);
    json["identity"] = text_or_null(definition.identity);
    json["manifest"] = definition.manifest ? to_json(*definition.manifest) : Json(nullptr);
    json["staleness"] = to_json(staleness, definition);
    json["columns"] = Json::array();
    return json;
}

/// "docs, version 5 now".
std::string source_text(const ViewDefinition& view, const Staleness& staleness) {
    auto text = text_or(view.source.text(), "unknown");
    text += staleness.source ? fmt::format(", version {} now", staleness.source->version)
                             : ", which is not in this database";
    return text;
}

std::string selected_text(const ViewDefinition& view) {
    if (!view.columns) return "all of " + view.source.text();
    std::vector<std::string> texts;
    for (const auto& column : *view.columns) {
        texts.push_back(column.text());
    }
    for (const auto& column : view.computed) {
        texts.push_back(column + " (computed)");
    }
    return base::join(texts, ", ");
}

/// What a pinned view means for whoever refreshes it.
model::Cell pinning_cell(const DescribedView& view, const Staleness& staleness) {
    const auto& definition = view.definition;
    const auto version =
        definition.source_version ? std::to_string(*definition.source_version) : "?";
    const auto name = base::shell_quote(view.table.id.text());
    if (staleness.pinning == ViewPinning::follows) return {"no: it follows its source"};
    if (staleness.pinning == ViewPinning::pinned) {
        return {fmt::format("to version {0} of {1}, whose rows have no stable ids; newer rows do "
                            "not come in (`genevactl refresh {2} --src-version {0}`)",
                            version, definition.source.text(), name),
                Tone::caution};
    }
    return {
        fmt::format("to version {0} of {1} if its rows have no stable ids, which cannot be "
                    "told yet",
                    version, definition.source.text())};
}

model::Cell staleness_cell(const DescribedView& view, const Staleness& staleness) {
    const bool current = staleness.versions == 0;
    return {in_words(staleness, view.definition), current ? Tone::good : Tone::caution};
}

model::Properties shown_properties(const DescribedView& view, std::int64_t rows,
                                   const Staleness& staleness) {
    const auto& [table, definition] = view;
    model::Properties properties;
    const auto add = [&](std::string label, model::Cell cell) {
        properties.rows.emplace_back(std::move(label), std::move(cell));
    };
    add("view", {table.id.text(), Tone::strong});
    add("kind", {std::string(model::name_of(definition.kind))});
    add("rows", {base::group_digits(rows)});
    add("version", {std::to_string(table.version)});
    add("source", {source_text(definition, staleness)});
    add("reads", {selected_text(definition)});
    if (!definition.where.empty()) add("where", {definition.where});
    if (definition.limit) add("limit", {std::to_string(*definition.limit)});
    if (definition.transform) {
        add("transform", {transform_text(definition)});
        add("identity", {text_or(definition.identity, "unknown")});
    }
    add("manifest", {definition.manifest ? definition.manifest->name : "none"});
    if (definition.manifest) add("checksum", {definition.manifest->checksum});
    add("refreshed", staleness_cell(view, staleness));
    add("pinned", pinning_cell(view, staleness));
    if (table.location) add("location", {*table.location});
    return properties;
}

}  // namespace

Answer view_list(Session& session, const TableList& request) {
    model::ObjectId parent;
    if (!request.parent.empty()) {
        GENEVACTL_TRY(parent, model::ObjectId::parse(request.parent));
    }
    GENEVACTL_TRY(auto* client, session.client());
    std::vector<model::ObjectId> tables;
    GENEVACTL_CHECK(collect_tables(*client, parent, request.recursive, tables));
    GENEVACTL_TRY(const auto views, views_among(session, *client, tables));
    std::vector<Json> items;
    std::vector<std::string> names;
    model::Table rows{.headings = {"VIEW", "KIND", "SOURCE", "ROWS", "TRANSFORM", "MANIFEST"},
                      .right_aligned = {false, false, false, true}};
    rows.when_empty =
        fmt::format("{} has no views",
                    parent.parts.empty() ? "db://" + client->connection().database : parent.text());
    for (const auto& view : views) {
        const auto& definition = view.definition;
        items.push_back(listed_view_json(view));
        names.push_back(view.id.text());
        rows.rows.push_back({{view.id.text(), Tone::strong},
                             {std::string(model::name_of(definition.kind))},
                             {text_or(definition.source.text(), "-")},
                             {view.rows ? base::group_digits(*view.rows) : "-"},
                             {text_or(transform_text(definition), "-")},
                             {definition.manifest ? short_manifest(definition.manifest) : "-"}});
    }
    return list_outcome(items, std::move(names), std::move(rows));
}

Answer view_show(Session& session, const ViewShow& request) {
    GENEVACTL_TRY(auto id, model::ObjectId::parse(request.view));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(const auto view, describe_view(*client, id));
    GENEVACTL_TRY(const auto rows, client->count_rows(id));
    GENEVACTL_TRY(const auto staleness, staleness_of(*client, view));
    auto document = shown_json(view, rows, staleness);
    model::Table columns{.headings = {"COLUMN", "TYPE"}};
    for (const auto& field : view.table.schema.fields) {
        document["columns"].push_back(to_json(field));
        columns.rows.push_back({{field.name, Tone::strong}, {field.type}});
    }
    return outcome_of(document, id.text(),
                      {shown_properties(view, rows, staleness), std::move(columns)});
}

}  // namespace genevactl::run
