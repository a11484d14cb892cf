// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/run/verbs.hpp"

/// The verbs of a project file: what a deployment lacks of it, and making it so.
namespace genevactl::run {

/// What of the project file is meant, and what may be done.
struct ProjectChoice {
    std::vector<std::string> select = {};  ///< globs of columns and views; all if empty
    bool prune = false;                    ///< what the file has not is to be dropped
    bool allow_recreate = false;           ///< views may be dropped and made anew
};

struct ProjectPlan {
    ProjectChoice choice = {};
    std::optional<std::filesystem::path> out = {};
    bool exit_code = false;  ///< end with kind changes_pending when something would change
};
/// Compares the project file with the deployment. Sends nothing that changes anything.
Answer project_plan(Session& session, const ProjectPlan& request);

struct ProjectApply {
    std::optional<std::filesystem::path> plan = {};  ///< made by project_plan
    ProjectChoice choice = {};
    bool yes = false;  ///< drop what --prune lists; ask nothing
    std::optional<base::Microseconds> timeout = {};
};
/// Carries out a plan, to its end or to the first failure. Errors: refused (before the first step)
/// for what lacks its flag; conflict for a plan whose deployment or code has changed since, and for
/// what cannot be done.
Answer project_apply(Session& session, const ProjectApply& request);

}  // namespace genevactl::run
