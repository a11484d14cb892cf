// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "genevactl/base/clock.hpp"
#include "genevactl/run/project.hpp"
#include "project_session.hpp"

namespace genevactl::run {

/// Carries out the steps of a plan: registrations one by one, jobs as soon as what they need is
/// done, several at once. The first failure ends it: nothing more is started, jobs that run go on.
/// Errors: the failure's, or interrupted, with what was done, what was not, and the jobs that go
/// on. `outer` is the session of the command, whose directory remembers the jobs.
Answer run_plan(Session& outer, MadePlan& made, const std::optional<base::Microseconds>& timeout);

}  // namespace genevactl::run
