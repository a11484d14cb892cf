// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/model/schema.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/namespace/rows.hpp"
#include "ipc_writer.hpp"

namespace genevactl::ns {

/// `__system/geneva_jobs`.
const model::ObjectId& jobs_table();

/// The columns of `__system/geneva_jobs` as geneva 0.17 creates it.
using JobColumn = StreamColumn;
const std::vector<JobColumn>& job_columns();

/// The columns that a record is read from.
std::vector<std::string> readable_job_columns();
/// The same as far as the table has them (other versions of geneva have fewer or more).
std::vector<std::string> readable_job_columns(const model::Schema& schema);

/// Reads records from the rows of an answer, which outlive it.
class JobReader {
public:
    explicit JobReader(const Rows& rows);
    model::JobRecord record(std::int64_t row) const;
    std::optional<base::WallTime> launched_at(std::int64_t row) const;
    std::string_view id(std::int64_t row) const;

private:
    struct Columns {
        Rows::Column id, table, column, type, status, config, launched_by, manifest_id,
            manifest_checksum, cluster, launched_at, completed_at, updated_at, events,
            input_columns, output_columns, metrics;
    };
    Columns m_columns;
};

/// The filter as an SQL condition, or nothing if every job passes.
std::optional<std::string> sql_filter(const JobFilter& filter);

/// The record as an Arrow IPC stream of one row with the columns that the table has. Error kind
/// failed if the table wants a column that we do not know.
base::Result<std::string> job_stream(const model::JobRecord& record, const model::Schema& table);
/// The same for a new table: every column of job_columns().
base::Result<std::string> job_stream(const model::JobRecord& record);

}  // namespace genevactl::ns
