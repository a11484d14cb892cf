// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "genevactl/manifest/lint.hpp"
#include "json_tree.hpp"

namespace genevactl::manifest {

using Findings = std::vector<Finding>;

void lint_requirements(const std::vector<std::string>& lines, const std::string& where,
                       Findings& findings);
/// Requirements that are given twice, or that no version satisfies.
void lint_repetitions(const std::vector<std::string>& lines, const std::string& where,
                      Findings& findings);
void lint_environment(const model::Manifest& manifest, Findings& findings);
void lint_indexes(const model::Manifest& manifest, Findings& findings);
void lint_images(const model::Manifest& manifest, Findings& findings);
void lint_conda(const model::Manifest& manifest, Findings& findings);

}  // namespace genevactl::manifest
