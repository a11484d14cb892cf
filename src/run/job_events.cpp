// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "documents.hpp"
#include "event_times.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/jobs.hpp"
#include "live_job.hpp"
#include "since.hpp"

namespace genevactl::run {

using base::ErrorKind;
using model::JobRecord;

namespace {

constexpr std::size_t k_looks = 64;  // at versions of the jobs table

struct Event {
    std::size_t index;
    std::optional<base::WallTime> at;
    std::string text;
};

/// The events of a job, and, when it is followed, those that come.
class EventListing final : public model::Listing {
public:
    EventListing(Session& session, ns::Client& client, JobRecord record, bool follow,
                 std::optional<base::WallTime> since)
        : m_session(session),
          m_client(client),
          m_record(std::move(record)),
          m_follow(follow),
          m_since(since) {}

    /// What the record has now, with the times that the deployment remembers.
    base::Status begin() {
        GENEVACTL_TRY(const auto history, ns::job_history(m_client, m_record, k_looks));
        const auto times = event_times(m_record, history);
        bool any_time = false;
        for (std::size_t i = 0; i < times.size(); ++i) {
            any_time = any_time || times[i];
            if (!m_since || (times[i] && *times[i] >= *m_since)) {
                m_events.push_back({i, times[i], m_record.events[i]});
            }
        }
        if (m_since && !any_time && !times.empty()) {
            return base::fail(ErrorKind::failed,
                              "this deployment does not tell when the events of the job were "
                              "written: --since has nothing to go by",
                              "leave --since away");
        }
        m_seen = m_record.events.size();
        return m_events.empty() ? advance() : base::Status();
    }

    base::Status advance() override {
        m_events.clear();
        auto& clock = *m_session.surroundings().clock;
        while (m_follow && m_events.empty() && !model::is_terminal(m_record.status) && !is_lost()) {
            if (clock.sleep_for(m_session.settings().poll_interval.value)) {
                return base::fail(interrupted());
            }
            auto record = m_client.find_job(m_record.id);
            if (!record) {
                const bool signal = record.error().kind == ErrorKind::interrupted;
                return base::fail(signal ? interrupted() : std::move(record).error());
            }
            if (*record) take(std::move(**record));
        }
        return {};
    }

    std::size_t size() const override { return m_events.size(); }
    std::string document(std::size_t index) const override {
        const auto& event = m_events[index];
        auto json = versioned();
        json["job_id"] = m_record.id;
        json["index"] = event.index;
        json["at"] = event.at ? Json(base::rfc3339(*event.at)) : Json(nullptr);
        json["event"] = event.text;
        return dump(json);
    }
    std::string name(std::size_t index) const override { return m_events[index].text; }
    std::vector<model::Cell> row(std::size_t index) const override {
        const auto& event = m_events[index];
        const auto time =
            event.at ? base::rfc3339(std::chrono::floor<std::chrono::seconds>(*event.at)) : "-";
        return {{time, model::Tone::dim}, {event.text}};
    }

private:
    void take(JobRecord record) {
        for (auto i = m_seen; i < record.events.size(); ++i) {
            m_events.push_back({i, last_update(record), record.events[i]});
        }
        m_seen = std::max(m_seen, record.events.size());
        m_record = std::move(record);
    }
    bool is_lost() {
        const bool lost = is_stale(m_record, m_session.surroundings().clock->now(),
                                   m_session.settings().stale_after.value);
        if (lost && !m_warned) {
            m_session.reporter().warn(
                fmt::format("job {} says {} and is not updated any more: its driver is probably "
                            "gone",
                            m_record.id, model::name_of(m_record.status)),
                "");
            m_warned = true;
        }
        return lost;
    }
    base::Error interrupted() const {
        return base::Error{.kind = m_session.surroundings().interrupt->signal() == 15
                                       ? ErrorKind::terminated
                                       : ErrorKind::interrupted,
                           .message = fmt::format("no longer following; {} goes on", m_record.id)};
    }

    Session& m_session;
    ns::Client& m_client;
    JobRecord m_record;
    bool m_follow;
    std::optional<base::WallTime> m_since;
    std::size_t m_seen = 0;
    bool m_warned = false;
    std::vector<Event> m_events = {};
};

}  // namespace

std::vector<std::optional<base::WallTime>> event_times(const JobRecord& record,
                                                       const std::vector<ns::JobMoment>& history) {
    // Of what the oldest version has already, unless that is the first one of the job, nobody knows
    // when it came.
    constexpr base::Microseconds k_at_launch = std::chrono::seconds(2);
    std::vector<std::optional<base::WallTime>> times(record.events.size());
    std::size_t known = 0;
    for (std::size_t i = 0; i < history.size(); ++i) {
        const auto& moment = history[i];
        const bool first =
            i == 0 && !(record.launched_at && moment.at - *record.launched_at <= k_at_launch);
        for (; known < std::min(moment.events.size(), times.size()); ++known) {
            if (!first) times[known] = moment.at;
        }
    }
    return times;
}

Answer job_events(Session& session, const JobEvents& request) {
    std::optional<base::WallTime> since;
    if (request.since) {
        GENEVACTL_TRY(since, since_of(session, *request.since));
    }
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto record, existing_job(*client, request.id));
    const auto listing =
        std::make_shared<EventListing>(session, *client, std::move(record), request.follow, since);
    GENEVACTL_CHECK(listing->begin());
    model::Outcome outcome{.is_list = true};
    outcome.listing = listing;
    outcome.blocks.emplace_back(
        model::Table{.headings = {"TIME", "EVENT"}, .when_empty = "no events"});
    return outcome;
}

}  // namespace genevactl::run
