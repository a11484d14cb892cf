// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/namespace/client.hpp"

namespace genevactl::ns {

/// The records of these ids, whole, in any order; an id that has none is missing. A query for each
/// hundred of them.
base::Result<std::vector<model::JobRecord>> find_jobs(Client& client,
                                                      const std::vector<std::string>& ids);

}  // namespace genevactl::ns
