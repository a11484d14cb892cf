// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/decision.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/model/schema.hpp"
#include "genevactl/model/view.hpp"
#include "genevactl/namespace/client.hpp"

namespace genevactl::run {

/// A view as the deployment describes it.
struct DescribedView {
    model::TableDescription table;
    model::ViewDefinition definition;
};

/// describe() of a view. Errors: not_found with the nearest names, usage for a table that is none.
base::Result<DescribedView> describe_view(ns::Client& client, const model::ObjectId& id);

/// The source of a view as it is now; nothing if the database has no such table.
base::Result<std::optional<model::TableDescription>> source_of(ns::Client& client,
                                                               const DescribedView& view);

/// Whether a view follows its source. What the view itself leaves open is read from the source's
/// row ids, where they tell: ids that are addresses move with the rows.
base::Result<model::ViewPinning> pinning_of(ns::Client& client, const DescribedView& view,
                                            const std::optional<model::TableDescription>& source);

/// How far a view is behind its source. Each member is nothing where it cannot be told.
struct Staleness {
    std::optional<model::TableDescription> source = {};
    model::ViewPinning pinning = model::ViewPinning::unknown;
    /// Versions of the source since the one that the view was refreshed to.
    std::optional<std::int64_t> versions = {};
    /// Rows (of those that the view's condition lets pass) that the source has more than it had
    /// then; negative for fewer.
    std::optional<std::int64_t> rows = {};
};
base::Result<Staleness> staleness_of(ns::Client& client, const DescribedView& view);

/// The columns of a view that its source computes: their metadata is the source's.
std::vector<model::InheritedColumn> inherited_columns(
    const DescribedView& view, const std::optional<model::TableDescription>& source);

}  // namespace genevactl::run
