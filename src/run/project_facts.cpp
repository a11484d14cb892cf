// SPDX-License-Identifier: Apache-2.0
#include "project_facts.hpp"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "genevactl/base/parallel.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/job_pages.hpp"
#include "inputs.hpp"
#include "live_job.hpp"
#include "planned.hpp"
#include "project_transforms.hpp"
#include "tables_below.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

constexpr unsigned k_descriptions_at_once = 8;
constexpr std::string_view k_view_column;  // the jobs table's column of a refresh is empty

/// Does --select leave nothing of the file? With --prune it may name what the file has not.
base::Status check_chosen(const project::File& chosen, const ProjectChoice& choice) {
    if (choice.select.empty() || choice.prune || !chosen.columns.empty() || !chosen.views.empty()) {
        return {};
    }
    return base::fail(base::ErrorKind::not_found,
                      fmt::format("the file has no column or view that --select {} names",
                                  base::join(choice.select, ", --select ")),
                      "the names are those of the file: docs.embedding, docs.*, chunks");
}

/// The entries of the file that --select leaves.
base::Result<project::File> chosen_of(const project::File& file,
                                      const std::vector<std::string>& globs) {
    auto chosen = file;
    std::erase_if(chosen.columns, [&](const auto& entry) { return !selects(globs, entry.text()); });
    std::erase_if(chosen.views,
                  [&](const auto& entry) { return !selects(globs, entry.name.text()); });
    return chosen;
}

base::Result<std::map<std::string, BuiltManifest>> manifests_of(Session& session,
                                                                const project::File& chosen) {
    std::set<std::string> needed;
    for (const auto& column : chosen.columns) {
        if (column.manifest) needed.insert(*column.manifest);
    }
    for (const auto& view : chosen.views) {
        if (view.manifest) needed.insert(*view.manifest);
    }
    std::map<std::string, BuiltManifest> built;
    for (const auto& name : needed) {
        const auto* entry = chosen.manifest(name);
        if (entry == nullptr) {
            return base::fail(ErrorKind::usage, fmt::format("there is no manifest {}", name));
        }
        auto one = build_manifest(session, *entry, Upload::no);
        if (!one) {
            return base::fail(std::move(one).error().while_doing(
                fmt::format("making manifest {} ({})", name, entry->origin.text())));
        }
        built.emplace(name, std::move(*one));
    }
    return built;
}

/// Every table of the database with its schema. One that is dropped meanwhile is none.
base::Result<std::map<std::string, model::TableDescription>> tables_of(Session& session,
                                                                       ns::Client& client) {
    std::vector<model::ObjectId> ids;
    GENEVACTL_CHECK(collect_tables(client, {}, true, ids));
    std::map<std::string, model::TableDescription> tables;
    std::mutex mutex;
    const auto look = [&](std::size_t index) -> base::Status {
        auto table = client.describe_table(ids[index]);
        if (!table && table.error().kind == ErrorKind::not_found) return {};
        if (!table) return base::fail(std::move(table).error());
        const std::scoped_lock lock(mutex);
        tables.emplace(ids[index].text(), std::move(*table));
        return {};
    };
    if (auto looked = base::for_each_in_parallel(ids.size(), k_descriptions_at_once,
                                                 *session.surroundings().interrupt, look);
        !looked) {
        return base::fail(std::move(looked).error().while_doing("reading the tables"));
    }
    for (auto& [name, table] : tables) {
        GENEVACTL_TRY(table.id, model::ObjectId::parse(name));
    }
    return tables;
}

/// A record that nobody writes any more is no job that goes on.
bool is_abandoned(Session& session, const model::JobRecord& record) {
    const auto now = session.surroundings().clock->now();
    if (!is_stale(record, now, session.settings().stale_after.value)) {
        return false;
    }
    session.reporter().warn(
        fmt::format("job {} says {} and was not updated for {}: it is left aside", record.id,
                    model::name_of(record.status),
                    base::format_duration(now - *last_update(record))),
        fmt::format("genevactl job show {}", record.id));
    return true;
}

base::Result<std::vector<model::JobRecord>> jobs_of(Session& session, ns::Client& client,
                                                    const model::ObjectId& table,
                                                    const std::set<std::string>& columns) {
    const ns::JobFilter filter{.table = table.parts.back(),
                               .columns = {columns.begin(), columns.end()}};
    std::vector<model::JobRecord> jobs;
    GENEVACTL_TRY(auto pages, ns::JobPages::open(client, filter, ns::JobDetail::parameters));
    while (true) {
        GENEVACTL_TRY(const auto page, pages.next());
        for (std::size_t i = 0; i < page.size(); ++i) {
            auto record = page.record(i);
            if (is_of_table(record, table) && !is_abandoned(session, record)) {
                jobs.push_back(std::move(record));
            }
        }
        if (page.empty()) {
            return jobs;
        }
    }
}

/// The jobs of what the file names and the deployment has.
base::Status look_for_jobs(Session& session, ns::Client& client, const plan::Wanted& wanted,
                           plan::Seen& seen) {
    std::map<std::string, std::set<std::string>> columns;
    for (const auto& column : wanted.columns) {
        columns[column.table.text()].insert(column.columns.begin(), column.columns.end());
    }
    for (const auto& view : wanted.views) {
        columns[view.name.text()].emplace(k_view_column);
    }
    for (const auto& [name, of_table] : columns) {
        const auto table = seen.tables.find(name);
        if (table != seen.tables.end()) {
            GENEVACTL_TRY(seen.jobs[name], jobs_of(session, client, table->second.id, of_table));
        }
    }
    return {};
}

plan::Options options_of(const project::File& file, const ProjectChoice& choice) {
    plan::Options options{.prune = choice.prune};
    for (const auto& column : file.columns) {
        options.listed.insert(column.text());
    }
    for (const auto& view : file.views) {
        options.listed.insert(view.name.text());
    }
    options.selects = [globs = choice.select](const std::string& name) {
        return selects(globs, name);
    };
    return options;
}

/// Rows of the job, where one query tells.
base::Result<std::optional<std::int64_t>> rows_of_backfill(ns::Client& client,
                                                           const plan::Step& step,
                                                           const model::TableDescription& table) {
    if (step.where || step.recompute) {
        auto counted = client.count_rows(table.id, step.where);
        if (!counted) {
            return base::fail(std::move(counted).error().while_doing(
                fmt::format("counting the rows of {}", step.target())));
        }
        return *counted;
    }
    const auto* field = table.schema.find(step.columns.front());
    std::optional<std::string> filter;
    if (field != nullptr && !base::starts_with(field->type, "struct")) {
        filter = model::FieldPath{{step.columns.front()}}.quoted() + " IS NULL";
    }
    GENEVACTL_TRY(const auto counted, client.count_rows(table.id, filter));
    return counted;
}

bool makes(const plan::Plan& plan, const model::ObjectId& view) {
    return std::ranges::any_of(plan.steps, [&](const plan::Step& step) {
        return step.action == plan::Action::recreate_view && step.table == view;
    });
}

base::Status add_costs(ns::Client& client, const plan::Seen& seen, plan::Plan& plan) {
    for (auto& step : plan.steps) {
        const auto table = seen.tables.find(step.table.text());
        if (table == seen.tables.end()) {
            continue;
        }
        if (step.action == plan::Action::backfill && !makes(plan, step.table)) {
            GENEVACTL_TRY(step.rows, rows_of_backfill(client, step, table->second));
        } else if (step.action == plan::Action::recreate_view ||
                   step.action == plan::Action::drop_view) {
            GENEVACTL_TRY(step.rows, client.count_rows(step.table));
        }
    }
    return {};
}

}  // namespace

bool selects(const std::vector<std::string>& globs, const std::string& name) {
    return globs.empty() || std::ranges::any_of(globs, [&](const std::string& glob) {
               return plan::matches(glob, name);
           });
}

base::Result<ProjectFacts> gather_project(Session& session, project::File file,
                                          const ProjectChoice& choice) {
    ProjectFacts facts{.file = std::move(file)};
    facts.options = options_of(facts.file, choice);
    GENEVACTL_TRY(const auto chosen, chosen_of(facts.file, choice.select));
    GENEVACTL_CHECK(check_chosen(chosen, choice));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(facts.seen.tables, tables_of(session, *client));
    GENEVACTL_TRY(facts.manifests, manifests_of(session, chosen));
    GENEVACTL_TRY(facts.wanted, wanted_of(session, chosen, facts.manifests, facts.seen));
    GENEVACTL_CHECK(look_for_jobs(session, *client, facts.wanted, facts.seen));
    return facts;
}

base::Result<plan::Plan> plan_of(Session& session, const ProjectFacts& facts) {
    auto plan = plan::make(facts.wanted, facts.seen, facts.options);
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_CHECK(add_costs(*client, facts.seen, plan));
    return plan;
}

}  // namespace genevactl::run
