// SPDX-License-Identifier: Apache-2.0
#include "launch.hpp"

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "last_jobs.hpp"
#include "live_job.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

/// Writes the PENDING record where the deployment has not: without it the job would be invisible
/// until its driver starts. Not being able to is no reason to lose the job's id.
void record(Session& session, ns::Client& client, const Launch& job, const std::string& id) {
    auto written = client.find_job(id);
    if (written && *written) {
        return;
    }
    auto pending = job.record;
    pending.id = id;
    pending.launched_at = session.surroundings().clock->now();
    pending.updated_at = pending.launched_at;
    if (const auto recorded = client.ensure_pending_record(pending); !recorded) {
        session.reporter().warn(
            fmt::format("job {} was accepted; its record could not be written: {}", id,
                        recorded.error().message),
            "");
    }
}

base::Error other_parameters(const model::JobRecord& live, const std::string& target) {
    return {.kind = ErrorKind::conflict,
            .message = fmt::format("job {} of {} is {} with other parameters", live.id, target,
                                   model::name_of(live.status)),
            .hint = fmt::format("wait for it (genevactl job wait {0}), cancel it (genevactl job "
                                "cancel {0}), or start another one with --new",
                                live.id)};
}

}  // namespace

Launch launch_of(ns::Client& client, const model::TableDescription& table, const Planned& job) {
    model::JobRecord record{.id = {},
                            .table = table.id.parts.back(),
                            .column = job.column.text(),
                            .type = "BACKFILL",
                            .status = model::JobStatus::pending,
                            .config = "{}",
                            .input_columns = job.snapshot.inputs,
                            .output_columns = job.outputs};
    const auto is_same = [parameters = job.parameters](const model::JobRecord& live) {
        return same_parameters(live, parameters);
    };
    const auto start = [&client, job, id = table.id,
                        version = table.version]() -> base::Result<std::string> {
        auto started = client.backfill(id, job.column.text(), job.parameters, version);
        if (!started) {
            return base::fail(about_filter(std::move(started).error(), id, job));
        }
        return started;
    };
    return {.target = job.target(table.id),
            .table = table.id,
            .columns = job.outputs,
            .decision = job.decision,
            .record = std::move(record),
            .is_same = is_same,
            .start = start};
}

std::vector<Launch> launches_of(ns::Client& client, const model::TableDescription& table,
                                const std::vector<Planned>& planned) {
    std::vector<Launch> jobs;
    for (const auto& job : planned) {
        jobs.push_back(launch_of(client, table, job));
    }
    return jobs;
}

base::Result<std::string> launch(Session& session, ns::Client& client, const Launch& job,
                                 bool fresh) {
    if (!fresh) {
        GENEVACTL_TRY(const auto live, find_live_job(session, client, job.table, job.columns));
        if (live && !job.is_same(*live)) {
            return base::fail(other_parameters(*live, job.target));
        }
        if (live) {
            session.reporter().note(fmt::format("{} is already {} in job {}: following it",
                                                job.target, model::name_of(live->status),
                                                live->id));
            return live->id;
        }
    }
    GENEVACTL_TRY(auto id, job.start());
    record(session, client, job, id);
    session.reporter().note(fmt::format("{}: job {} (manifest: {}, {})", job.target, id,
                                        job.decision.name.empty() ? "none" : job.decision.name,
                                        model::name_of(job.decision.origin)));
    return id;
}

base::Result<std::vector<std::string>> launch_all(Session& session, ns::Client& client,
                                                  const std::vector<Launch>& jobs, bool fresh) {
    std::vector<std::string> ids;
    for (const auto& job : jobs) {
        auto launched = launch(session, client, job, fresh);
        if (!launched) {
            auto error = std::move(launched).error();
            if (!ids.empty()) {
                error.context.push_back(fmt::format("starting {} of {} (already started: {})",
                                                    ids.size() + 1, jobs.size(),
                                                    base::join(ids, ", ")));
            }
            return base::fail(std::move(error));
        }
        ids.push_back(std::move(*launched));
        remember_jobs(session, ids);
    }
    return ids;
}

model::Outcome detached(const std::vector<Launch>& jobs, const std::vector<std::string>& ids) {
    const std::string pending(model::name_of(model::JobStatus::pending));
    std::vector<Json> items;
    model::Table rows{.headings = {"JOB", "TARGET", "STATUS"}};
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto& record = jobs[i].record;
        auto item = versioned();
        item["job_id"] = ids[i];
        item["table"] = jobs[i].table.text();
        item["column"] = record.is_refresh() ? Json(nullptr) : Json(record.column);
        item["columns"] = record.output_columns;
        item["status"] = pending;
        items.push_back(std::move(item));
        rows.rows.push_back({{ids[i]}, {jobs[i].target}, {pending}});
    }
    return list_outcome(items, ids, std::move(rows));
}

}  // namespace genevactl::run
