// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/run/session.hpp"
#include "planned.hpp"

namespace genevactl::run {

/// The id of the job for a plan: that of one that runs with the same parameters, or a new one,
/// whose record is written where the deployment has not. `fresh`: a new one in any case. Errors:
/// conflict for one that runs with other parameters.
base::Result<std::string> launch(Session& session, ns::Client& client,
                                 const model::TableDescription& table, const Planned& job,
                                 bool fresh);

/// launch() for one after the other; the ids become the last jobs of this directory. An error names
/// those that were started.
base::Result<std::vector<std::string>> launch_all(Session& session, ns::Client& client,
                                                  const model::TableDescription& table,
                                                  const std::vector<Planned>& planned, bool fresh);

/// What `--detach` prints of jobs that were started.
model::Outcome detached(const model::TableDescription& table, const std::vector<Planned>& planned,
                        const std::vector<std::string>& ids);

}  // namespace genevactl::run
