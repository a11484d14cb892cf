// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/job_pages.hpp"
#include "genevactl/run/jobs.hpp"
#include "since.hpp"

namespace genevactl::run {

using base::ErrorKind;
using model::JobRecord;

namespace {

base::Result<ns::JobFilter> filter_for(const Session& session, const JobList& request) {
    ns::JobFilter filter;
    if (request.table) {
        GENEVACTL_TRY(const auto id, model::ObjectId::parse(*request.table));
        filter.table = id.parts.back();  // all that a record tells of the path
    }
    filter.fills = request.column;
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

base::Microseconds taken(const JobRecord& record, base::WallTime now) {
    if (!record.launched_at) {
        return {};
    }
    return std::max(record.ended_at().value_or(now) - *record.launched_at, base::Microseconds{});
}

enum class SortKey : std::uint8_t { launched, took, status, target, updated, manifest };

struct Order {
    SortKey key = SortKey::launched;
    bool descending = true;
    bool newest_first() const { return key == SortKey::launched && descending; }
};

/// By name alone: times and durations the largest first, texts from A, statuses in the order of a
/// job's life.
base::Result<Order> order_of(const std::string& text) {
    struct Row {
        const char* name;
        Order order;
    };
    static constexpr std::array<Row, 6> rows = {{{"launched", {SortKey::launched, true}},
                                                 {"took", {SortKey::took, true}},
                                                 {"status", {SortKey::status, false}},
                                                 {"target", {SortKey::target, false}},
                                                 {"updated", {SortKey::updated, true}},
                                                 {"manifest", {SortKey::manifest, false}}}};
    const bool turned = base::starts_with(text, "-");
    const auto name = text.substr(turned ? 1 : 0);
    std::vector<std::string> names;
    for (const auto& row : rows) {
        if (name == row.name) {
            return Order{row.order.key, row.order.descending != turned};
        }
        names.emplace_back(row.name);
    }
    auto hint = fmt::format("use {}; a - before it turns the order", k_job_sort_keys);
    if (const auto near = base::did_you_mean(name, names); !near.empty()) {
        hint = near + " " + hint;
    }
    return base::fail(ErrorKind::usage,
                      fmt::format("--sort {}: jobs cannot be sorted by that", text),
                      std::move(hint));
}

/// Where a record stands by a key: the number, then the text.
struct Rank {
    std::int64_t number = 0;
    std::string text = {};
    std::int64_t launched = 0;  ///< among equals the newest comes first
};

Rank rank_of(const JobRecord& record, SortKey key, base::WallTime now) {
    const auto count = [](const std::optional<base::WallTime>& time) {
        return time ? time->time_since_epoch().count() : 0;
    };
    Rank rank{.launched = count(record.launched_at)};
    switch (key) {
        case SortKey::launched:
            rank.number = rank.launched;
            break;
        case SortKey::took:
            rank.number = taken(record, now).count();
            break;
        case SortKey::status:
            rank.number = static_cast<std::int64_t>(record.status);
            break;
        case SortKey::target:
            rank.text = record.target();
            break;
        case SortKey::updated:
            rank.number = count(record.updated_at);
            break;
        case SortKey::manifest:
            rank.text = record.manifest_id;
            break;
    }
    return rank;
}

/// Where the records of a list come from: in pages as they are read, or all of them, sorted.
class JobSource {
public:
    virtual ~JobSource() = default;
    virtual base::Status advance() = 0;
    virtual std::size_t size() const = 0;
    virtual JobRecord record(std::size_t index) const = 0;
};

class PagedJobs final : public JobSource {
public:
    explicit PagedJobs(ns::JobPages pages) : m_pages(std::move(pages)) {}
    base::Status advance() override {
        m_page = {};  // before the next one comes
        GENEVACTL_TRY(m_page, m_pages.next());
        return {};
    }
    std::size_t size() const override { return m_page.size(); }
    JobRecord record(std::size_t index) const override { return m_page.record(index); }

private:
    ns::JobPages m_pages;
    ns::JobPage m_page = {};
};

/// The records stay the columns that they came in (some 250 bytes each) with a rank beside them:
/// the query API cannot sort.
class SortedJobs final : public JobSource {
public:
    static base::Result<std::unique_ptr<SortedJobs>> read(ns::JobPages pages, Order order,
                                                          base::WallTime now,
                                                          std::optional<std::int64_t> limit) {
        auto sorted = std::make_unique<SortedJobs>();
        while (true) {
            GENEVACTL_TRY(auto page, pages.next());
            if (page.empty()) break;
            sorted->take(std::move(page), order.key, now);
        }
        sorted->sort(order, limit);
        return sorted;
    }
    base::Status advance() override {
        m_left = m_given ? 0 : m_places.size();
        m_given = true;
        return {};
    }
    std::size_t size() const override { return m_left; }
    JobRecord record(std::size_t index) const override {
        const auto& place = m_places[index];
        return m_pages[place.page].record(place.index);
    }

private:
    struct Place {
        Rank rank;
        std::size_t page;
        std::size_t index;
    };

    void take(ns::JobPage page, SortKey key, base::WallTime now) {
        for (std::size_t i = 0; i < page.size(); ++i) {
            m_places.push_back({rank_of(page.record(i), key, now), m_pages.size(), i});
        }
        m_pages.push_back(std::move(page));
    }
    void sort(Order order, std::optional<std::int64_t> limit) {
        std::ranges::stable_sort(m_places, [&](const Place& left, const Place& right) {
            const auto& a = order.descending ? right.rank : left.rank;
            const auto& b = order.descending ? left.rank : right.rank;
            if (a.number != b.number) return a.number < b.number;
            if (a.text != b.text) return a.text < b.text;
            return left.rank.launched > right.rank.launched;
        });
        if (limit && static_cast<std::size_t>(*limit) < m_places.size()) {
            m_places.resize(static_cast<std::size_t>(*limit));
        }
    }

    std::vector<ns::JobPage> m_pages = {};
    std::vector<Place> m_places = {};
    std::size_t m_left = 0;
    bool m_given = false;
};

/// The jobs of the database, in the three forms that a list is printed in.
class JobListing final : public model::Listing {
public:
    JobListing(std::unique_ptr<JobSource> jobs, base::WallTime now)
        : m_jobs(std::move(jobs)), m_now(now) {}

    std::size_t size() const override { return m_jobs->size(); }
    base::Status advance() override { return m_jobs->advance(); }
    std::string document(std::size_t index) const override {
        return listed_line(m_jobs->record(index));
    }
    std::string name(std::size_t index) const override { return m_jobs->record(index).id; }
    std::vector<model::Cell> row(std::size_t index) const override {
        const auto record = m_jobs->record(index);
        return {{record.id},
                {record.target()},
                {std::string(model::name_of(record.status)), tone_of(record.status)},
                {launched(record)},
                {record.launched_at ? base::format_duration(taken(record, m_now)) : ""},
                {record.manifest_id.empty() ? "-" : record.manifest_id}};
    }

private:
    static std::string launched(const JobRecord& record) {
        if (!record.launched_at) {
            return "-";
        }
        return base::rfc3339(std::chrono::floor<std::chrono::seconds>(*record.launched_at));
    }

    std::unique_ptr<JobSource> m_jobs;
    base::WallTime m_now;
};

}  // namespace

Answer job_list(Session& session, const JobList& request) {
    if (request.limit && *request.limit < 1) {
        return base::fail(ErrorKind::usage, "--limit takes a number from 1",
                          "leave it away to list all of them");
    }
    GENEVACTL_TRY(const auto order, order_of(request.sort));
    GENEVACTL_TRY(auto filter, filter_for(session, request));
    GENEVACTL_TRY(auto* client, session.client());
    const auto now = session.surroundings().clock->now();
    // What is sorted otherwise is cut after it was sorted.
    const auto limit = order.newest_first() ? request.limit : std::nullopt;
    GENEVACTL_TRY(auto pages,
                  ns::JobPages::open(*client, std::move(filter), ns::JobDetail::listing, limit));
    std::unique_ptr<JobSource> jobs;
    if (order.newest_first()) {
        jobs = std::make_unique<PagedJobs>(std::move(pages));
    } else {
        GENEVACTL_TRY(jobs, SortedJobs::read(std::move(pages), order, now, request.limit));
    }
    const auto listing = std::make_shared<JobListing>(std::move(jobs), now);
    GENEVACTL_CHECK(listing->advance());
    model::Outcome outcome;
    outcome.is_list = true;
    outcome.listing = listing;
    outcome.blocks.emplace_back(
        model::Table{.headings = {"JOB", "TARGET", "STATUS", "LAUNCHED", "TOOK", "MANIFEST"},
                     .when_empty = "no jobs"});
    return outcome;
}

}  // namespace genevactl::run
