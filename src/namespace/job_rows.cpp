// SPDX-License-Identifier: Apache-2.0
#include "job_rows.hpp"

#include <fmt/format.h>

#include "api_json.hpp"
#include "genevactl/base/text.hpp"

namespace genevactl::ns {

namespace {

/// A metric is a JSON text of name, n (how many are done), total, done (whether it is over), desc.
std::optional<model::JobMetric> metric_from(const std::string& text) {
    const auto json = parse_json(text);
    if (!json || !json->is_object()) return std::nullopt;
    model::JobMetric metric;
    metric.name = text_member(*json, "name").value_or("");
    metric.done = integer_member(*json, "n").value_or(0);
    metric.total = integer_member(*json, "total").value_or(0);
    metric.description = text_member(*json, "desc").value_or("");
    if (metric.name.empty()) return std::nullopt;
    return metric;
}

std::string any_of(std::string_view column, const std::vector<std::string>& texts) {
    if (texts.size() == 1) return fmt::format("{} = {}", column, sql_text(texts.front()));
    std::vector<std::string> quoted;
    for (const auto& text : texts) {
        quoted.push_back(sql_text(text));
    }
    return fmt::format("{} IN ({})", column, base::join(quoted, ", "));
}

}  // namespace

const model::ObjectId& jobs_table() {
    static const model::ObjectId id{{"__system", "geneva_jobs"}};
    return id;
}

const std::vector<JobColumn>& job_columns() {
    using Type = JobColumn::Type;
    static const std::vector<JobColumn> columns = {
        {"table_name", Type::text, false},    {"column_name", Type::text, false},
        {"job_id", Type::text, false},        {"job_type", Type::text, false},
        {"object_ref", Type::text, true},     {"status", Type::text, false},
        {"launched_at", Type::time, false},   {"completed_at", Type::time, true},
        {"config", Type::text, false},        {"launched_by", Type::text, true},
        {"manifest_id", Type::text, true},    {"manifest_checksum", Type::text, true},
        {"metrics", Type::texts, true},       {"events", Type::texts, true},
        {"updated_at", Type::time, true},     {"cluster_name", Type::text, true},
        {"input_columns", Type::texts, true}, {"output_columns", Type::texts, true},
    };
    return columns;
}

std::vector<std::string> readable_job_columns() {
    std::vector<std::string> names;
    for (const auto& column : job_columns()) {
        if (std::string_view(column.name) == "object_ref")
            continue;  // a handle of the driver's own
        names.emplace_back(column.name);
    }
    return names;
}

std::vector<std::string> readable_job_columns(const model::Schema& schema) {
    auto names = readable_job_columns();
    std::erase_if(names, [&](const auto& name) { return schema.find(name) == nullptr; });
    return names;
}

JobReader::JobReader(const Rows& rows)
    : m_columns{.id = rows.column("job_id"),
                .table = rows.column("table_name"),
                .column = rows.column("column_name"),
                .type = rows.column("job_type"),
                .status = rows.column("status"),
                .config = rows.column("config"),
                .launched_by = rows.column("launched_by"),
                .manifest_id = rows.column("manifest_id"),
                .manifest_checksum = rows.column("manifest_checksum"),
                .cluster = rows.column("cluster_name"),
                .launched_at = rows.column("launched_at"),
                .completed_at = rows.column("completed_at"),
                .updated_at = rows.column("updated_at"),
                .events = rows.column("events"),
                .input_columns = rows.column("input_columns"),
                .output_columns = rows.column("output_columns"),
                .metrics = rows.column("metrics")} {}

std::optional<base::WallTime> JobReader::launched_at(std::int64_t row) const {
    return m_columns.launched_at.time(row);
}

std::string_view JobReader::id(std::int64_t row) const {
    return m_columns.id.text(row).value_or("");
}

model::JobRecord JobReader::record(std::int64_t row) const {
    const auto text = [row](const Rows::Column& column) {
        return std::string(column.text(row).value_or(""));
    };
    model::JobRecord job;
    job.id = text(m_columns.id);
    job.table = text(m_columns.table);
    job.column = text(m_columns.column);
    job.type = text(m_columns.type);
    job.status = model::parse_job_status(m_columns.status.text(row).value_or(""));
    job.launched_at = m_columns.launched_at.time(row);
    job.completed_at = m_columns.completed_at.time(row);
    job.updated_at = m_columns.updated_at.time(row);
    job.config = text(m_columns.config);
    job.launched_by = text(m_columns.launched_by);
    job.manifest_id = text(m_columns.manifest_id);
    job.manifest_checksum = text(m_columns.manifest_checksum);
    job.cluster = text(m_columns.cluster);
    job.events = m_columns.events.texts(row);
    job.input_columns = m_columns.input_columns.texts(row);
    job.output_columns = m_columns.output_columns.texts(row);
    for (const auto& metric : m_columns.metrics.texts(row)) {
        if (auto read = metric_from(metric)) job.metrics.push_back(std::move(*read));
    }
    return job;
}

std::optional<std::string> sql_filter(const JobFilter& filter) {
    std::vector<std::string> conditions;
    if (filter.table) conditions.push_back(any_of("table_name", {*filter.table}));
    if (!filter.columns.empty()) {
        // The refresh of a view is written with an empty column first and a marker later.
        const bool refresh =
            filter.columns.front().empty() || filter.columns.front() == "<refresh>";
        conditions.push_back(any_of(
            "column_name", refresh ? std::vector<std::string>{"", "<refresh>"} : filter.columns));
    }
    if (filter.fills) {
        const auto column = sql_text(*filter.fills);
        conditions.push_back(
            fmt::format("(column_name = {0} OR array_has(output_columns, {0}))", column));
    }
    if (!filter.statuses.empty()) {
        std::vector<std::string> names;
        for (const auto status : filter.statuses) {
            names.emplace_back(model::name_of(status));
        }
        conditions.push_back(any_of("status", names));
    }
    if (filter.since) {
        conditions.push_back(
            fmt::format("launched_at >= timestamp '{}'", base::rfc3339(*filter.since)));
    }
    if (filter.until) {
        conditions.push_back(
            fmt::format("launched_at <= timestamp '{}'", base::rfc3339(*filter.until)));
    }
    if (!filter.ids.empty()) conditions.push_back(any_of("job_id", filter.ids));
    if (conditions.empty()) return std::nullopt;
    return base::join(conditions, " AND ");
}

}  // namespace genevactl::ns
