// SPDX-License-Identifier: Apache-2.0
#include "progress.hpp"

#include <algorithm>

namespace genevactl::run {

using base::Microseconds;

const model::JobMetric* find_metric(const model::JobRecord& record, std::string_view name) {
    const auto found = std::ranges::find(record.metrics, name, &model::JobMetric::name);
    return found == record.metrics.end() ? nullptr : &*found;
}

std::int64_t rows_written(const model::JobRecord& record) {
    const auto* rows = find_metric(record, "rows_checkpointed");
    return rows == nullptr ? 0 : rows->done;
}

std::string first_line_of(std::string_view text) {
    return std::string(text.substr(0, text.find('\n')));
}

namespace {

void add_rate(model::JobProgress& progress, Pace& pace, base::Monotonic now) {
    const auto* rows = find_metric(progress.record, "rows_checkpointed");
    if (rows == nullptr) {
        return;
    }
    if (!pace.first_rows) {
        pace.first_rows = {now, rows->done};
    }
    const auto elapsed = std::chrono::duration<double>(now - pace.first_rows->first).count();
    const auto written = rows->done - pace.first_rows->second;
    if (written <= 0 || elapsed <= 0) {
        return;
    }
    progress.rows_per_second = static_cast<double>(written) / elapsed;
    if (rows->total > rows->done) {
        progress.remaining = Microseconds(static_cast<std::int64_t>(
            1e6 * static_cast<double>(rows->total - rows->done) / *progress.rows_per_second));
    }
}

}  // namespace

model::JobProgress progress_of(const model::JobRecord& record, Pace& pace, base::Clock& clock) {
    model::JobProgress progress{.record = record};
    if (record.launched_at) {
        const auto end = record.ended_at().value_or(clock.now());
        progress.elapsed = std::max(Microseconds{}, end - *record.launched_at);
    }
    if (!model::is_terminal(record.status)) {
        add_rate(progress, pace, clock.monotonic());
    }
    return progress;
}

}  // namespace genevactl::run
