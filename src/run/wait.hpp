// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/model/outcome.hpp"
#include "genevactl/namespace/client.hpp"
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

/// Follows the jobs until each has ended, is stale, stayed unknown, or the timeout passed; with
/// `any` until the first of them has, and answers those that have. An
/// interrupt ends it with kind interrupted and a hint how to resume and how to cancel; no job is
/// cancelled by it.
/// With Waiting::any, what goes on is told of unless the caller will wait for it again.
base::Result<std::vector<Waited>> wait_for_jobs(Session& session, ns::Client& client,
                                                const std::vector<std::string>& ids,
                                                const Waiting& waiting, bool tell_rest = true);

/// The exit code of several jobs: the first of failed, cancelled, contact lost (or unknown), timed
/// out that applies; nothing when all are DONE.
std::optional<base::ErrorKind> combined_end(const std::vector<Waited>& jobs);

/// What is printed of jobs that were waited for.
model::Outcome outcome_of(const std::vector<Waited>& jobs);

/// Rows whose failure a job that went on has skipped.
std::int64_t rows_skipped(const model::JobRecord& record);

/// The errors of rows by message, most frequent first.
model::Table grouped(const std::vector<model::RowError>& errors);

}  // namespace genevactl::run
