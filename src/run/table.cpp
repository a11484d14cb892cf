// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"

namespace genevactl::run {

namespace {

constexpr int k_namespace_not_found = 1;  // of the API's error codes
constexpr std::string_view k_system_namespace = "__system";
constexpr std::size_t k_deepest_namespace = 32;  // a server may not lead round in circles

/// The tables in a namespace. A database of a local deployment is a folder that its first table
/// makes: before that it is empty, not missing. A namespace that is not there is no empty one.
base::Result<std::vector<std::string>> tables_of(ns::Client& client,
                                                 const model::ObjectId& parent) {
    auto tables = client.list_tables(parent);
    const bool missing = !tables && tables.error().api_code == k_namespace_not_found;
    if (!parent.parts.empty() && (missing || (tables && tables->empty()))) {
        const auto exists = client.namespace_exists(parent);
        if (exists && !*exists) {
            return base::fail(base::ErrorKind::not_found,
                              fmt::format("there is no namespace {} in db://{}", parent.text(),
                                          client.connection().database),
                              "genevactl table list --recursive shows those that have tables");
        }
    }
    if (!missing || !parent.parts.empty()) {
        return tables;
    }
    GENEVACTL_TRY(const auto capabilities, client.capabilities());
    if (capabilities.local) {
        return std::vector<std::string>{};
    }
    return tables;
}

/// The tables in a namespace, and with `recursive` those of all namespaces below it.
base::Status collect_tables(ns::Client& client, const model::ObjectId& parent, bool recursive,
                            std::vector<model::ObjectId>& found) {
    const auto below = [&](const std::string& name) {
        auto id = parent;
        id.parts.push_back(name);
        return id;
    };
    GENEVACTL_TRY(const auto tables, tables_of(client, parent));
    for (const auto& table : tables) {
        found.push_back(below(table));
    }
    if (!recursive || parent.parts.size() >= k_deepest_namespace) {
        return {};
    }
    GENEVACTL_TRY(const auto namespaces, client.list_namespaces(parent));
    for (const auto& name : namespaces) {
        if (parent.parts.empty() && name == k_system_namespace) {
            continue;  // the engine's own tables: shown when asked for by name
        }
        GENEVACTL_CHECK(collect_tables(client, below(name), recursive, found));
    }
    return {};
}

}  // namespace

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
