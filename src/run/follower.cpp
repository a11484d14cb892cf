// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/job_lookup.hpp"
#include "live_job.hpp"
#include "progress.hpp"
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
    Pace pace = {};
};

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

    base::Result<std::vector<Waited>> run(const Waiting& waiting, bool tell_rest) {
        auto& clock = *m_session.surroundings().clock;
        const auto interval = m_session.settings().poll_interval.value;
        while (true) {
            auto looked = look();
            if (!looked && looked.error().kind != ErrorKind::interrupted) {
                m_session.reporter().finish();
                return base::fail(std::move(looked).error().while_doing(
                    fmt::format("waiting for {}", base::join(open_ids(), ", "))));
            }
            if (open_ids().empty() || (waiting.any && any_ended())) {
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
        if (tell_rest) {
            say_what_goes_on();
        }
        return ends();
    }

private:
    base::Status look() {
        GENEVACTL_TRY(auto records, ns::find_jobs(m_client, open_ids()));
        for (auto& job : m_jobs) {
            if (!job.end) {
                const auto found = std::ranges::find(records, job.id, &JobRecord::id);
                take(job, found == records.end() ? nullptr : &*found);
            }
        }
        return {};
    }

    void take(Followed& job, const JobRecord* record) {
        if (record == nullptr) {
            const auto limit = m_session.settings().appear_within.value;
            if (elapsed() >= limit) {
                end(job, ErrorKind::not_found,
                    fmt::format("there is no record of job {} after {}", job.id,
                                base::format_duration(limit)));
            }
            return;
        }
        job.record = *record;
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
    bool any_ended() const {
        return std::ranges::any_of(m_jobs, [](const auto& job) { return job.end.has_value(); });
    }
    void report() {
        std::vector<JobProgress> progress;
        for (auto& job : m_jobs) {
            if (!job.end && job.seen) {
                progress.push_back(
                    progress_of(job.record, job.pace, *m_session.surroundings().clock));
                if (!job.record.launched_at) {
                    progress.back().elapsed = elapsed();
                }
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
    /// Of those that have ended: all of them, unless the first one was enough.
    std::vector<Waited> ends() {
        std::vector<Waited> ends;
        for (auto& job : m_jobs) {
            if (job.end) {
                ends.push_back(std::move(*job.end));
            }
        }
        return ends;
    }
    void say_what_goes_on() const {
        const auto open = open_ids();
        if (!open.empty()) {
            const auto ids = base::join(open, " ");
            m_session.reporter().note(
                fmt::format("not waited for any more: {}; `genevactl job wait --any {}` goes on",
                            base::join(open, ", "), ids));
        }
    }

    Session& m_session;
    ns::Client& m_client;
    base::Monotonic m_started;
    std::vector<Followed> m_jobs;
};

}  // namespace

base::Result<std::vector<Waited>> wait_for_jobs(Session& session, ns::Client& client,
                                                const std::vector<std::string>& ids,
                                                const Waiting& waiting, bool tell_rest) {
    return Follower(session, client, ids).run(waiting, tell_rest);
}

}  // namespace genevactl::run
