// SPDX-License-Identifier: Apache-2.0
#include "genevactl/namespace/job_history.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "api_json.hpp"
#include "genevactl/base/try.hpp"
#include "job_rows.hpp"
#include "requests.hpp"

namespace genevactl::ns {

namespace {

constexpr int k_versions_page = 1000;
constexpr int k_most_version_pages = 50;  // of versions: a table of that many is not worth the wait
// The clocks that write a record and a version of its table need not agree.
constexpr base::Microseconds k_slack = std::chrono::seconds(10);

struct Version {
    std::int64_t number;
    base::WallTime at;
};

/// The versions of the jobs table from a time on, newest first; none if the deployment does not
/// list them.
base::Result<std::vector<Version>> versions_since(Client& client, base::WallTime since) {
    std::vector<Version> versions;
    std::string token;
    for (int page = 0; page < k_most_version_pages; ++page) {
        auto path = object_path("table", jobs_table(), "version/list") +
                    fmt::format("&limit={}&descending=true", k_versions_page);
        if (!token.empty()) path += "&page_token=" + transport::percent_encode(token);
        const auto answer =
            send_for_json(client.transport(),
                          api_request(client.connection(), path, nlohmann::ordered_json::object()),
                          "list the versions of the jobs table");
        if (!answer) {
            const auto kind = answer.error().kind;
            if (kind == base::ErrorKind::interrupted || kind == base::ErrorKind::terminated) {
                return base::fail(base::Error(answer.error()));
            }
            return std::vector<Version>();  // it does not tell: that is no failure of the command
        }
        const auto listed = answer->find("versions");
        if (listed == answer->end() || !listed->is_array()) return versions;
        for (const auto& entry : *listed) {
            const auto number = integer_member(entry, "version");
            const auto millis = integer_member(entry, "timestamp_millis");
            if (!number || !millis) continue;
            const base::WallTime at{std::chrono::milliseconds(*millis)};
            if (at < since) return versions;
            versions.push_back({*number, at});
        }
        token = text_member(*answer, "page_token").value_or("");
        if (token.empty() || listed->empty()) return versions;
    }
    return versions;
}

/// What is between two moments that is worth a look: time in which something changed, and events
/// above all.
double worth(const JobMoment& before, const JobMoment& after) {
    constexpr double k_events_count = 8;
    const auto seconds = std::chrono::duration<double>(after.at - before.at).count();
    if (after.events.size() != before.events.size() || after.status != before.status) {
        return seconds * k_events_count + 1e-9;
    }
    return seconds;  // zero: the record was not written in between
}

using Found = std::map<std::size_t, std::optional<JobMoment>>;

/// The number of the version to look at next, or nothing.
std::optional<std::size_t> next_look(const Found& found) {
    std::optional<std::size_t> best;
    double most = 0;
    for (auto left = found.begin(); left != found.end(); ++left) {
        const auto right = std::next(left);
        if (right == found.end()) break;
        if (right->first - left->first < 2) continue;
        const bool known = left->second && right->second;
        const auto value = known ? worth(*left->second, *right->second) : 1e-6;
        if (value > most) {
            most = value;
            best = left->first + (right->first - left->first) / 2;
        }
    }
    return best;
}

}  // namespace

base::Result<std::vector<JobMoment>> sample_history(
    std::size_t count, std::size_t looks,
    const std::function<base::Result<std::vector<JobMoment>>(std::size_t)>& look) {
    Found found;
    const auto see = [&](std::size_t index) -> base::Status {
        GENEVACTL_TRY(auto moment, look(index));
        found[index] = moment.empty() ? std::nullopt : std::optional(std::move(moment.front()));
        return {};
    };
    if (count > 0 && looks > 1) {
        GENEVACTL_CHECK(see(0));
        GENEVACTL_CHECK(see(count - 1));
        while (found.size() < looks) {
            const auto index = next_look(found);
            if (!index) break;
            GENEVACTL_CHECK(see(*index));
        }
    }
    std::vector<JobMoment> moments;
    for (auto& [index, moment] : found) {
        // Versions that other jobs made have the same record once more.
        if (moment && (moments.empty() || moments.back().at < moment->at)) {
            moments.push_back(std::move(*moment));
        }
    }
    return moments;
}

base::Result<std::vector<JobMoment>> job_history(Client& client, const model::JobRecord& record,
                                                 std::size_t looks) {
    if (!record.launched_at) return std::vector<JobMoment>();
    GENEVACTL_TRY(auto versions, versions_since(client, *record.launched_at - k_slack));
    if (const auto end = record.ended_at()) {
        std::erase_if(versions, [&](const auto& version) { return version.at > *end + k_slack; });
    }
    std::ranges::reverse(versions);
    JobFilter filter;
    filter.ids = {record.id};
    Query wanted{.columns = {"job_id", "status", "updated_at", "launched_at", "events", "metrics"},
                 .filter = sql_filter(filter)};
    return sample_history(
        versions.size(), looks, [&](std::size_t index) -> base::Result<std::vector<JobMoment>> {
            wanted.version = versions[index].number;
            const auto rows = client.query(jobs_table(), wanted);
            std::vector<JobMoment> moments;
            if (!rows) {
                const auto kind = rows.error().kind;
                if (kind == base::ErrorKind::interrupted || kind == base::ErrorKind::terminated) {
                    return base::fail(base::Error(rows.error()));
                }
                return moments;  // that version is gone
            }
            if (rows->size() > 0) {
                auto then = JobReader(*rows).record(0);
                moments.push_back({then.updated_at.value_or(versions[index].at), then.status,
                                   std::move(then.events), std::move(then.metrics)});
            }
            return moments;
        });
}

}  // namespace genevactl::ns
