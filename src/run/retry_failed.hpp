// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/run/session.hpp"
#include "genevactl/run/verbs.hpp"

namespace genevactl::run {

/// `backfill --retry-failed JOB`: a job for the rows that failed in JOB and are still empty, or
/// several one after the other where their filter would be too long for one. Errors: not_found for
/// no such job, usage for another table or column than the job's, conflict while the job runs.
Answer retry_failed(Session& session, ns::Client& client, const Backfill& request);

/// The filters for rows at these addresses (ascending), each at most k_longest_filter bytes.
/// `extra` is appended to every one of them.
std::vector<std::string> address_filters(const std::vector<std::int64_t>& addresses,
                                         const std::string& extra);
/// The local deployment hands a job's parameters to its driver as one argument in base64, of which
/// Linux takes 128 KB.
inline constexpr std::size_t k_longest_filter = std::size_t{64} << 10U;

}  // namespace genevactl::run
