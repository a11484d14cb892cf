// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include "event_times.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using model::JobStatus;
using run::ReportedJob;

namespace {

base::WallTime at(const char* text) {
    return base::parse_rfc3339(text).value();
}

model::JobMetric rows(std::int64_t done) {
    return {.name = "rows_checkpointed", .done = done, .total = 100};
}

/// A job of three phases whose rows were seen to grow.
ReportedJob job_with_history() {
    ReportedJob job;
    job.record.id = "j-1";
    job.record.table = "docs";
    job.record.column = "embedding";
    job.record.status = JobStatus::done;
    job.record.launched_at = at("2026-11-22T10:00:00Z");
    job.record.updated_at = job.record.completed_at = at("2026-11-22T10:05:00Z");
    job.record.events = {"note", "planning", "computing\nmore", "done"};
    job.record.metrics = {rows(100)};
    const auto moment = [&](const char* time, JobStatus status, std::size_t events,
                            std::int64_t written) {
        std::vector<std::string> said(job.record.events.begin(),
                                      job.record.events.begin() + std::ptrdiff_t(events));
        job.history.push_back({at(time), status, said, {rows(written)}});
    };
    moment("2026-11-22T10:00:00Z", JobStatus::pending, 1, 0);
    moment("2026-11-22T10:01:00Z", JobStatus::running, 2, 0);
    moment("2026-11-22T10:02:00Z", JobStatus::running, 3, 0);
    moment("2026-11-22T10:03:00Z", JobStatus::running, 3, 40);
    moment("2026-11-22T10:05:00Z", JobStatus::done, 4, 100);
    return job;
}

}  // namespace

TEST_CASE("a job's phases begin with its events") {
    const auto job = job_with_history();
    const auto phases = run::phases_of(job, at("2026-11-22T12:00:00Z"));
    REQUIRE(phases.size() == 4);
    CHECK(phases[0].name == "note");
    CHECK(phases[1].name == "planning");
    CHECK(phases[2].name == "computing");
    CHECK(phases[2].begin == at("2026-11-22T10:02:00Z"));
    CHECK(phases[2].end == at("2026-11-22T10:05:00Z"));
    CHECK(phases[3].end == phases[3].begin);
}

TEST_CASE("without a history a job is one phase, from launch to end") {
    auto job = job_with_history();
    job.history.clear();
    auto phases = run::phases_of(job, at("2026-11-22T12:00:00Z"));
    REQUIRE(phases.size() == 1);
    CHECK(phases[0].name == "DONE");
    CHECK(phases[0].end == at("2026-11-22T10:05:00Z"));
    job.record.status = JobStatus::running;
    phases = run::phases_of(job, at("2026-11-22T12:00:00Z"));
    CHECK(phases[0].end == at("2026-11-22T12:00:00Z"));
    CHECK(run::rows_over_time(job).empty());
}

TEST_CASE("of events that the oldest version has already nobody knows the time") {
    auto job = job_with_history();
    job.history.erase(job.history.begin(), job.history.begin() + 2);
    const auto times = run::event_times(job.record, job.history);
    CHECK_FALSE(times[0]);
    CHECK_FALSE(times[2]);
    CHECK(times[3] == at("2026-11-22T10:05:00Z"));
}

TEST_CASE("rows over time are those that were seen, and none where none were counted") {
    auto job = job_with_history();
    const auto seen = run::rows_over_time(job);
    REQUIRE(seen.size() == 5);
    CHECK(seen[3].rows == 40);
    for (auto& moment : job.history) {
        moment.metrics.clear();
    }
    CHECK(run::rows_over_time(job).empty());
}

TEST_CASE("text on a page is no markup") {
    CHECK(run::html("<a href=\"x\" title='y'>&\x1b[31m</a>") ==
          "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;&lt;/a&gt;");
    run::Report report{.title = "<i>docs</i>"};
    report.jobs.push_back(job_with_history());
    report.jobs.front().record.events[1] = "<script>x</script>";
    report.jobs.front().history[1].events[1] = "<script>x</script>";
    report.now = at("2026-11-22T12:00:00Z");
    report.errors = {{.type = "<b>", .message = "<i>", .count = 1, .rows = {"0/1"}}};
    const auto page = run::report_page(report);
    for (const char* markup : {"<script", "<i>", "<b>"}) {
        CHECK(page.find(markup) == std::string::npos);
    }
    CHECK(page.find("&lt;script&gt;") != std::string::npos);
}

TEST_CASE("many failures of the same sort are one group, and too many sorts are one too") {
    run::ErrorGroups groups;
    for (int i = 0; i < 3000; ++i) {
        model::RowError error;
        error.error_type = "ValueError";
        error.message = i % 2 == 0 ? "same" : "row " + std::to_string(i);
        error.row_address = (std::int64_t{1} << 32) + i;
        groups.add(error);
    }
    const auto sorted = groups.groups();
    CHECK(groups.count() == 3000);
    CHECK(sorted.size() == run::ErrorGroups::k_most + 1);
    CHECK(sorted[0].message == "same");
    CHECK(sorted[0].count == 1500);
    CHECK(sorted[0].rows == std::vector<std::string>{"1/0", "1/2", "1/4", "1/6", "1/8"});
    CHECK(sorted.back().count == 3000 - 1500 - 999);
}
