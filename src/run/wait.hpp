// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/run/session.hpp"
#include "genevactl/run/verbs.hpp"

namespace genevactl::run {

/// How waiting for one job ended.
struct Waited {
    model::JobRecord record;
    std::vector<model::RowError> row_errors;
    /// Nothing for DONE; job_failed, job_cancelled, contact_lost, wait_timed_out or not_found.
    std::optional<base::ErrorKind> ended = {};
    std::string why = {};  ///< a sentence for contact_lost and not_found
};

/// Follows the jobs until each has ended, is stale, stayed unknown, or the timeout passed. An
/// interrupt ends it with kind interrupted and a hint how to resume and how to cancel; no job is
/// cancelled by it.
base::Result<std::vector<Waited>> wait_for_jobs(Session& session, ns::Client& client,
                                                const std::vector<std::string>& ids,
                                                const Waiting& waiting);

/// The exit code of several jobs: the first of failed, cancelled, contact lost (or unknown), timed
/// out that applies; nothing when all are DONE.
std::optional<base::ErrorKind> combined_end(const std::vector<Waited>& jobs);

/// What is printed of jobs that were waited for.
model::Outcome outcome_of(const std::vector<Waited>& jobs);

/// When somebody last wrote to the record: its launch where it tells no update.
std::optional<base::WallTime> last_update(const model::JobRecord& record);

/// A record that nobody updated for longer than the setting says.
bool is_stale(const model::JobRecord& record, base::WallTime now, base::Microseconds stale_after);

/// The last job that was started from this directory (STATE_HOME/last-jobs).
void remember_jobs(const Session& session, const std::vector<std::string>& ids);
base::Result<std::vector<std::string>> last_jobs(const Session& session);

}  // namespace genevactl::run
