// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "decide.hpp"
#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"
#include "live_job.hpp"
#include "wait.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

constexpr std::string_view k_every_row = "1=1";
constexpr std::string_view k_struct_prefix = "struct";

/// One column of the request with everything that was found out before anything is sent.
struct Planned {
    model::FieldPath column;
    model::ColumnSnapshot snapshot;
    model::Decision decision;
    model::BackfillParameters parameters;
    bool is_struct = false;
};

base::Status check(const Backfill& request) {
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

base::Result<std::vector<Planned>> plan(ns::Client& client, const model::TableDescription& table,
                                        const Backfill& request) {
    std::vector<Planned> planned;
    for (const auto& name : request.columns) {
        Planned job;
        GENEVACTL_TRY(job.column, model::FieldPath::parse(name));
        GENEVACTL_TRY(job.snapshot, computed_column(table, job.column));
        GENEVACTL_TRY(job.decision,
                      decide_for_column(client, table, job.column, request.parameters.manifest));
        job.parameters = request.parameters;
        if (request.force) {
            job.parameters.where = k_every_row;
        }
        job.is_struct = base::starts_with(table.schema.find(job.column)->type, k_struct_prefix);
        planned.push_back(std::move(job));
    }
    return planned;
}

/// The rows that the engine will compute: those of `where`, else those that are null (a struct is
/// never null there: all of them).
std::optional<std::string> filter_of(const Planned& job) {
    if (job.parameters.where) {
        return job.parameters.where == k_every_row ? std::nullopt : job.parameters.where;
    }
    if (job.is_struct) {
        return std::nullopt;
    }
    return fmt::format("{} IS NULL", job.column.text());
}

/// What the deployment says of a filter that it cannot read, with where to look.
base::Error about_filter(base::Error error, const std::string& table, const Planned& job) {
    constexpr int k_invalid_input = 13;  // of the API's error codes
    if (job.parameters.where && error.api_code == k_invalid_input && error.hint.empty()) {
        error.hint =
            fmt::format("check --where {}; `genevactl column list {}` names the columns",
                        base::shell_quote(*job.parameters.where), base::shell_quote(table));
    }
    return error;
}

Answer dry_run(ns::Client& client, const model::TableDescription& table,
               const std::vector<Planned>& planned) {
    auto document = versioned();
    document["table"] = table.id.text();
    document["dry_run"] = true;
    document["jobs"] = Json::array();
    model::Outcome outcome;
    for (const auto& job : planned) {
        const auto counted = client.count_rows(table.id, filter_of(job));
        if (!counted) {
            return base::fail(about_filter(counted.error(), table.id.text(), job));
        }
        const auto rows = *counted;
        auto entry = to_json(job.decision);
        entry["column"] = job.column.text();
        entry["rows"] = rows;
        entry["where"] = job.parameters.where ? Json(*job.parameters.where) : Json(nullptr);
        document["jobs"].push_back(std::move(entry));
        const auto target = table.id.text() + "." + job.column.text();
        outcome.names.push_back(target);
        outcome.blocks.emplace_back(model::Text{
            {fmt::format("{}: {} would be computed", target, base::plural(rows, "row"))}});
        for (auto& block : blocks_of(job.decision)) {
            outcome.blocks.push_back(std::move(block));
        }
    }
    outcome.document = dump(document);
    return outcome;
}

model::JobRecord pending_record(const Session& session, const model::TableDescription& table,
                                const Planned& job, const std::string& id) {
    model::JobRecord record{.id = id,
                            .table = table.id.text(),
                            .column = job.column.text(),
                            .type = "BACKFILL",
                            .status = model::JobStatus::pending};
    record.launched_at = session.surroundings().clock->now();
    record.updated_at = record.launched_at;
    record.config = "{}";
    record.input_columns = job.snapshot.inputs;
    record.output_columns = {job.column.text()};
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

/// The id of the job for a column: that of one that runs with the same parameters, or a new one.
base::Result<std::string> launch(Session& session, ns::Client& client,
                                 const model::TableDescription& table, const Planned& job,
                                 bool fresh) {
    const auto target = table.id.text() + "." + job.column.text();
    if (!fresh) {
        GENEVACTL_TRY(auto live,
                      find_live_job(session, client, table.id.parts.back(), job.column.text()));
        if (live && !same_parameters(*live, job.parameters)) {
            return base::fail(
                ErrorKind::conflict,
                fmt::format("job {} of {} is {} with other parameters", live->id, target,
                            model::name_of(live->status)),
                fmt::format("wait for it (genevactl job wait {0}), cancel it (genevactl job cancel "
                            "{0}), or start another one with --new",
                            live->id));
        }
        if (live) {
            session.reporter().note(fmt::format("{} is already {} in job {}: following it", target,
                                                model::name_of(live->status), live->id));
            return live->id;
        }
    }
    auto started = client.backfill(table.id, job.column.text(), job.parameters, table.version);
    if (!started) {
        return base::fail(about_filter(std::move(started).error(), table.id.text(), job));
    }
    auto id = std::move(*started);
    record(session, client, pending_record(session, table, job, id));
    session.reporter().note(fmt::format("{}: job {} (manifest: {}, {})", target, id,
                                        job.decision.name.empty() ? "none" : job.decision.name,
                                        model::name_of(job.decision.origin)));
    return id;
}

Answer detached(const model::TableDescription& table, const std::vector<Planned>& planned,
                const std::vector<std::string>& ids) {
    std::vector<Json> items;
    model::Table rows{.headings = {"JOB", "TARGET", "STATUS"}};
    for (std::size_t i = 0; i < ids.size(); ++i) {
        auto item = versioned();
        item["job_id"] = ids[i];
        item["table"] = table.id.text();
        item["column"] = planned[i].column.text();
        item["status"] = model::name_of(model::JobStatus::pending);
        items.push_back(std::move(item));
        rows.rows.push_back({{ids[i]},
                             {table.id.text() + "." + planned[i].column.text()},
                             {std::string(model::name_of(model::JobStatus::pending))}});
    }
    return list_outcome(items, ids, std::move(rows));
}

}  // namespace

Answer backfill(Session& session, const Backfill& request) {
    GENEVACTL_TRY(auto id, model::ObjectId::parse(request.table));
    GENEVACTL_CHECK(check(request));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto table, describe(*client, id));
    GENEVACTL_TRY(auto planned, plan(*client, table, request));
    if (request.dry_run) {
        return dry_run(*client, table, planned);
    }
    std::vector<std::string> ids;
    for (const auto& job : planned) {
        auto launched = launch(session, *client, table, job, request.fresh);
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
    if (request.waiting.detach) {
        return detached(table, planned, ids);
    }
    GENEVACTL_TRY(auto waited, wait_for_jobs(session, *client, ids, request.waiting));
    return outcome_of(waited);
}

}  // namespace genevactl::run
