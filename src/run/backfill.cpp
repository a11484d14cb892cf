// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "genevactl/base/try.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"
#include "launch.hpp"
#include "planned.hpp"
#include "retry_failed.hpp"
#include "wait.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

base::Status check(const Backfill& request) {
    if (request.retry_failed && (request.force || request.parameters.where)) {
        return base::fail(ErrorKind::usage,
                          "--retry-failed chooses the rows: --where and --force exclude it");
    }
    if (!request.retry_failed && request.columns.empty()) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("`backfill`: {} missing",
                        request.table.empty() ? "TABLE and COLUMN are" : "COLUMN is"),
            "genevactl backfill TABLE COLUMN..., or --retry-failed JOB, which knows both; "
            "`genevactl backfill --help`");
    }
    if (request.force && request.parameters.where) {
        return base::fail(ErrorKind::usage, "--force and --where exclude each other",
                          "--force computes every row; for some of them use --where alone");
    }
    if (request.fresh && request.dry_run) {
        return base::fail(ErrorKind::usage, "--new starts a job and --dry-run starts none");
    }
    if (request.waiting.detach && request.waiting.timeout) {
        return base::fail(ErrorKind::usage,
                          "--timeout bounds the waiting that --detach leaves out");
    }
    return {};
}

}  // namespace

Answer backfill(Session& session, const Backfill& request) {
    GENEVACTL_CHECK(check(request));
    if (request.retry_failed) {
        GENEVACTL_TRY(auto* client, session.client());
        return retry_failed(session, *client, request);
    }
    GENEVACTL_TRY(auto id, model::ObjectId::parse(request.table));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto table, describe(*client, id));
    GENEVACTL_TRY(auto planned, plan(*client, table, request));
    if (request.dry_run) {
        return dry_run(*client, table, planned);
    }
    const auto jobs = launches_of(*client, table, planned);
    GENEVACTL_TRY(const auto ids, launch_all(session, *client, jobs, request.fresh));
    if (request.waiting.detach) {
        return detached(jobs, ids);
    }
    GENEVACTL_TRY(auto waited, wait_for_jobs(session, *client, ids, request.waiting));
    return outcome_of(waited);
}

}  // namespace genevactl::run
