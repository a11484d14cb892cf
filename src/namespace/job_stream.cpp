// SPDX-License-Identifier: Apache-2.0
// Writes one row of the jobs table as an Arrow IPC stream, as insert and create take it.
#include <string>

#include <nanoarrow/nanoarrow.hpp>
#include <nlohmann/json.hpp>

#include "genevactl/base/try.hpp"
#include "job_rows.hpp"

namespace genevactl::ns {

namespace {

using Type = JobColumn::Type;

/// What a record says of a column: a text, a time or texts, or null.
struct Value {
    std::optional<std::string> text = {};
    std::optional<base::WallTime> time = {};
    std::vector<std::string> texts = {};
};

/// The metrics as the engine writes them (job_rows.cpp reads them).
std::vector<std::string> metric_texts(const model::JobRecord& job) {
    std::vector<std::string> texts;
    for (const auto& metric : job.metrics) {
        const nlohmann::json text = {{"name", metric.name},
                                     {"n", metric.done},
                                     {"total", metric.total},
                                     {"desc", metric.description}};
        texts.push_back(text.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
    }
    return texts;
}

/// An empty text in a column that may be null is null, as the engine writes it.
Value value_of(const model::JobRecord& job, const JobColumn& column) {
    const std::string name = column.name;
    const auto text = [&](const std::string& value) {
        Value result;
        if (!value.empty() || !column.nullable) result.text = value;
        return result;
    };
    if (name == "table_name") return text(job.table);
    if (name == "column_name") return text(job.column);
    if (name == "job_id") return text(job.id);
    if (name == "job_type") return text(job.type.empty() ? "BACKFILL" : job.type);
    if (name == "status") return text(std::string(model::name_of(job.status)));
    if (name == "config") return text(job.config.empty() ? "{}" : job.config);
    if (name == "launched_by") return text(job.launched_by);
    if (name == "manifest_id") return text(job.manifest_id);
    if (name == "manifest_checksum") return text(job.manifest_checksum);
    if (name == "cluster_name") return text(job.cluster);
    if (name == "launched_at") return {{}, job.launched_at, {}};
    if (name == "completed_at") return {{}, job.completed_at, {}};
    if (name == "updated_at") return {{}, job.updated_at, {}};
    if (name == "events") return {{}, {}, job.events};
    if (name == "input_columns") return {{}, {}, job.input_columns};
    if (name == "output_columns") return {{}, {}, job.output_columns};
    if (name == "metrics") return {{}, {}, metric_texts(job)};
    return {};  // object_ref: the driver's own
}

ArrowErrorCode append_text(ArrowArray* array, const std::string& text) {
    return ArrowArrayAppendString(array, {text.data(), static_cast<std::int64_t>(text.size())});
}

ArrowErrorCode append(ArrowArray* array, const JobColumn& column, const Value& value) {
    switch (column.type) {
        case Type::text:
            return value.text ? append_text(array, *value.text) : ArrowArrayAppendNull(array, 1);
        case Type::time:
            return value.time ? ArrowArrayAppendInt(array, value.time->time_since_epoch().count())
                              : ArrowArrayAppendNull(array, 1);
        case Type::texts:
            for (const auto& text : value.texts) {
                NANOARROW_RETURN_NOT_OK(append_text(array->children[0], text));
            }
            return ArrowArrayFinishElement(array);
        case Type::flag:
        case Type::lists_of_texts:
            break;  // a job has none
    }
    return EINVAL;
}

base::Result<std::string> stream_of(const std::vector<JobColumn>& columns,
                                    const model::JobRecord& record) {
    return write_stream(columns, "a job's record", [&](ArrowArray* rows) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            NANOARROW_RETURN_NOT_OK(
                append(rows->children[i], columns[i], value_of(record, columns[i])));
        }
        return ArrowArrayFinishElement(rows);
    });
}

}  // namespace

base::Result<std::string> job_stream(const model::JobRecord& record) {
    return stream_of(job_columns(), record);
}

base::Result<std::string> job_stream(const model::JobRecord& record, const model::Schema& table) {
    GENEVACTL_TRY(const auto columns, columns_of_table(job_columns(), table, "jobs table"));
    return stream_of(columns, record);
}

}  // namespace genevactl::ns
