// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/namespace/job_history.hpp"

namespace genevactl::run {

/// When each event of a record was written, as far as its history tells: the record itself keeps
/// texts alone.
std::vector<std::optional<base::WallTime>> event_times(const model::JobRecord& record,
                                                       const std::vector<ns::JobMoment>& history);

}  // namespace genevactl::run
