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

model::JobRecord pending_record(const Session& session, const model::TableDescription& table,
                                const Planned& job, const std::string& id) {
    model::JobRecord record{.id = id,
                            .table = table.id.parts.back(),
                            .column = job.column.text(),
                            .type = "BACKFILL",
                            .status = model::JobStatus::pending};
    record.launched_at = session.surroundings().clock->now();
    record.updated_at = record.launched_at;
    record.config = "{}";
    record.input_columns = job.snapshot.inputs;
    record.output_columns = job.outputs;
    return record;
}

/// Writes the PENDING record where the deployment has not: without it the job would be invisible
/// until its driver starts. Not being able to is no reason to lose the job's id.
void record(Session& session, ns::Client& client, const model::JobRecord& pending) {
    auto written = client.find_job(pending.id);
    if (written && *written) {
        return;
    }
    if (const auto recorded = client.ensure_pending_record(pending); !recorded) {
        session.reporter().warn(
            fmt::format("job {} was accepted; its record could not be written: {}", pending.id,
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

base::Result<std::string> launch(Session& session, ns::Client& client,
                                 const model::TableDescription& table, const Planned& job,
                                 bool fresh) {
    const auto target = job.target(table.id);
    if (!fresh) {
        GENEVACTL_TRY(const auto live, find_live_job(session, client, table.id, job.outputs));
        if (live && !same_parameters(*live, job.parameters)) {
            return base::fail(other_parameters(*live, target));
        }
        if (live) {
            session.reporter().note(fmt::format("{} is already {} in job {}: following it", target,
                                                model::name_of(live->status), live->id));
            return live->id;
        }
    }
    auto started = client.backfill(table.id, job.column.text(), job.parameters, table.version);
    if (!started) {
        return base::fail(about_filter(std::move(started).error(), table.id, job));
    }
    auto id = std::move(*started);
    record(session, client, pending_record(session, table, job, id));
    session.reporter().note(fmt::format("{}: job {} (manifest: {}, {})", target, id,
                                        job.decision.name.empty() ? "none" : job.decision.name,
                                        model::name_of(job.decision.origin)));
    return id;
}

base::Result<std::vector<std::string>> launch_all(Session& session, ns::Client& client,
                                                  const model::TableDescription& table,
                                                  const std::vector<Planned>& planned, bool fresh) {
    std::vector<std::string> ids;
    for (const auto& job : planned) {
        auto launched = launch(session, client, table, job, fresh);
        if (!launched) {
            auto error = std::move(launched).error();
            if (!ids.empty()) {
                error.context.push_back(fmt::format("starting {} of {} (already started: {})",
                                                    ids.size() + 1, planned.size(),
                                                    base::join(ids, ", ")));
            }
            return base::fail(std::move(error));
        }
        ids.push_back(std::move(*launched));
        remember_jobs(session, ids);
    }
    return ids;
}

model::Outcome detached(const model::TableDescription& table, const std::vector<Planned>& planned,
                        const std::vector<std::string>& ids) {
    const std::string pending(model::name_of(model::JobStatus::pending));
    std::vector<Json> items;
    model::Table rows{.headings = {"JOB", "TARGET", "STATUS"}};
    for (std::size_t i = 0; i < ids.size(); ++i) {
        auto item = versioned();
        item["job_id"] = ids[i];
        item["table"] = table.id.text();
        item["column"] = planned[i].column.text();
        item["columns"] = planned[i].outputs;
        item["status"] = pending;
        items.push_back(std::move(item));
        rows.rows.push_back({{ids[i]}, {planned[i].target(table.id)}, {pending}});
    }
    return list_outcome(items, ids, std::move(rows));
}

}  // namespace genevactl::run
