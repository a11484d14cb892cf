// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"

namespace genevactl::run {

namespace {

/// The other columns that the same registration computes.
std::vector<std::string> siblings_of(const model::TableDescription& table,
                                     const model::FieldPath& column) {
    auto siblings = model::sibling_columns(table.schema, column.parts.front());
    siblings.erase(siblings.begin());
    return siblings;
}

/// "Embed", "dimensions (with width)"
std::string computed_by(const model::ColumnSnapshot& snapshot,
                        const std::vector<std::string>& siblings) {
    return siblings.empty()
               ? snapshot.udf_name
               : fmt::format("{} (with {})", snapshot.udf_name, base::join(siblings, ", "));
}

}  // namespace

Answer column_show(Session& session, const TableColumn& request) {
    GENEVACTL_TRY(auto id, model::ObjectId::parse(request.table));
    GENEVACTL_TRY(auto column, model::FieldPath::parse(request.column));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto table, describe(*client, id));
    GENEVACTL_TRY(const auto* field, find_column(table, column));
    const auto snapshot = model::column_snapshot(*field);
    auto document = versioned();
    document["table"] = id.text();
    document.update(to_json(*field));
    document["computed"] = snapshot ? to_json(*snapshot) : Json(nullptr);
    const auto siblings = siblings_of(table, column);
    if (snapshot) {
        document["computed"]["siblings"] = siblings;
    }
    model::Properties properties;
    auto add = [&](std::string label, std::string text) {
        properties.rows.emplace_back(std::move(label), model::Cell{std::move(text)});
    };
    add("column", id.text() + "." + column.text());
    add("type", field->type + (field->nullable ? "" : ", not null"));
    if (!snapshot) {
        add("computed", "no: a plain column");
    } else {
        add("udf", snapshot->udf_name);
        add("identity", snapshot->identity.empty() ? "unknown" : snapshot->identity);
        add("inputs", base::join(snapshot->inputs, ", "));
        if (!siblings.empty()) {
            add("computed with", base::join(siblings, ", "));
        }
        add("manifest", snapshot->manifest ? snapshot->manifest->name : "none");
        if (snapshot->manifest) {
            add("checksum", snapshot->manifest->checksum);
        }
        add("registered from", fmt::format("{} {}, Python {}", snapshot->platform_system,
                                           snapshot->platform_arch, snapshot->platform_python));
        add("payload", snapshot->udf);
    }
    return outcome_of(document, field->name, {std::move(properties)});
}

Answer column_list(Session& session, const TableColumn& request) {
    GENEVACTL_TRY(auto id, model::ObjectId::parse(request.table));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto table, describe(*client, id));
    std::vector<Json> items;
    model::Table rows{.headings = {"COLUMN", "TYPE", "COMPUTED BY", "INPUTS", "MANIFEST"}};
    rows.when_empty = fmt::format("{} has no columns", id.text());
    for (const auto& field : table.schema.fields) {
        const auto snapshot = model::column_snapshot(field);
        auto item = versioned();
        item["table"] = id.text();
        item.update(to_json(field));
        item["computed"] = snapshot ? to_json(*snapshot) : Json(nullptr);
        const auto siblings = siblings_of(table, {{field.name}});
        if (snapshot) {
            item["computed"]["siblings"] = siblings;
        }
        items.push_back(std::move(item));
        rows.rows.push_back({{field.name, model::Tone::strong},
                             {field.type},
                             {snapshot ? computed_by(*snapshot, siblings) : "-"},
                             {snapshot ? base::join(snapshot->inputs, ", ") : "-"},
                             {snapshot ? short_manifest(snapshot->manifest) : "-"}});
    }
    return list_outcome(items, table.schema.names(), std::move(rows));
}

}  // namespace genevactl::run
