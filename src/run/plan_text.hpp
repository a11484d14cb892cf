// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "genevactl/model/outcome.hpp"
#include "genevactl/plan/plan.hpp"
#include "genevactl/run/project.hpp"

namespace genevactl::run {

/// What a person reads of a plan: a sentence a step, then what stands in the way, what the file has
/// not, and what it costs.
std::vector<model::Block> blocks_of(const plan::Plan& plan, const ProjectChoice& choice);

/// "docs.embedding: pinned a@1234, local definition @5678: will be re-pointed (alter column)".
std::string step_sentence(const plan::Step& step);

}  // namespace genevactl::run
