// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/run/session.hpp"
#include "genevactl/run/verbs.hpp"

namespace genevactl::run {

/// A PENDING or RUNNING job of the same column, or nothing. A stale one is warned of and does not
/// count.
base::Result<std::optional<model::JobRecord>> find_live_job(Session& session, ns::Client& client,
                                                            const std::string& table,
                                                            const std::string& column);

/// Were the two asked for the same? Compares what the record's config tells (the local deployment
/// writes the parameters there); a record that tells nothing equals only a call without parameters.
bool same_parameters(const model::JobRecord& record, const model::BackfillParameters& parameters);

}  // namespace genevactl::run
