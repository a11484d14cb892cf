// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/job.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "genevactl/base/text.hpp"

namespace genevactl::model {

namespace {

/// The five states that geneva 0.17 writes into `__system/geneva_jobs`.
constexpr std::array<std::pair<JobStatus, std::string_view>, 6> k_statuses = {{
    {JobStatus::pending, "PENDING"},
    {JobStatus::running, "RUNNING"},
    {JobStatus::done, "DONE"},
    {JobStatus::failed, "FAILED"},
    {JobStatus::cancelled, "CANCELLED"},
    {JobStatus::unknown, "UNKNOWN"},
}};

}  // namespace

JobStatus parse_job_status(std::string_view text) {
    for (const auto& [status, name] : k_statuses) {
        if (name == text) return status;
    }
    return JobStatus::unknown;
}

std::string_view name_of(JobStatus status) {
    for (const auto& [known, name] : k_statuses) {
        if (known == status) return name;
    }
    return "UNKNOWN";
}

std::string JobRecord::target() const {
    if (is_refresh()) return table;
    const bool several = output_columns.size() > 1;
    return table + "." + (several ? base::join(output_columns, ",") : column);
}

std::optional<base::WallTime> JobRecord::ended_at() const {
    if (!is_terminal(status)) return std::nullopt;
    return completed_at ? completed_at : updated_at;
}

std::string_view JobRecord::last_event() const {
    return events.empty() ? std::string_view() : std::string_view(events.back());
}

std::string_view RowError::headline() const {
    return std::string_view(message).substr(0, message.find('\n'));
}

bool JobMetric::worth_showing(JobStatus status) const {
    const bool planning = name == "plan_fragments" || name == "workers";
    if (planning && is_terminal(status) && done < total) return false;
    static constexpr std::string_view names[] = {
        "plan_fragments",   "workers",    "rows_checkpointed", "rows_ready_for_commit",
        "writer_fragments", "partitions", "rows_produced",     "batches"};
    return total > 0 && std::ranges::find(names, name) != std::end(names);
}

}  // namespace genevactl::model
