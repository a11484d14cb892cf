// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/jobs.hpp"
#include "last_jobs.hpp"
#include "watcher.hpp"

namespace genevactl::run {

using base::ErrorKind;
using model::JobRecord;

namespace {

/// "40 of 100 rows_checkpointed": the last counter worth a look, which is the one that moves.
std::string figure_of(const JobRecord& record) {
    const model::JobMetric* shown = nullptr;
    for (const auto& metric : record.metrics) {
        const bool rows = metric.name == "rows_checkpointed";
        if (metric.worth_showing(record.status) && (shown == nullptr || rows)) shown = &metric;
    }
    if (shown == nullptr) return "-";
    return fmt::format("{}/{}", base::group_digits(shown->done), base::group_digits(shown->total));
}

Json document_of(const JobChange& change) {
    auto json = listed_json(change.progress.record);
    json["observed_at"] = base::rfc3339(change.at);
    json["event"] = change.event.empty() ? Json(nullptr) : Json(change.event);
    json["progress"] = Json::array();
    for (const auto& metric : change.progress.record.metrics) {
        if (metric.worth_showing(change.progress.record.status)) {
            json["progress"].push_back(
                {{"name", metric.name}, {"done", metric.done}, {"total", metric.total}});
        }
    }
    const auto& rate = change.progress.rows_per_second;
    json["rows_per_second"] = rate ? Json(*rate) : Json(nullptr);
    return json;
}

/// The changes as they come, each a line.
class WatchListing final : public model::Listing {
public:
    explicit WatchListing(Watcher watcher) : m_watcher(std::move(watcher)) {}

    /// Waits for the next change; the end when nothing more can come.
    base::Status advance() override {
        while (true) {
            if (m_looked && m_watcher.over()) {
                m_changes.clear();
                return {};
            }
            if (m_looked && m_watcher.clock().sleep_for(m_interval)) {
                return base::fail(m_watcher.interrupted());
            }
            m_looked = true;
            auto changes = m_watcher.look();
            if (!changes) {
                const bool signal = changes.error().kind == ErrorKind::interrupted;
                return base::fail(signal ? m_watcher.interrupted()
                                         : std::move(changes).error().while_doing("watching jobs"));
            }
            m_changes = *std::move(changes);
            if (!m_changes.empty()) return {};
        }
    }
    void look_every(base::Microseconds interval) { m_interval = interval; }

    std::size_t size() const override { return m_changes.size(); }
    std::string document(std::size_t index) const override {
        return dump(document_of(m_changes[index]));
    }
    std::string name(std::size_t index) const override {
        const auto& record = m_changes[index].progress.record;
        return model::is_terminal(record.status) ? record.id : "";
    }
    std::vector<model::Cell> row(std::size_t index) const override {
        const auto& [at, progress, event] = m_changes[index];
        const auto& record = progress.record;
        return {{record.id},
                {base::rfc3339(std::chrono::floor<std::chrono::seconds>(at))},
                {record.target()},
                {std::string(model::name_of(record.status)), tone_of(record.status)},
                {figure_of(record)},
                {first_line_of(event)}};
    }
    std::optional<ErrorKind> ended() const override {
        return m_watcher.any_unknown() ? std::optional(ErrorKind::not_found) : std::nullopt;
    }

private:
    Watcher m_watcher;
    base::Microseconds m_interval{};
    bool m_looked = false;
    std::vector<JobChange> m_changes = {};
};

/// How each job stands when the picture is gone.
model::Outcome final_outcome(const Watcher& watcher) {
    model::Outcome outcome{.is_list = true};
    model::Table table{.headings = {"JOB", "TARGET", "STATUS", "TOOK", "EVENT"},
                       .when_empty = "no job is live"};
    for (const auto& job : watcher.jobs()) {
        if (!job.record) continue;
        Pace pace;
        const auto progress = progress_of(*job.record, pace, watcher.clock());
        table.rows.push_back(
            {{job.id},
             {job.record->target()},
             {std::string(model::name_of(job.record->status)), tone_of(job.record->status)},
             {base::format_duration(progress.elapsed)},
             {job.why.empty() ? first_line_of(job.record->last_event()) : job.why}});
        outcome.names.push_back(job.id);
    }
    outcome.blocks.emplace_back(std::move(table));
    if (watcher.any_unknown()) outcome.ended = ErrorKind::not_found;
    return outcome;
}

/// The picture on a terminal, drawn anew often enough for the times in it, and for a window that
/// changes its size.
Answer draw(Session& session, Watcher watcher) {
    constexpr base::Microseconds k_frame = std::chrono::milliseconds(250);
    const auto interval = session.settings().poll_interval.value;
    while (true) {
        auto changes = watcher.look();
        if (!changes && changes.error().kind != ErrorKind::interrupted) {
            session.reporter().finish();
            return base::fail(std::move(changes).error().while_doing("watching jobs"));
        }
        bool stop = !changes;
        for (base::Microseconds waited{}; !stop && waited < interval; waited += k_frame) {
            session.reporter().jobs(watcher.picture());
            if (watcher.over()) {
                session.reporter().finish();
                return final_outcome(watcher);
            }
            stop = watcher.clock().sleep_for(std::min(k_frame, interval - waited));
        }
        if (stop) {
            session.reporter().finish();
            return base::fail(watcher.interrupted());
        }
    }
}

}  // namespace

Answer job_watch(Session& session, const JobWatch& request) {
    if (request.all && !request.ids.empty()) {
        return base::fail(ErrorKind::usage, "--all watches every job: no ids go with it",
                          "leave away either");
    }
    auto ids = request.ids;
    if (ids.empty() && !request.all) {
        GENEVACTL_TRY(ids, last_jobs(session));
    }
    GENEVACTL_TRY(auto* client, session.client());
    Watcher watcher(session, *client, ids);
    if (session.surroundings().stdout_is_terminal && session.reporter().draws_jobs()) {
        return draw(session, std::move(watcher));
    }
    const auto listing = std::make_shared<WatchListing>(std::move(watcher));
    listing->look_every(session.settings().poll_interval.value);
    GENEVACTL_CHECK(listing->advance());
    model::Outcome outcome{.is_list = true};
    outcome.listing = listing;
    outcome.blocks.emplace_back(
        model::Table{.headings = {"JOB", "SEEN", "TARGET", "STATUS", "ROWS", "EVENT"},
                     .when_empty = request.all ? "no job is live" : ""});
    return outcome;
}

}  // namespace genevactl::run
