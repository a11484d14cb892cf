// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/try.hpp"
#include "genevactl/run/views.hpp"
#include "inputs.hpp"
#include "launch.hpp"
#include "refresh_plan.hpp"
#include "wait.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

base::Status check(const Refresh& request) {
    if (request.fresh && request.dry_run) {
        return base::fail(ErrorKind::usage, "--new starts a job and --dry-run starts none");
    }
    if (request.waiting.detach && request.waiting.timeout) {
        return base::fail(ErrorKind::usage,
                          "--timeout bounds the waiting that --detach leaves out");
    }
    return {};
}

/// The views of the request in its order, each once.
base::Result<std::vector<model::ObjectId>> views_of(const Refresh& request) {
    std::vector<model::ObjectId> views;
    for (const auto& name : request.views) {
        GENEVACTL_TRY(auto id, model::ObjectId::parse(name));
        if (std::ranges::find(views, id) == views.end()) {
            views.push_back(std::move(id));
        }
    }
    return views;
}

/// A manifest of this call changes nothing that is registered: whoever gives one should know.
void tell_of_override(Session& session, const std::vector<PlannedRefresh>& planned) {
    for (const auto& refresh : planned) {
        if (!refresh.parameters.manifest) continue;
        session.reporter().note(
            fmt::format("{}: {}@{:.8} is for this refresh only; the view's snapshot stays {}",
                        refresh.view.table.id.text(), refresh.parameters.manifest->name,
                        refresh.parameters.manifest->checksum,
                        short_manifest(refresh.view.definition.manifest)));
    }
}

}  // namespace

Answer refresh(Session& session, const Refresh& request) {
    GENEVACTL_CHECK(check(request));
    GENEVACTL_TRY(const auto views, views_of(request));
    auto parameters = request.parameters;
    if (request.manifest) {
        GENEVACTL_TRY(parameters.manifest, read_pinned(session, *request.manifest));
    }
    GENEVACTL_TRY(auto* client, session.client());
    std::vector<PlannedRefresh> planned;
    for (const auto& view : views) {
        GENEVACTL_TRY(auto refresh, plan_refresh(*client, view, parameters));
        planned.push_back(std::move(refresh));
    }
    tell_of_override(session, planned);
    if (request.dry_run) {
        return dry_run(*client, planned);
    }
    std::vector<Launch> jobs;
    for (const auto& refresh : planned) {
        jobs.push_back(launch_of(*client, refresh));
    }
    GENEVACTL_TRY(const auto ids, launch_all(session, *client, jobs, request.fresh));
    if (request.waiting.detach) {
        return detached(jobs, ids);
    }
    GENEVACTL_TRY(auto waited, wait_for_jobs(session, *client, ids, request.waiting));
    return outcome_of(waited);
}

}  // namespace genevactl::run
