// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "genevactl/model/job.hpp"
#include "genevactl/model/registration.hpp"
#include "genevactl/model/snapshot.hpp"

namespace genevactl::plan {

/// A present snapshot, and what a job must have been asked to count as one of it.
struct Snapshot {
    std::vector<std::string> columns = {};  ///< empty for a view: its refreshes are meant
    std::optional<model::Registration> registration = {};
    std::optional<model::PinnedManifest> manifest = {};
    std::optional<std::string> where = {};

    /// Values of an earlier snapshot are there: only a job that computes them again counts.
    bool has_old_values() const {
        return !columns.empty() && registration &&
               registration->how == model::Registration::How::altered;
    }
};

/// What the jobs of a table tell of a snapshot.
struct Coverage {
    const model::JobRecord* done = nullptr;   ///< the newest DONE job of it
    const model::JobRecord* live = nullptr;   ///< one that goes on and does what is asked
    const model::JobRecord* other = nullptr;  ///< one that goes on and does something else
    const model::JobRecord* ended = nullptr;  ///< the newest that ended FAILED or CANCELLED
    std::string doubt = {};                   ///< what cannot be told for sure about `done`
};
Coverage coverage_of(const std::vector<model::JobRecord>& jobs, const Snapshot& snapshot);

/// Why a job is due, or nothing while one is DONE.
std::optional<std::string> due_reason(const Coverage& coverage, const Snapshot& snapshot);

}  // namespace genevactl::plan
