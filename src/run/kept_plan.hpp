// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "documents.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/run/project.hpp"

namespace genevactl::run {

/// A plan that was kept in a file.
struct KeptPlan {
    ProjectChoice choice;
    Json document;
};
/// Error usage for what is no plan, or one of a newer format.
base::Result<KeptPlan> read_plan(const std::string& text);

/// What differs between a kept plan and one that was made now, a line each; none if they agree.
/// Costs are not compared: rows come and go.
std::vector<std::string> moved_since(const Json& kept, const Json& now);

}  // namespace genevactl::run
