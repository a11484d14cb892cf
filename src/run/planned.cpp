// SPDX-License-Identifier: Apache-2.0
#include "planned.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "decide.hpp"
#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "inputs.hpp"

namespace genevactl::run {

namespace {

constexpr std::string_view k_every_row = "1=1";
constexpr std::string_view k_struct_prefix = "struct";

std::vector<std::string> outputs_of(const model::Schema& schema, const model::FieldPath& column) {
    return column.parts.size() == 1 ? model::sibling_columns(schema, column.parts.front())
                                    : std::vector{column.text()};
}

base::Result<Planned> plan_one(ns::Client& client, const model::TableDescription& table,
                               const Backfill& request, model::FieldPath column) {
    Planned job;
    job.column = std::move(column);
    GENEVACTL_TRY(job.snapshot, computed_column(table, job.column));
    GENEVACTL_TRY(job.decision,
                  decide_for_column(client, table, job.column, request.parameters.manifest));
    job.outputs = outputs_of(table.schema, job.column);
    job.parameters = request.parameters;
    if (request.force) {
        job.parameters.where = k_every_row;
    }
    job.is_struct = base::starts_with(table.schema.find(job.column)->type, k_struct_prefix);
    return job;
}

}  // namespace

std::string Planned::target(const model::ObjectId& table) const {
    return table.text() + "." + (outputs.size() > 1 ? base::join(outputs, ",") : column.text());
}

base::Result<std::vector<Planned>> plan(ns::Client& client, const model::TableDescription& table,
                                        const Backfill& request) {
    std::vector<Planned> planned;
    for (const auto& name : request.columns) {
        GENEVACTL_TRY(auto column, model::FieldPath::parse(name));
        const auto fills = [&](const Planned& job) {
            return job.column == column ||
                   (column.parts.size() == 1 &&
                    std::ranges::find(job.outputs, column.parts.front()) != job.outputs.end());
        };
        if (std::ranges::any_of(planned, fills)) {
            continue;
        }
        GENEVACTL_TRY(auto job, plan_one(client, table, request, std::move(column)));
        planned.push_back(std::move(job));
    }
    return planned;
}

std::optional<std::string> filter_of(const Planned& job) {
    if (job.parameters.where) {
        return job.parameters.where == k_every_row ? std::nullopt : job.parameters.where;
    }
    if (job.is_struct) {
        return std::nullopt;
    }
    return fmt::format("{} IS NULL", job.column.quoted());
}

base::Error about_filter(base::Error error, const model::ObjectId& table, const Planned& job) {
    constexpr int k_invalid_input = 13;  // of the API's error codes
    if (job.parameters.where && error.api_code == k_invalid_input && error.hint.empty()) {
        error.hint =
            fmt::format("check --where {}; `genevactl column list {}` names the columns",
                        base::shell_quote(*job.parameters.where), base::shell_quote(table.text()));
    }
    return error;
}

Answer dry_run(ns::Client& client, const model::TableDescription& table,
               const std::vector<Planned>& planned, const Json& more) {
    auto document = versioned();
    document["table"] = table.id.text();
    document["dry_run"] = true;
    document.update(more);
    document["jobs"] = Json::array();
    model::Outcome outcome;
    for (const auto& job : planned) {
        const auto counted = client.count_rows(table.id, filter_of(job));
        if (!counted) {
            return base::fail(about_filter(counted.error(), table.id, job));
        }
        const auto rows = *counted;
        auto entry = to_json(job.decision);
        entry["column"] = job.column.text();
        entry["columns"] = job.outputs;
        entry["rows"] = rows;
        entry["where"] = job.parameters.where ? Json(*job.parameters.where) : Json(nullptr);
        document["jobs"].push_back(std::move(entry));
        const auto target = job.target(table.id);
        outcome.names.push_back(target);
        outcome.blocks.emplace_back(model::Text{
            {fmt::format("{}: {} would be computed", target, base::plural(rows, "row"))}});
        for (auto& block : blocks_of(job.decision)) {
            outcome.blocks.push_back(std::move(block));
        }
    }
    outcome.document = dump(document);
    return outcome;
}

}  // namespace genevactl::run
