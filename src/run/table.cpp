// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"
#include "tables_below.hpp"

namespace genevactl::run {

Answer table_list(Session& session, const TableList& request) {
    model::ObjectId parent;
    if (!request.parent.empty()) {
        GENEVACTL_TRY(parent, model::ObjectId::parse(request.parent));
    }
    GENEVACTL_TRY(auto* client, session.client());
    std::vector<model::ObjectId> tables;
    GENEVACTL_CHECK(collect_tables(*client, parent, request.recursive, tables));
    std::vector<Json> items;
    std::vector<std::string> names;
    model::Table rows{.headings = {"TABLE"}};
    rows.when_empty = parent.parts.empty()
                          ? fmt::format("db://{} has no tables", client->connection().database)
                          : fmt::format("{} has no tables", parent.text());
    for (const auto& id : tables) {
        auto item = versioned();
        item["table"] = id.text();
        items.push_back(std::move(item));
        rows.rows.push_back({{id.text()}});
        names.push_back(id.text());
    }
    return list_outcome(items, std::move(names), std::move(rows));
}

Answer table_show(Session& session, const TableColumn& request) {
    GENEVACTL_TRY(auto id, model::ObjectId::parse(request.table));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto table, describe(*client, id));
    GENEVACTL_TRY(const auto count, client->count_rows(id));
    auto document = versioned();
    document["table"] = id.text();
    document["kind"] = table.is_view() ? "view" : "table";
    document["rows"] = count;
    document["version"] = table.version;
    document["location"] = table.location ? Json(*table.location) : Json(nullptr);
    document["columns"] = Json::array();
    model::Table columns{.headings = {"COLUMN", "TYPE", "COMPUTED BY", "MANIFEST"}};
    for (const auto& field : table.schema.fields) {
        const auto snapshot = model::column_snapshot(field);
        auto column = to_json(field);
        column["computed"] = snapshot ? to_json(*snapshot) : Json(nullptr);
        document["columns"].push_back(std::move(column));
        columns.rows.push_back({{field.name, model::Tone::strong},
                                {field.type},
                                {snapshot ? snapshot->udf_name : "-"},
                                {snapshot ? short_manifest(snapshot->manifest) : "-"}});
    }
    model::Properties properties;
    auto add = [&](std::string label, std::string text) {
        properties.rows.emplace_back(std::move(label), model::Cell{std::move(text)});
    };
    add(table.is_view() ? "view" : "table", id.text());
    add("rows", base::group_digits(count));
    add("version", std::to_string(table.version));
    if (table.location) {
        add("location", *table.location);
    }
    return outcome_of(document, id.text(), {std::move(properties), std::move(columns)});
}

}  // namespace genevactl::run
