// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <algorithm>

#include "event_times.hpp"
#include "genevactl/base/text.hpp"
#include "progress.hpp"

namespace genevactl::run {

using base::WallTime;
using model::JobRecord;

std::string html(std::string_view text) {
    std::string escaped;
    for (const char c : base::printable(text)) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            case '\'':
                escaped += "&#39;";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

std::vector<Phase> phases_of(const ReportedJob& job, WallTime now) {
    const auto& record = job.record;
    if (!record.launched_at) return {};
    const auto end = std::max(record.ended_at().value_or(now), *record.launched_at);
    std::vector<std::pair<WallTime, std::string>> marks = {{*record.launched_at, "Waiting"}};
    const auto times = event_times(record, job.history);
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (!times[i] || *times[i] > end) continue;
        // Of several that came at once the last one says what goes on from there.
        if (times[i] == marks.back().first) {
            marks.back().second = first_line_of(record.events[i]);
        } else {
            marks.emplace_back(*times[i], first_line_of(record.events[i]));
        }
    }
    std::vector<Phase> phases;
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const auto until = i + 1 < marks.size() ? marks[i + 1].first : end;
        phases.push_back({marks[i].second, marks[i].first, until});
    }
    if (phases.size() == 1) phases.front().name = model::name_of(record.status);
    return phases;
}

std::vector<RowsAt> rows_over_time(const ReportedJob& job) {
    std::vector<RowsAt> rows;
    if (!job.record.launched_at || job.history.empty()) return rows;
    // A rate over a moment says more of the clock than of the job.
    const auto shortest = (job.history.back().at - job.history.front().at) / 100;
    for (const auto& moment : job.history) {
        JobRecord then;
        then.metrics = moment.metrics;
        const auto written = rows_written(then);
        if (rows.size() > 1 && moment.at - rows.back().at < shortest) {
            rows.back() = {moment.at, written};
        } else {
            rows.push_back({moment.at, written});
        }
    }
    if (rows.back().rows == 0) return {};
    return rows;
}

}  // namespace genevactl::run
