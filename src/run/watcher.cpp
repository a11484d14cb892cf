// SPDX-License-Identifier: Apache-2.0
#include "watcher.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/job_lookup.hpp"
#include "genevactl/namespace/job_pages.hpp"
#include "live_job.hpp"

namespace genevactl::run {

using base::ErrorKind;
using model::JobRecord;

namespace {

constexpr base::Monotonic k_fading = std::chrono::seconds(8);  // how long an end is shown
constexpr base::Monotonic k_nothing_left =
    std::chrono::seconds(10);  // between two jobs of a script

/// All that makes a change: status, events, and the counters that a person is shown.
std::string state_of(const JobRecord& record) {
    auto state = fmt::format("{} {}", model::name_of(record.status), record.events.size());
    for (const auto& metric : record.metrics) {
        if (metric.worth_showing(record.status)) {
            state += fmt::format(" {} {} {}", metric.name, metric.done, metric.total);
        }
    }
    return state;
}

}  // namespace

Watcher::Watcher(Session& session, ns::Client& client, const std::vector<std::string>& ids)
    : m_session(session),
      m_client(client),
      m_all(ids.empty()),
      m_started_at(clock().now()),
      m_started(clock().monotonic()),
      m_last_open(m_started) {
    for (const auto& id : ids) {
        add(id);
    }
}

void Watcher::add(const std::string& id) {
    if (std::ranges::find(m_jobs, id, &WatchedJob::id) == m_jobs.end()) {
        m_jobs.push_back({.id = id});
    }
}

/// Those that are live, and those that came and went between two looks.
base::Status Watcher::join_new_ones() {
    for (const auto& filter :
         {ns::JobFilter{.statuses = {model::JobStatus::pending, model::JobStatus::running}},
          ns::JobFilter{.since = m_started_at}}) {
        GENEVACTL_TRY(auto pages, ns::JobPages::open(m_client, filter, ns::JobDetail::listing));
        while (true) {
            GENEVACTL_TRY(const auto page, pages.next());
            if (page.empty()) break;
            for (std::size_t i = page.size(); i-- > 0;) {  // the oldest first
                add(page.record(i).id);
            }
        }
    }
    return {};
}

base::Result<std::vector<JobChange>> Watcher::look() {
    if (m_all) {
        GENEVACTL_CHECK(join_new_ones());
    }
    std::vector<std::string> open;
    for (const auto& job : m_jobs) {
        if (!job.left) open.push_back(job.id);
    }
    GENEVACTL_TRY(const auto records, ns::find_jobs(m_client, open));
    std::vector<JobChange> changes;
    for (auto& job : m_jobs) {
        if (!job.left) {
            const auto found = std::ranges::find(records, job.id, &JobRecord::id);
            take(job, found == records.end() ? nullptr : &*found, changes);
        }
    }
    if (any_open()) {
        m_last_open = clock().monotonic();
    }
    return changes;
}

void Watcher::take(WatchedJob& job, const JobRecord* record, std::vector<JobChange>& changes) {
    const auto tell = [&](std::string event) {
        changes.push_back(
            {clock().now(), progress_of(*job.record, job.pace, clock()), std::move(event)});
    };
    if (record == nullptr) {
        const auto limit = m_session.settings().appear_within.value;
        if (!job.record && clock().monotonic() - m_started >= limit) {
            leave(job, fmt::format("there is no record of job {} after {}", job.id,
                                   base::format_duration(limit)));
            m_any_unknown = true;
        }
        return;
    }
    m_any_seen = true;
    job.record = *record;
    auto state = state_of(*record);
    if (state != job.told) {
        job.told = std::move(state);
        tell(std::string(record->last_event()));
    }
    if (model::is_terminal(record->status)) {
        leave(job, "");
    } else if (is_stale(*record, clock().now(), m_session.settings().stale_after.value)) {
        leave(job, fmt::format("not updated for {}: its driver is probably gone",
                               base::format_duration(clock().now() - *last_update(*record))));
        tell(job.why);
    }
}

void Watcher::leave(WatchedJob& job, std::string why) {
    job.left = clock().monotonic();
    job.why = std::move(why);
    if (!job.why.empty()) {
        const auto sentence = job.record ? fmt::format("job {} was {}", job.id, job.why) : job.why;
        m_session.reporter().warn(sentence, job.record ? "genevactl job show " + job.id
                                                       : "`genevactl job list` shows the ids");
    }
}

bool Watcher::any_open() const {
    return std::ranges::any_of(m_jobs, [](const auto& job) { return !job.left; });
}

bool Watcher::over() const {
    if (any_open()) return false;
    return !m_all || !m_any_seen || clock().monotonic() - m_last_open >= k_nothing_left;
}

std::vector<model::JobProgress> Watcher::picture() {
    std::vector<model::JobProgress> picture;
    for (auto& job : m_jobs) {
        if (job.record && (!job.left || clock().monotonic() - *job.left < k_fading)) {
            picture.push_back(progress_of(*job.record, job.pace, clock()));
        }
    }
    return picture;
}

base::Error Watcher::interrupted() const {
    std::vector<std::string> open;
    for (const auto& job : m_jobs) {
        if (!job.left) open.push_back(job.id);
    }
    const bool terminated = m_session.surroundings().interrupt->signal() == 15;
    base::Error error{.kind = terminated ? ErrorKind::terminated : ErrorKind::interrupted,
                      .message = "no longer watching"};
    if (!open.empty()) {
        const auto ids = base::join(open, " ");
        error.message += fmt::format("; {} goes on", ids);
        error.hint = fmt::format(
            "`genevactl job watch {0}` to watch again, `genevactl job wait "
            "{0}` for an exit code, `genevactl job cancel {0}` to cancel",
            ids);
    }
    return error;
}

}  // namespace genevactl::run
