// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/decision.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/run/session.hpp"
#include "planned.hpp"

namespace genevactl::run {

/// A job that is about to be started, whatever it does.
struct Launch {
    std::string target;  ///< "docs.embedding", or the view's name: what is said of it
    model::ObjectId table;
    /// A live job of one of these is the same job: the columns that it fills, or "<refresh>".
    std::vector<std::string> columns;
    model::Decision decision;
    /// What its record says, apart from the id and the times.
    model::JobRecord record;
    /// Was a job that runs asked for the same?
    std::function<bool(const model::JobRecord&)> is_same;
    /// Sends the request, once; the id that the deployment answers.
    std::function<base::Result<std::string>()> start;
};

/// The backfill of a plan. `client` outlives it.
Launch launch_of(ns::Client& client, const model::TableDescription& table, const Planned& job);
std::vector<Launch> launches_of(ns::Client& client, const model::TableDescription& table,
                                const std::vector<Planned>& planned);

/// The id of the job: that of one that runs with the same parameters, or a new one, whose record is
/// written where the deployment has not. `fresh`: a new one in any case. Errors: conflict for one
/// that runs with other parameters.
base::Result<std::string> launch(Session& session, ns::Client& client, const Launch& job,
                                 bool fresh);

/// launch() for one after the other; the ids become the last jobs of this directory. An error names
/// those that were started.
base::Result<std::vector<std::string>> launch_all(Session& session, ns::Client& client,
                                                  const std::vector<Launch>& jobs, bool fresh);

/// What `--detach` prints of jobs that were started.
model::Outcome detached(const std::vector<Launch>& jobs, const std::vector<std::string>& ids);

}  // namespace genevactl::run
