// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/decision.hpp"
#include "genevactl/model/view.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/run/session.hpp"
#include "genevactl/run/verbs.hpp"
#include "launch.hpp"
#include "view_facts.hpp"

namespace genevactl::run {

/// The refresh of one view with everything that was found out before anything is sent.
struct PlannedRefresh {
    DescribedView view;
    std::optional<model::TableDescription> source;  ///< nothing: the database has no such table
    model::Decision decision;
    model::RefreshParameters parameters;
};

/// Errors: not_found, usage for a table that is no view, for --output-limit of another view than a
/// chunker's, and for a version of the source to which the view cannot be refreshed, with the one
/// to which it can.
base::Result<PlannedRefresh> plan_refresh(ns::Client& client, const model::ObjectId& view,
                                          const model::RefreshParameters& parameters);

/// plan_refresh() of a project file, which names no version: a view that shows, or may show, the
/// version of its source that it was made from is refreshed to that one, since the columns that are
/// added beside it make other versions.
base::Result<PlannedRefresh> plan_own_refresh(ns::Client& client, const model::ObjectId& view);

/// What launch() takes. `client` outlives it.
Launch launch_of(ns::Client& client, const PlannedRefresh& refresh);

/// What `--dry-run` prints.
Answer dry_run(ns::Client& client, const std::vector<PlannedRefresh>& planned);

}  // namespace genevactl::run
