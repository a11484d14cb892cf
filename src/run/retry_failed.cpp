// SPDX-License-Identifier: Apache-2.0
#include "retry_failed.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/model/filter_mark.hpp"
#include "genevactl/namespace/failed_rows.hpp"
#include "inputs.hpp"
#include "launch.hpp"
#include "live_job.hpp"
#include "planned.hpp"
#include "wait.hpp"

namespace genevactl::run {

using base::ErrorKind;
using model::JobRecord;

namespace {

constexpr std::size_t k_errors_shown = 20;

base::Result<JobRecord> job_to_retry(Session& session, ns::Client& client, const std::string& id) {
    GENEVACTL_TRY(auto record, existing_job(client, id));
    if (record.is_refresh()) {
        return base::fail(ErrorKind::usage,
                          fmt::format("job {} is the refresh of view {}: only the rows of a "
                                      "backfill can be computed again one by one",
                                      id, record.table));
    }
    const auto now = session.surroundings().clock->now();
    const bool ended = model::is_terminal(record.status) ||
                       is_stale(record, now, session.settings().stale_after.value);
    if (!ended) {
        return base::fail(ErrorKind::conflict,
                          fmt::format("job {} is {}: more of its rows may fail", id,
                                      model::name_of(record.status)),
                          fmt::format("wait for its end first: genevactl job wait {}", id));
    }
    return record;
}

/// The table that the request names, which must be the job's, or the job's.
base::Result<model::ObjectId> table_to_retry(const Backfill& request, const JobRecord& job) {
    auto own = table_of(job);
    if (request.table.empty()) {
        return own;
    }
    GENEVACTL_TRY(auto named, model::ObjectId::parse(request.table));
    const bool agree = own.parts.size() > 1 ? named == own : named.parts.back() == job.table;
    if (!agree) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("job {} is of table {}, not of {}", job.id, own.text(), request.table),
            "leave the table out, or name that one");
    }
    return named;
}

/// The columns that the request names, which must be the job's, or the job's.
base::Result<std::vector<std::string>> columns_of(const Backfill& request, const JobRecord& job) {
    for (const auto& column : request.columns) {
        const auto& outputs = job.output_columns;
        if (column != job.column && std::ranges::find(outputs, column) == outputs.end()) {
            return base::fail(ErrorKind::usage,
                              fmt::format("job {} is of {}, not of {}.{}", job.id, job.target(),
                                          job.table, column),
                              "leave the columns out, or name that one");
        }
    }
    return std::vector<std::string>{job.column};
}

std::string message_of(const model::RowError& error) {
    const auto line = error.message.substr(0, error.message.find('\n'));
    return error.error_type.empty() ? line : error.error_type + ": " + line;
}

/// Failures that name no row: nothing of them can be picked out.
void tell_whole_failures(Session& session, const JobRecord& job, const ns::FailedRows& failed) {
    if (failed.without_row_count == 0) {
        return;
    }
    std::vector<std::string> messages;
    for (const auto& error : failed.without_row) {
        auto message = message_of(error);
        if (std::ranges::find(messages, message) == messages.end()) {
            messages.push_back(std::move(message));
        }
    }
    session.reporter().warn(
        fmt::format("{} of job {} {} no row, since a batch or the job failed as a whole: {}",
                    base::plural(failed.without_row_count, "error"), job.id,
                    failed.without_row_count == 1 ? "names" : "name", base::join(messages, "; ")),
        fmt::format("genevactl backfill {} {}  (computes what is empty)",
                    base::shell_quote(table_of(job).text()), base::shell_quote(job.column)));
}

model::Outcome nothing_to_do(std::string sentence) {
    auto outcome = list_outcome({}, {}, {});
    outcome.blocks = {model::Text{{std::move(sentence)}}};
    return outcome;
}

/// The jobs that a retry needs, each with the number of rows that it computes.
struct Retry {
    JobRecord of;
    ns::FailedRows failed;
    model::TableDescription table;
    std::vector<Planned> jobs;
    std::int64_t rows = 0;

    std::string target() const { return jobs.front().target(table.id); }
    /// "5 of 7 failed rows of job j-1".
    std::string counted() const {
        const auto all = static_cast<std::int64_t>(failed.addresses.size());
        return fmt::format("{} of {} of job {}", base::group_digits(rows),
                           base::plural(all, "failed row"), of.id);
    }
};

base::Result<Retry> prepare(Session& session, ns::Client& client, const Backfill& request) {
    Retry retry;
    GENEVACTL_TRY(retry.of, job_to_retry(session, client, *request.retry_failed));
    auto of_job = request;
    GENEVACTL_TRY(of_job.columns, columns_of(request, retry.of));
    GENEVACTL_TRY(const auto id, table_to_retry(request, retry.of));
    GENEVACTL_TRY(retry.table, describe(client, id));
    GENEVACTL_TRY(const auto planned, plan(client, retry.table, of_job));
    GENEVACTL_TRY(retry.failed, ns::failed_rows(client, retry.of.id, k_errors_shown));
    const auto& job = planned.front();
    // A row that moved (compaction, an update) leaves its address to another one: that one has a
    // value, and keeps it. A struct is never null to the engine.
    const auto empty = job.is_struct ? "" : fmt::format(" AND {} IS NULL", job.column.quoted());
    const auto mark = model::filter_mark("retry", session.surroundings().clock->now());
    for (const auto& where : address_filters(retry.failed.addresses, empty + mark)) {
        auto part = job;
        part.parameters.where = where;
        GENEVACTL_TRY(const auto rows, client.count_rows(retry.table.id, where));
        retry.rows += rows;
        if (rows > 0 || retry.jobs.empty()) {
            retry.jobs.push_back(std::move(part));
        }
    }
    return retry;
}

/// The rows, as far as a person wants to see them: JSON has all addresses.
std::vector<model::Block> rows_of(const ns::FailedRows& failed) {
    model::Table table{.headings = {"ROW ADDRESS", "ERROR", "MESSAGE"}, .right_aligned = {true}};
    for (const auto& error : failed.shown) {
        table.rows.push_back({{std::to_string(error.row_address.value_or(0))},
                              {error.error_type, model::Tone::bad},
                              {error.message.substr(0, error.message.find('\n'))}});
    }
    return {std::move(table)};
}

Answer dry_run_of(ns::Client& client, const Retry& retry) {
    Json more;
    more["retry_of"] = retry.of.id;
    more["failed_rows"] = retry.failed.addresses.size();
    more["row_addresses"] = retry.failed.addresses;
    GENEVACTL_TRY(auto outcome, dry_run(client, retry.table, retry.jobs, more));
    outcome.blocks.insert(outcome.blocks.begin(),
                          model::Text{{fmt::format(
                              "{} are still empty{}", retry.counted(),
                              retry.jobs.size() == 1 ? std::string()
                                                     : fmt::format(": {} jobs, one after the other",
                                                                   retry.jobs.size()))}});
    for (auto& block : rows_of(retry.failed)) {
        outcome.blocks.push_back(std::move(block));
    }
    return outcome;
}

/// What is left of the time to wait.
Waiting left_of(const Session& session, const Waiting& waiting, base::Monotonic begun) {
    auto left = waiting;
    if (left.timeout) {
        const auto now = session.surroundings().clock->monotonic();
        *left.timeout -= std::chrono::duration_cast<base::Microseconds>(now - begun);
        left.timeout = std::max(*left.timeout, base::Microseconds{1});
    }
    return left;
}

/// Starts and follows the jobs one by one: two of one column would disturb each other.
Answer follow_each(Session& session, ns::Client& client, const Backfill& request,
                   const Retry& retry) {
    const auto begun = session.surroundings().clock->monotonic();
    std::vector<Waited> ends;
    for (const auto& job : retry.jobs) {
        GENEVACTL_TRY(
            const auto ids,
            launch_all(session, client, launches_of(client, retry.table, {job}), request.fresh));
        GENEVACTL_TRY(auto waited, wait_for_jobs(session, client, ids,
                                                 left_of(session, request.waiting, begun)));
        ends.push_back(std::move(waited.front()));
        const auto left = retry.jobs.size() - ends.size();
        if (ends.back().ended && left > 0) {
            session.reporter().warn(
                fmt::format("the other {} of this retry were not started",
                            base::plural(static_cast<long long>(left), "job")),
                fmt::format("genevactl backfill --retry-failed {}", retry.of.id));
            break;
        }
    }
    return outcome_of(ends);
}

}  // namespace

std::vector<std::string> address_filters(const std::vector<std::int64_t>& addresses,
                                         const std::string& extra) {
    std::vector<std::string> filters;
    std::string list;
    const auto close = [&] {
        filters.push_back(fmt::format("_rowaddr IN ({}){}", list, extra));
        list.clear();
    };
    constexpr std::size_t k_frame = 40;  // the words around the list, and one address more
    for (const auto address : addresses) {
        if (!list.empty() && list.size() + extra.size() + k_frame > k_longest_filter) {
            close();
        }
        list += (list.empty() ? "" : ",") + std::to_string(address);
    }
    if (!list.empty()) {
        close();
    }
    return filters;
}

Answer retry_failed(Session& session, ns::Client& client, const Backfill& request) {
    GENEVACTL_TRY(const auto retry, prepare(session, client, request));
    tell_whole_failures(session, retry.of, retry.failed);
    if (retry.failed.addresses.empty()) {
        return nothing_to_do(
            fmt::format("job {} has no failed rows: nothing to compute again", retry.of.id));
    }
    if (request.dry_run) {
        return dry_run_of(client, retry);
    }
    if (retry.rows == 0) {
        return nothing_to_do(
            fmt::format("{} are still empty: nothing to compute again", retry.counted()));
    }
    if (request.waiting.detach && retry.jobs.size() > 1) {
        return base::fail(ErrorKind::usage,
                          fmt::format("{} failed rows need {} jobs, one after the other: that goes "
                                      "without --detach only",
                                      base::group_digits(retry.rows), retry.jobs.size()));
    }
    session.reporter().note(fmt::format("{}: {}", retry.target(), retry.counted()));
    if (!request.waiting.detach) {
        return follow_each(session, client, request, retry);
    }
    const auto jobs = launches_of(client, retry.table, retry.jobs);
    GENEVACTL_TRY(const auto ids, launch_all(session, client, jobs, request.fresh));
    return detached(jobs, ids);
}

}  // namespace genevactl::run
