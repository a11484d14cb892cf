// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/job_pages.hpp"
#include "genevactl/run/verbs.hpp"
#include "last_jobs.hpp"
#include "live_job.hpp"
#include "wait.hpp"

namespace genevactl::run {

using base::ErrorKind;
using model::JobRecord;

namespace {

base::Result<base::WallTime> since_of(const Session& session, const std::string& text) {
    if (const auto age = base::parse_duration(text)) {
        return session.surroundings().clock->now() - *age;
    }
    auto time = base::parse_rfc3339(text);
    if (!time) {
        return base::fail(ErrorKind::usage,
                          fmt::format("--since {}: neither a time nor an age", text),
                          "write 2026-01-31T12:00:00Z, 2026-01-31, or an age such as 2h or 7d");
    }
    return time;
}

base::Result<ns::JobFilter> filter_of(const Session& session, const JobList& request) {
    ns::JobFilter filter;
    if (request.table) {
        GENEVACTL_TRY(const auto id, model::ObjectId::parse(*request.table));
        filter.table = id.parts.back();  // all that a record tells of the path
    }
    for (const auto& text : request.statuses) {
        auto upper = text;
        std::ranges::transform(upper, upper.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        const auto status = model::parse_job_status(upper);
        if (status == model::JobStatus::unknown) {
            return base::fail(ErrorKind::usage, fmt::format("--status {}: no such status", text),
                              "use PENDING, RUNNING, DONE, FAILED or CANCELLED");
        }
        filter.statuses.push_back(status);
    }
    if (request.since) {
        GENEVACTL_TRY(filter.since, since_of(session, *request.since));
    }
    return filter;
}

std::string took(const JobRecord& record, base::WallTime now) {
    if (!record.launched_at) {
        return "";
    }
    const auto end = record.ended_at().value_or(now);
    return base::format_duration(std::max(end - *record.launched_at, base::Microseconds{}));
}

/// The jobs of the database, in the three forms that a list is printed in.
class JobListing final : public model::Listing {
public:
    JobListing(ns::JobPages pages, base::WallTime now) : m_pages(std::move(pages)), m_now(now) {}

    std::size_t size() const override { return m_page.size(); }
    base::Status advance() override {
        m_page = {};  // before the next one comes
        GENEVACTL_TRY(m_page, m_pages.next());
        return {};
    }
    std::string document(std::size_t index) const override {
        return listed_line(m_page.record(index));
    }
    std::string name(std::size_t index) const override { return m_page.record(index).id; }
    std::vector<model::Cell> row(std::size_t index) const override {
        const auto record = m_page.record(index);
        return {{record.id},
                {record.target()},
                {std::string(model::name_of(record.status)), tone_of(record.status)},
                {launched(record)},
                {took(record, m_now)},
                {record.manifest_id.empty() ? "-" : record.manifest_id}};
    }

private:
    static std::string launched(const JobRecord& record) {
        if (!record.launched_at) {
            return "-";
        }
        return base::rfc3339(std::chrono::floor<std::chrono::seconds>(*record.launched_at));
    }

    ns::JobPages m_pages;
    base::WallTime m_now;
    ns::JobPage m_page = {};
};

}  // namespace

Answer job_list(Session& session, const JobList& request) {
    if (request.limit && *request.limit < 1) {
        return base::fail(ErrorKind::usage, "--limit takes a number from 1",
                          "leave it away to list all of them");
    }
    GENEVACTL_TRY(auto filter, filter_of(session, request));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto pages, ns::JobPages::open(*client, std::move(filter), ns::JobDetail::listing,
                                                 request.limit));
    const auto listing =
        std::make_shared<JobListing>(std::move(pages), session.surroundings().clock->now());
    GENEVACTL_CHECK(listing->advance());
    model::Outcome outcome;
    outcome.is_list = true;
    outcome.listing = listing;
    outcome.blocks.emplace_back(
        model::Table{.headings = {"JOB", "TARGET", "STATUS", "LAUNCHED", "TOOK", "MANIFEST"},
                     .when_empty = "no jobs"});
    return outcome;
}

Answer job_show(Session& session, const JobIds& request) {
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto record, existing_job(*client, request.ids.front()));
    const auto document = to_json(record);
    return outcome_of(document, record.id, {properties_of(record)});
}

Answer job_wait(Session& session, const JobIds& request) {
    auto ids = request.ids;
    if (ids.empty()) {
        GENEVACTL_TRY(ids, last_jobs(session));
        session.reporter().note(fmt::format("following the last {} of this directory: {}",
                                            ids.size() == 1 ? "job" : "jobs",
                                            base::join(ids, ", ")));
    }
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto waited, wait_for_jobs(session, *client, ids, request.waiting));
    return outcome_of(waited);
}

Answer job_cancel(Session& session, const JobIds& request) {
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(const auto capabilities, client->capabilities());
    if (!capabilities.has("cancel")) {
        return base::fail(
            ErrorKind::failed, "this deployment has no way to cancel a job through its public API",
            "ask its operator to stop the job; a job that is not needed any more changes nothing "
            "but its own column");
    }
    std::vector<Json> items;
    model::Table rows{.headings = {"JOB", "STATUS"}};
    for (const auto& id : request.ids) {
        GENEVACTL_CHECK(client->cancel_job(id));
        auto item = versioned();
        item["job_id"] = id;
        item["status"] = model::name_of(model::JobStatus::cancelled);
        items.push_back(std::move(item));
        rows.rows.push_back(
            {{id},
             {std::string(model::name_of(model::JobStatus::cancelled)), model::Tone::caution}});
    }
    return list_outcome(items, request.ids, std::move(rows));
}

}  // namespace genevactl::run
