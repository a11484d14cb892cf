// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "documents.hpp"
#include "genevactl/plan/plan.hpp"
#include "genevactl/run/project.hpp"

namespace genevactl::run {

/// What a file must say of itself to be taken for a plan.
inline constexpr std::string_view k_plan_kind = "genevactl-plan";
inline constexpr int k_plan_format = 1;

/// The plan as `plan -o json` prints it and as --out keeps it (docs/json.md).
Json plan_document(const plan::Plan& plan, const ProjectChoice& choice, const std::string& database,
                   const std::string& place);

}  // namespace genevactl::run
