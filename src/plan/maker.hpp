// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coverage.hpp"
#include "genevactl/plan/plan.hpp"

namespace genevactl::plan {

/// A plan while it is made.
struct Maker {
    const Wanted& wanted;
    const Seen& seen;
    const Options& options;
    Plan plan = {};

    /// The table or view as it is, or null. A view that is made anew loses its columns: it counts
    /// as not there for what is computed on it.
    const model::TableDescription* table(const model::ObjectId& id) const;
    const std::vector<model::JobRecord>& jobs(const model::ObjectId& id) const;
    /// The step that makes a view (anew), or null.
    const Step* making(const model::ObjectId& view) const;
    const WantedView* wanted_view(const model::ObjectId& id) const;

    void stop(std::string target, base::ErrorKind kind, std::string message, std::string hint);
    void note(std::string text) { plan.notes.push_back(std::move(text)); }
    Step& add(Step step) { return plan.steps.emplace_back(std::move(step)); }
};

/// The steps of each kind, appended in this order: views are made before columns are planned, since
/// a column may be computed on a view.
void plan_view(Maker& maker, std::size_t index);
void plan_column(Maker& maker, std::size_t index);
void plan_refresh(Maker& maker, std::size_t index);
void plan_uploads(Maker& maker);
void plan_unlisted(Maker& maker);
/// Fills in Step::needs and puts the steps into an order that keeps them.
void put_in_order(Maker& maker);

Facts facts_of(const WantedColumn& column, const model::TableDescription* table);
Facts facts_of(const WantedView& view, const model::TableDescription* table);

/// Why two identities differ, nothing if they do not or cannot be compared: `kept` may be empty, or
/// of another version of the algorithm.
enum class Compared : std::uint8_t { same, differs, unknown };
Compared compare_identities(const std::string& kept, const std::string& local);

/// "pinned a@1234, local definition b@5678", or nothing where both have the same checksum.
std::optional<std::string> manifest_drift(const std::optional<model::PinnedManifest>& pinned,
                                          const std::optional<model::PinnedManifest>& local);

/// "v1:6b20bb11"
std::string short_identity(const std::string& identity);

}  // namespace genevactl::plan
