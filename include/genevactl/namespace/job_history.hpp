// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/namespace/client.hpp"

namespace genevactl::ns {

/// The record of a job as it was at some moment of its life.
struct JobMoment {
    base::WallTime at;  ///< when that was written
    model::JobStatus status = model::JobStatus::unknown;
    std::vector<std::string> events = {};
    std::vector<model::JobMetric> metrics = {};
};

/// How a job went on, oldest first: the record alone tells only how it stands now, but each update
/// of it made a version of the jobs table, and the deployment keeps those for a while. At most
/// `looks` of them are read, where most happened. Empty if the deployment does not tell.
base::Result<std::vector<JobMoment>> job_history(Client& client, const model::JobRecord& record,
                                                 std::size_t looks);

/// The same choice of versions without a deployment: `look(i)` reads the one with number i of
/// `count`, or nothing. For tests.
base::Result<std::vector<JobMoment>> sample_history(
    std::size_t count, std::size_t looks,
    const std::function<base::Result<std::vector<JobMoment>>(std::size_t)>& look);

}  // namespace genevactl::ns
