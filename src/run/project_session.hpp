// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "documents.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/run/project.hpp"
#include "genevactl/run/session.hpp"
#include "project_facts.hpp"

namespace genevactl::run {

/// A plan, and the session in which it was made: that works in the folder of the project file, from
/// which modules are imported. It stays where it is, since the session refers to it.
struct MadePlan {
    base::Surroundings surroundings = {};
    std::unique_ptr<Session> session = {};
    ProjectFacts facts = {};
    plan::Plan plan = {};
    Json document = {};
};
base::Result<std::unique_ptr<MadePlan>> make_plan(Session& session, const ProjectChoice& choice);

}  // namespace genevactl::run
