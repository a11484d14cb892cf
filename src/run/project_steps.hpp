// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/plan/plan.hpp"
#include "project_session.hpp"

namespace genevactl::run {

/// Does a step that is no job: uploads, registers, makes, drops. Errors: those of the step;
/// conflict if the user's code is no longer what was planned.
base::Status do_step(MadePlan& made, const plan::Step& step);

/// Starts the job of a step (or finds the one that does it already) and gives its id.
/// `after_repoint`: its column was re-pointed a moment ago, so that no job can be one of it.
base::Result<std::string> start_job(MadePlan& made, const plan::Step& step, bool after_repoint);

}  // namespace genevactl::run
