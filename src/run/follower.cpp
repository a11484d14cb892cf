// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "live_job.hpp"
#include "wait.hpp"

namespace genevactl::run {

using base::ErrorKind;
using base::Microseconds;
using model::JobProgress;
using model::JobRecord;

namespace {

constexpr std::int64_t k_row_errors_shown = 20;

/// One job while it is followed.
struct Followed {
    std::string id;
    std::optional<Waited> end = {};
    JobRecord record = {};
    bool seen = false;
    std::optional<std::pair<base::Monotonic, std::int64_t>> first_rows = {};
};

const model::JobMetric* find_metric(const JobRecord& record, std::string_view name) {
    const auto found = std::ranges::find(record.metrics, name, &model::JobMetric::name);
    return found == record.metrics.end() ? nullptr : &*found;
}

/// Rate and time left from the rows that were written since this wait first saw some.
void add_pace(JobProgress& progress, Followed& job, base::Monotonic now) {
    const auto* rows = find_metric(job.record, "rows_checkpointed");
    if (rows == nullptr) {
        return;
    }
    if (!job.first_rows) {
        job.first_rows = {now, rows->done};
    }
    const auto elapsed = std::chrono::duration<double>(now - job.first_rows->first).count();
    const auto written = rows->done - job.first_rows->second;
    if (written <= 0 || elapsed <= 0) {
        return;
    }
    progress.rows_per_second = static_cast<double>(written) / elapsed;
    if (rows->total > rows->done) {
        progress.remaining = Microseconds(static_cast<std::int64_t>(
            1e6 * static_cast<double>(rows->total - rows->done) / *progress.rows_per_second));
    }
}

class Follower {
public:
    Follower(Session& session, ns::Client& client, const std::vector<std::string>& ids)
        : m_session(session),
          m_client(client),
          m_started(session.surroundings().clock->monotonic()) {
        for (const auto& id : ids) {
            m_jobs.push_back({.id = id});
        }
    }

    base::Result<std::vector<Waited>> run(const Waiting& waiting) {
        auto& clock = *m_session.surroundings().clock;
        const auto interval = m_session.settings().poll_interval.value;
        while (true) {
            auto looked = look();
            if (!looked && looked.error().kind != ErrorKind::interrupted) {
                m_session.reporter().finish();
                return base::fail(std::move(looked).error().while_doing(
                    fmt::format("waiting for {}", base::join(open_ids(), ", "))));
            }
            if (open_ids().empty()) {
                break;
            }
            if (looked) {
                report();
            }
            const auto left = time_left(waiting);
            if (!looked || (left > Microseconds{} && clock.sleep_for(std::min(interval, left)))) {
                m_session.reporter().finish();
                return base::fail(interrupted());
            }
            if (left <= Microseconds{}) {
                time_out();
                break;
            }
        }
        m_session.reporter().finish();
        return ends();
    }

private:
    base::Status look() {
        for (auto& job : m_jobs) {
            if (job.end) {
                continue;
            }
            GENEVACTL_TRY(auto record, m_client.find_job(job.id));
            take(job, std::move(record));
        }
        return {};
    }

    void take(Followed& job, std::optional<JobRecord> record) {
        if (!record) {
            const auto limit = m_session.settings().appear_within.value;
            if (elapsed() >= limit) {
                end(job, ErrorKind::not_found,
                    fmt::format("there is no record of job {} after {}", job.id,
                                base::format_duration(limit)));
            }
            return;
        }
        job.record = std::move(*record);
        job.seen = true;
        if (model::is_terminal(job.record.status)) {
            finish(job);
            return;
        }
        const auto now = m_session.surroundings().clock->now();
        const auto limit = m_session.settings().stale_after.value;
        if (is_stale(job.record, now, limit)) {
            end(job, ErrorKind::contact_lost,
                fmt::format(
                    "job {} says {} and was not updated for {}: its driver is probably gone",
                    job.id, model::name_of(job.record.status),
                    base::format_duration(now - *last_update(job.record))));
        }
    }

    /// The job has ended by itself.
    void finish(Followed& job) {
        const auto status = job.record.status;
        job.end = Waited{.record = job.record, .row_errors = {}};
        if (status == model::JobStatus::failed) {
            job.end->ended = ErrorKind::job_failed;
        } else if (status == model::JobStatus::cancelled) {
            job.end->ended = ErrorKind::job_cancelled;
        }
        if (status == model::JobStatus::failed || rows_skipped(job.record) > 0) {
            read_row_errors(*job.end);
        }
    }

    void read_row_errors(Waited& waited) {
        auto errors = m_client.row_errors(waited.record.id, k_row_errors_shown);
        if (errors) {
            waited.row_errors = std::move(*errors);
        } else {
            m_session.reporter().warn(
                fmt::format("could not read the errors of the rows: {}", errors.error().message),
                "");
        }
    }

    /// Nobody waits for the job any more, however it goes on.
    static void end(Followed& job, ErrorKind kind, std::string why) {
        job.record.id = job.id;
        job.end = Waited{job.record, {}, kind, std::move(why)};
    }

    void time_out() {
        for (auto& job : m_jobs) {
            if (!job.end) {
                const auto* state = job.seen ? "still runs" : "has no record so far";
                end(job, ErrorKind::wait_timed_out,
                    fmt::format("job {} {}: only the waiting ended", job.id, state));
            }
        }
    }

    Microseconds elapsed() const {
        return std::chrono::duration_cast<Microseconds>(
            m_session.surroundings().clock->monotonic() - m_started);
    }
    Microseconds time_left(const Waiting& waiting) const {
        return waiting.timeout ? *waiting.timeout - elapsed() : Microseconds::max();
    }
    std::vector<std::string> open_ids() const {
        std::vector<std::string> ids;
        for (const auto& job : m_jobs) {
            if (!job.end) {
                ids.push_back(job.id);
            }
        }
        return ids;
    }
    void report() {
        std::vector<JobProgress> progress;
        const auto& clock = m_session.surroundings().clock;
        for (auto& job : m_jobs) {
            if (!job.end && job.seen) {
                JobProgress entry{.record = job.record, .elapsed = elapsed()};
                if (job.record.launched_at) {
                    entry.elapsed =
                        std::max(Microseconds{}, clock->now() - *job.record.launched_at);
                }
                add_pace(entry, job, clock->monotonic());
                progress.push_back(std::move(entry));
            }
        }
        m_session.reporter().jobs(progress);
    }
    base::Error interrupted() const {
        const auto ids = base::join(open_ids(), " ");
        const bool terminated = m_session.surroundings().interrupt->signal() == 15;
        return {
            .kind = terminated ? ErrorKind::terminated : ErrorKind::interrupted,
            .message = fmt::format("no longer waiting; {} goes on", ids),
            .hint = fmt::format("`genevactl job wait {0}` to follow again, `genevactl job cancel "
                                "{0}` to cancel",
                                ids)};
    }
    std::vector<Waited> ends() {
        std::vector<Waited> ends;
        for (auto& job : m_jobs) {
            ends.push_back(std::move(*job.end));
        }
        return ends;
    }

    Session& m_session;
    ns::Client& m_client;
    base::Monotonic m_started;
    std::vector<Followed> m_jobs;
};

}  // namespace

base::Result<std::vector<Waited>> wait_for_jobs(Session& session, ns::Client& client,
                                                const std::vector<std::string>& ids,
                                                const Waiting& waiting) {
    return Follower(session, client, ids).run(waiting);
}

}  // namespace genevactl::run
