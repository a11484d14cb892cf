// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "documents.hpp"
#include "genevactl/manifest/diff.hpp"
#include "genevactl/plan/plan.hpp"

namespace genevactl::run {

/// {"requirements":[…],"fields":[…]}: as `manifest diff` tells it.
Json to_json(const manifest::Difference& difference);
/// A row a change, with "+", "-" or "~".
model::Table differences_table(const manifest::Difference& difference);
/// A line a change: "~ pip wordllama==0.3.9 -> wordllama==0.4.0 (up)".
std::vector<std::string> difference_lines(const manifest::Difference& difference);
/// The difference of two pinned manifests (none counts as empty); nothing if one cannot be read.
std::optional<manifest::Difference> difference_of(
    const std::optional<model::PinnedManifest>& before,
    const std::optional<model::PinnedManifest>& after);
/// The same of a step that re-points a column or view to another manifest; nothing for other steps.
std::optional<manifest::Difference> difference_of(const plan::Step& step);

}  // namespace genevactl::run
