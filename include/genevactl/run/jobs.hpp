// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/run/verbs.hpp"

/// The verbs of the noun `job`. `since` is a time (RFC 3339) or an age ("2h").
namespace genevactl::run {

struct JobList {
    std::optional<std::string> table = {};
    std::optional<std::string> column = {};
    std::vector<std::string> statuses = {};
    std::optional<std::string> since = {};
    std::optional<std::int64_t> limit = {};
    std::string sort = "launched";  ///< a key of k_job_sort_keys, "-" before it turns the order
};
/// What jobs may be sorted by, each with the order that its name alone means.
inline constexpr const char* k_job_sort_keys = "launched, took, status, target, updated, manifest";
Answer job_list(Session& session, const JobList& request);

struct JobIds {
    std::vector<std::string> ids;  ///< for wait: the last job of this directory if empty
    Waiting waiting = {};
};
Answer job_show(Session& session, const JobIds& request);
Answer job_wait(Session& session, const JobIds& request);
/// Cancels each; those that cannot be cancelled do not keep it from the others, and the outcome
/// tells of each. Its exit code is that of the first failure.
Answer job_cancel(Session& session, const JobIds& request);

struct JobWatch {
    std::vector<std::string> ids;  ///< the last jobs of this directory if empty and not `all`
    bool all = false;              ///< whatever is live in the database, and what joins it
};
/// Shows how jobs go on: a picture on a terminal, else an entry for each change. Ends when all have
/// ended, with kind not_found if one has no record; with `all`, when none was live for a while.
Answer job_watch(Session& session, const JobWatch& request);

struct JobEvents {
    std::string id;
    bool follow = false;
    std::optional<std::string> since = {};
};
Answer job_events(Session& session, const JobEvents& request);

struct JobErrors {
    std::string id;
};
Answer job_errors(Session& session, const JobErrors& request);

struct JobLogs {
    std::string id;
    bool follow = false;
};
/// What the job's processes have printed, where the deployment keeps it (capability job-logs).
Answer job_logs(Session& session, const JobLogs& request);

struct JobReport {
    std::string what;  ///< the id of a job, or a table
    std::filesystem::path html;
};
Answer job_report(Session& session, const JobReport& request);

}  // namespace genevactl::run
