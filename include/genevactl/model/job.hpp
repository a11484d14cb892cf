// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"

namespace genevactl::model {

enum class JobStatus : std::uint8_t { pending, running, done, failed, cancelled, unknown };

/// "PENDING" …, as the jobs table writes them; unknown for any other text.
JobStatus parse_job_status(std::string_view text);
std::string_view name_of(JobStatus status);
inline bool is_terminal(JobStatus status) {
    return status == JobStatus::done || status == JobStatus::failed ||
           status == JobStatus::cancelled;
}

/// One counter of a job's metrics.
struct JobMetric {
    std::string name;
    std::int64_t done = 0;
    std::int64_t total = 0;
    std::string description = {};

    /// True for the few of the engine's some forty counters that tell a person how far a job of
    /// this status is. What an ended job left unfinished of its planning tells nothing: the engine
    /// does not always count it up.
    bool worth_showing(JobStatus status) const;
};

/// A row of `__system/geneva_jobs`.
struct JobRecord {
    std::string id;
    std::string table;
    std::string column;  ///< "" or "<refresh>" for the refresh of a view
    std::string type;
    JobStatus status = JobStatus::unknown;
    std::optional<base::WallTime> launched_at = {};
    std::optional<base::WallTime> completed_at = {};
    std::optional<base::WallTime> updated_at = {};
    std::string config = {};  ///< JSON text
    std::string launched_by = {};
    std::string manifest_id = {};
    std::string manifest_checksum = {};
    std::string cluster = {};
    std::vector<JobMetric> metrics = {};
    std::vector<std::string> events = {};
    std::vector<std::string> input_columns = {};
    std::vector<std::string> output_columns = {};

    bool is_refresh() const { return column.empty() || column == "<refresh>"; }
    /// "docs.embedding", "docs.width,height" for a transform with several outputs, or the view's
    /// name for a refresh.
    std::string target() const;
    /// When it ended: completed_at, or for a FAILED record (which has none) updated_at.
    std::optional<base::WallTime> ended_at() const;
    /// The last event, or "".
    std::string_view last_event() const;
};

/// One failure of a row, from `__system/geneva_errors`.
struct RowError {
    std::string job_id;
    std::string table;
    std::string column;
    std::string error_type;
    std::string message;
    std::optional<std::int64_t> row_address = {};
    std::string traceback = {};
    std::optional<base::WallTime> at = {};
    std::optional<std::int64_t> attempt = {};  ///< from 1: a row may be tried several times

    /// What failures of the same sort have in common: the first line of the message.
    std::string_view headline() const;
};

/// The parameters of a backfill, in the API's units; unset means the engine's own default.
struct BackfillParameters {
    std::optional<std::string> where = {};
    std::optional<std::int64_t> concurrency = {};
    std::optional<std::int64_t> intra_applier_concurrency = {};
    std::optional<std::int64_t> min_checkpoint_size = {};
    std::optional<std::int64_t> max_checkpoint_size = {};
    std::optional<std::int64_t> checkpoint_size = {};
    std::optional<double> checkpoint_flush_interval_seconds = {};
    std::optional<std::int64_t> task_size = {};
    std::optional<std::int64_t> num_frags = {};
    std::optional<std::int64_t> read_version = {};
    std::optional<std::int64_t> commit_granularity = {};
    std::optional<std::string> cluster = {};
    std::optional<std::string> manifest = {};  ///< the NAME of a manifest of the deployment
};

}  // namespace genevactl::model
