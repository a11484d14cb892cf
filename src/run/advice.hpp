// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "genevactl/model/job.hpp"

namespace genevactl::run {

/// What to do about a FAILED job, from the words of its last event (those of geneva 0.17, Ray 2.60
/// and the local deployment); "" where nothing is known beyond what the event says.
std::string advice_for(const model::JobRecord& record);

}  // namespace genevactl::run
