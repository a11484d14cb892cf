// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/namespace/client.hpp"

namespace genevactl::ns {

/// What one process of a job has printed since it was last asked for.
struct JobOutputPart {
    std::string source;        ///< "driver", or the worker
    std::int64_t skipped = 0;  ///< characters before `text` that the deployment keeps no more
    std::string text = {};
    std::int64_t end = 0;  ///< characters up to the end of `text`: where to go on
};

struct JobOutput {
    std::vector<JobOutputPart> parts = {};
    bool ended = false;     ///< nothing more will come
    std::string note = {};  ///< what the deployment says of it; may be empty
};

/// Where each source was last read to.
using OutputPosition = std::map<std::string, std::int64_t>;

/// The output of a job, of a deployment that has it (capability "job-logs"), from `position` on.
base::Result<JobOutput> job_output(Client& client, const std::string& id,
                                   const OutputPosition& position);

}  // namespace genevactl::ns
