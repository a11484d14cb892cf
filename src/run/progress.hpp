// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "genevactl/base/clock.hpp"
#include "genevactl/model/reporter.hpp"

namespace genevactl::run {

/// The first rows of a job that somebody who follows it has seen.
struct Pace {
    std::optional<std::pair<base::Monotonic, std::int64_t>> first_rows = {};
};

/// A counter of a record, or null.
const model::JobMetric* find_metric(const model::JobRecord& record, std::string_view name);

/// The rows that a job has written, as far as it counts them.
std::int64_t rows_written(const model::JobRecord& record);

/// What a row of a table has room for: events have several lines now and then.
std::string first_line_of(std::string_view text);

/// How far a job is: its rate and the time left from the rows that were written since `pace` began.
model::JobProgress progress_of(const model::JobRecord& record, Pace& pace, base::Clock& clock);

}  // namespace genevactl::run
