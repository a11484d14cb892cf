// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/model/decision.hpp"
#include "genevactl/model/schema.hpp"
#include "genevactl/namespace/client.hpp"
#include "view_facts.hpp"

namespace genevactl::run {

/// Gathers the facts for a job on one column of a table (the deployment's default, the content of a
/// named override) and lets the resolution engine decide. `override_name` names a manifest of the
/// deployment; one that is not there is kind not_found.
base::Result<model::Decision> decide_for_column(ns::Client& client,
                                                const model::TableDescription& table,
                                                const model::FieldPath& column,
                                                const std::optional<std::string>& override_name);

/// The same for the refresh of a view, with the manifest of this call alone, if it brings one.
base::Result<model::Decision> decide_for_view(
    ns::Client& client, const DescribedView& view,
    const std::optional<model::TableDescription>& source,
    const std::optional<model::PinnedManifest>& override_inline);

}  // namespace genevactl::run
