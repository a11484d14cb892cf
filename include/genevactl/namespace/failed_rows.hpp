// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/namespace/client.hpp"

namespace genevactl::ns {

/// The failures that `__system/geneva_errors` has of one job.
struct FailedRows {
    std::vector<std::int64_t> addresses = {};  ///< of the rows, ascending, each once
    std::vector<model::RowError> shown = {};   ///< the first few that name a row
    /// The first few that name none: the job, or a whole batch, failed.
    std::vector<model::RowError> without_row = {};
    std::int64_t without_row_count = 0;
};

/// Reads them page by page; kept are eight bytes a row, and `shown` failures of each sort. No such
/// table means no failures.
base::Result<FailedRows> failed_rows(Client& client, const std::string& job_id, std::size_t shown);

}  // namespace genevactl::ns
