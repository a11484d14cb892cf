// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "documents.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/model/outcome.hpp"
#include "genevactl/plan/plan.hpp"
#include "genevactl/run/project.hpp"

namespace genevactl::run {

/// The plan as `plan -o json` prints it and as --out keeps it (docs/json.md).
Json plan_document(const plan::Plan& plan, const ProjectChoice& choice, const std::string& database,
                   const std::string& place);

/// What a person reads of a plan: a sentence a step, then what stands in the way, what the file has
/// not, and what it costs.
std::vector<model::Block> blocks_of(const plan::Plan& plan, const ProjectChoice& choice);

/// "docs.embedding: pinned a@1234, local definition @5678: will be re-pointed (alter column)".
std::string step_sentence(const plan::Step& step);

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
