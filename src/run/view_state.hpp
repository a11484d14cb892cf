// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "documents.hpp"
#include "genevactl/model/view.hpp"
#include "view_facts.hpp"

namespace genevactl::run {

/// How far a view is behind: `pinned` (true, false, null), the versions, the rows.
Json to_json(const Staleness& staleness, const model::ViewDefinition& view);
/// "2 versions and 40 rows behind", "up to date", "never refreshed".
std::string in_words(const Staleness& staleness, const model::ViewDefinition& view);

/// "split(text)", "stats(id, text), partitioned by lang"; empty for a query view.
std::string transform_text(const model::ViewDefinition& view);

}  // namespace genevactl::run
