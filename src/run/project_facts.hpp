// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/plan/plan.hpp"
#include "genevactl/project/file.hpp"
#include "genevactl/run/project.hpp"
#include "project_manifest.hpp"

namespace genevactl::run {

/// Everything that a plan is made of, found out here and at the deployment.
struct ProjectFacts {
    project::File file;
    std::map<std::string, BuiltManifest> manifests = {};  ///< by name: those that are needed
    plan::Wanted wanted = {};
    plan::Seen seen = {};
    plan::Options options = {};
};

/// Whether the globs choose a name; all names if there is none. A name with several columns is
/// chosen by any of them.
bool selects(const std::vector<std::string>& globs, const std::string& name);

/// Reads, imports and asks; changes nothing and uploads nothing. `session` works in the folder of
/// the file. Errors: of whatever is asked, with the place in the file; usage for a glob that
/// chooses nothing.
base::Result<ProjectFacts> gather_project(Session& session, project::File file,
                                          const ProjectChoice& choice);

/// The plan with what it costs: rows are counted where that is one query.
base::Result<plan::Plan> plan_of(Session& session, const ProjectFacts& facts);

}  // namespace genevactl::run
