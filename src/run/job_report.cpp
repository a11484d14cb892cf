// SPDX-License-Identifier: Apache-2.0
// What goes into the page of `job report`, gathered from the deployment.
#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/json.hpp"
#include "genevactl/namespace/job_lookup.hpp"
#include "genevactl/namespace/job_pages.hpp"
#include "genevactl/namespace/row_error_pages.hpp"
#include "genevactl/run/jobs.hpp"
#include "inputs.hpp"
#include "live_job.hpp"
#include "manifest_out.hpp"
#include "report.hpp"

namespace genevactl::run {

using base::ErrorKind;
using model::JobRecord;

namespace {

constexpr std::size_t k_report_looks = 96;       // at versions of the jobs table
constexpr std::int64_t k_most_jobs = 500;        // on the page of a table
constexpr std::int64_t k_most_errors = 100'000;  // read in all
constexpr std::size_t k_most_failed_jobs = 20;   // of a table, whose errors are read

/// Reads the failures of a job into groups; says whether all were read.
base::Result<bool> add_errors(ns::Client& client, const std::string& id, ErrorGroups& groups) {
    GENEVACTL_TRY(auto pages, ns::RowErrorPages::open(client, id));
    while (groups.count() < k_most_errors) {
        GENEVACTL_TRY(const auto errors, pages.next());
        for (const auto& error : errors) {
            groups.add(error);
        }
        if (errors.empty()) return true;
    }
    return false;
}

base::Status read_errors(ns::Client& client, Report& report) {
    ErrorGroups groups;
    std::size_t read = 0;
    bool whole = true;
    for (const auto& job : report.jobs) {
        if (report.of_table && job.record.status != model::JobStatus::failed) continue;
        if (read++ == k_most_failed_jobs || !whole) {
            report.errors_note = fmt::format("Read of the newest {} alone.",
                                             base::plural(k_most_failed_jobs, "FAILED job"));
            break;
        }
        GENEVACTL_TRY(whole, add_errors(client, job.record.id, groups));
    }
    if (!whole) {
        report.errors_note = fmt::format("There are more than {}: the rest was not read.",
                                         base::group_digits(k_most_errors));
    } else if (report.of_table && report.errors_note.empty()) {
        report.errors_note =
            fmt::format("{} of FAILED jobs; a job that skipped rows has its own report.",
                        groups.count() == 0 ? "None are recorded" : "Those");
    }
    report.errors = groups.groups();
    report.error_count = groups.count();
    return {};
}

/// Every manifest that the job can have run with and that the deployment still has.
std::vector<model::PinnedManifest> candidates(ns::Client& client, const JobRecord& record) {
    std::vector<model::PinnedManifest> found;
    const auto add = [&](const std::optional<model::PinnedManifest>& manifest) {
        if (manifest) found.push_back(*manifest);
    };
    if (const auto table = client.describe_table(table_of(record))) {
        add(model::view_manifest(table->schema));
        for (const auto& field : table->schema.fields) {
            if (const auto snapshot = model::column_snapshot(field)) add(snapshot->manifest);
        }
    }
    if (const auto named = client.named_manifest(record.manifest_id)) add(*named);
    if (const auto fallback = client.default_manifest()) add(fallback->manifest);
    return found;
}

void add_manifest(ns::Client& client, const JobRecord& record, Report& report) {
    if (record.manifest_id.empty()) {
        report.manifest_note = "The record names none: the job ran with geneva alone.";
        return;
    }
    for (const auto& candidate : candidates(client, record)) {
        if (candidate.checksum != record.manifest_checksum) continue;
        if (const auto parsed = manifest::from_json(candidate.json, false)) {
            report.manifest = described(parsed->manifest);
            return;
        }
    }
    report.manifest_note = fmt::format(
        "{}@{}: the deployment keeps this content no more (the target was registered "
        "anew since, or the manifest was given for this job alone).",
        record.manifest_id, record.manifest_checksum);
}

base::Result<Report> report_of_job(ns::Client& client, JobRecord record) {
    Report report{.title = record.target()};
    GENEVACTL_TRY(auto history, ns::job_history(client, record, k_report_looks));
    add_manifest(client, record, report);
    report.jobs.push_back({std::move(record), std::move(history)});
    return report;
}

/// The newest jobs of a table, whole.
base::Result<Report> report_of_table(ns::Client& client, const model::ObjectId& table) {
    Report report{.title = table.text(), .of_table = true};
    const ns::JobFilter filter{.table = table.parts.back()};
    GENEVACTL_TRY(auto pages,
                  ns::JobPages::open(client, filter, ns::JobDetail::listing, k_most_jobs + 1));
    std::vector<std::string> ids;
    while (true) {
        GENEVACTL_TRY(const auto page, pages.next());
        if (page.empty()) break;
        for (std::size_t i = 0; i < page.size(); ++i) {
            ids.push_back(page.record(i).id);
        }
    }
    report.more_jobs = std::ssize(ids) > k_most_jobs;
    if (report.more_jobs) ids.resize(k_most_jobs);
    GENEVACTL_TRY(auto records, ns::find_jobs(client, ids));
    std::ranges::sort(records, std::greater<>(), &JobRecord::launched_at);
    for (auto& record : records) {
        report.jobs.push_back({std::move(record)});
    }
    return report;
}

base::Result<Report> gather_report(ns::Client& client, const std::string& what) {
    GENEVACTL_TRY(auto record, client.find_job(what));
    if (record) return report_of_job(client, std::move(*record));
    const auto neither = [&] {
        return base::fail(ErrorKind::not_found,
                          fmt::format("there is no job {0}, and no job of a table {0}", what),
                          "`genevactl job list` shows the jobs and their targets");
    };
    const auto table = model::ObjectId::parse(what);
    if (!table) return neither();
    GENEVACTL_TRY(auto report, report_of_table(client, *table));
    if (report.jobs.empty()) return neither();
    return report;
}

}  // namespace

Answer job_report(Session& session, const JobReport& request) {
    GENEVACTL_TRY(auto* client, session.client());
    session.reporter().step("reading jobs, their history and errors");
    GENEVACTL_TRY(auto report, gather_report(*client, request.what));
    report.now = session.surroundings().clock->now();
    report.database = "db://" + client->connection().database;
    GENEVACTL_CHECK(read_errors(*client, report));
    session.reporter().finish();
    GENEVACTL_CHECK(
        base::write_atomic(from_working_directory(session, request.html), report_page(report)));
    auto document = versioned();
    document["path"] = request.html.string();
    document["jobs"] = Json::array();
    for (const auto& job : report.jobs) {
        document["jobs"].push_back(job.record.id);
    }
    document["errors"] = report.error_count;
    return outcome_of(document, request.html.string(),
                      {model::Text{{fmt::format("{}: {}", request.html.string(),
                                                base::plural(std::ssize(report.jobs), "job"))}}});
}

}  // namespace genevactl::run
