// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/run/session.hpp"

namespace genevactl::run {

/// The last jobs that were started from this directory (STATE_HOME/last-jobs).
void remember_jobs(const Session& session, const std::vector<std::string>& ids);
/// Error kind usage if none was.
base::Result<std::vector<std::string>> last_jobs(const Session& session);

}  // namespace genevactl::run
