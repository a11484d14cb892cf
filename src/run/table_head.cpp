// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cell_text.hpp"
#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"

namespace genevactl::run {

namespace {

/// The query, its columns checked against the table.
base::Result<ns::Query> query_of(const model::TableDescription& table, const TableHead& request) {
    ns::Query query;
    query.filter = request.where;
    query.limit = request.limit.value_or(query.limit);
    for (const auto& text : request.columns.value_or(std::vector<std::string>{})) {
        GENEVACTL_TRY(const auto column, model::FieldPath::parse(text));
        GENEVACTL_CHECK(find_column(table, column));
        query.columns.push_back(api_name(column));
    }
    if (query.columns.empty()) {
        query.columns = table.schema.names();
    }
    return query;
}

/// A row as a JSON object: the values as ns::Rows writes them, so that no number is read again.
std::string row_json(const ns::Rows& rows, std::int64_t row) {
    std::string text = "{";
    for (const auto& field : rows.schema().fields) {
        text += text.size() > 1 ? "," : "";
        text += dump(Json(field.name)) + ":" + rows.json(field.name, row);
    }
    return text + "}";
}

std::vector<model::Cell> row_cells(const ns::Rows& rows, std::int64_t row) {
    std::vector<model::Cell> cells;
    for (const auto& field : rows.schema().fields) {
        const auto value = Json::parse(rows.json(field.name, row), nullptr, false);
        cells.push_back(
            {cell_text(value, field), value.is_null() ? model::Tone::dim : model::Tone::plain});
    }
    return cells;
}

bool is_number(const model::Field& field) {
    return !field.type.empty() && field.children.empty() &&
           (base::starts_with(field.type, "int") || base::starts_with(field.type, "uint") ||
            field.type == "float" || field.type == "double" || field.type == "halffloat");
}

}  // namespace

Answer table_head(Session& session, const TableHead& request) {
    GENEVACTL_TRY(const auto id, model::ObjectId::parse(request.table));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(const auto table, describe(*client, id));
    GENEVACTL_TRY(const auto query, query_of(table, request));
    GENEVACTL_TRY(const auto rows, client->query(id, query));
    model::Outcome outcome{.is_list = true};
    model::Table cells;
    cells.when_empty = fmt::format("{} has no such rows", id.text());
    for (const auto& field : rows.schema().fields) {
        cells.headings.push_back(field.name);
        cells.right_aligned.push_back(is_number(field));
    }
    std::string list;
    for (std::int64_t row = 0; row < rows.size(); ++row) {
        outcome.items.push_back(row_json(rows, row));
        list += (row == 0 ? "" : ",") + outcome.items.back();
        cells.rows.push_back(row_cells(rows, row));
        outcome.names.push_back(cells.rows.back().empty() ? "" : cells.rows.back().front().text);
    }
    outcome.document = fmt::format(R"({{"schema_version":1,"table":{},"rows":[{}]}})",
                                   dump(Json(id.text())), list);
    outcome.blocks.emplace_back(std::move(cells));
    return outcome;
}

}  // namespace genevactl::run
