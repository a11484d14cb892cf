// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "documents.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/model/decision.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/model/schema.hpp"
#include "genevactl/model/snapshot.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/run/verbs.hpp"

namespace genevactl::run {

/// A job of a backfill with everything that was found out before anything is sent.
struct Planned {
    model::FieldPath column;  ///< what the request names
    /// Every column that the job fills: `column`, and the others of a transform with several
    /// outputs.
    std::vector<std::string> outputs;
    model::ColumnSnapshot snapshot;
    model::Decision decision;
    model::BackfillParameters parameters;
    bool is_struct = false;

    /// "docs.embedding", "docs.width,height".
    std::string target(const model::ObjectId& table) const;
};

/// The jobs for the columns of a request, in its order; columns of one transform are one job.
base::Result<std::vector<Planned>> plan(ns::Client& client, const model::TableDescription& table,
                                        const Backfill& request);

/// The rows that the engine computes as an SQL filter, or nothing for all of them: those of
/// `where`, else those that are null (a struct is never null there: all).
std::optional<std::string> filter_of(const Planned& job);

/// What the deployment says of a filter that it cannot read, with where to look.
base::Error about_filter(base::Error error, const model::ObjectId& table, const Planned& job);

/// What `--dry-run` prints: rows and manifest of each job. The members of `more` stand in the
/// document before the jobs.
Answer dry_run(ns::Client& client, const model::TableDescription& table,
               const std::vector<Planned>& planned, const Json& more = Json::object());

}  // namespace genevactl::run
