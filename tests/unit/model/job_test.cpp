// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/job.hpp"

#include "genevactl/model/decision.hpp"
#include "support/catch.hpp"

using namespace genevactl::model;
using genevactl::base::Microseconds;
using genevactl::base::WallTime;

TEST_CASE("every job status has the name that the jobs table writes") {
    struct Row {
        JobStatus status;
        std::string name;
        bool terminal;
    };
    const auto row = GENERATE(values<Row>({{JobStatus::pending, "PENDING", false},
                                           {JobStatus::running, "RUNNING", false},
                                           {JobStatus::done, "DONE", true},
                                           {JobStatus::failed, "FAILED", true},
                                           {JobStatus::cancelled, "CANCELLED", true},
                                           {JobStatus::unknown, "UNKNOWN", false}}));
    CHECK(parse_job_status(row.name) == row.status);
    CHECK(name_of(row.status) == row.name);
    CHECK(is_terminal(row.status) == row.terminal);
}

TEST_CASE("a text that is no status is unknown") {
    CHECK(parse_job_status("") == JobStatus::unknown);
    CHECK(parse_job_status("done") == JobStatus::unknown);
    CHECK(parse_job_status("PAUSED") == JobStatus::unknown);
}

TEST_CASE("a job ended when it completed, or was last updated if it failed") {
    const WallTime early{Microseconds(1)};
    const WallTime late{Microseconds(2)};
    JobRecord job;
    job.updated_at = late;
    job.status = JobStatus::running;
    CHECK_FALSE(job.ended_at());
    job.status = JobStatus::failed;
    CHECK(job.ended_at() == late);
    job.status = JobStatus::done;
    job.completed_at = early;
    CHECK(job.ended_at() == early);
}

TEST_CASE("the refresh of a view has an empty column at first and a marker later") {
    JobRecord job;
    CHECK(job.is_refresh());
    job.column = "<refresh>";
    CHECK(job.is_refresh());
    job.column = "embedding";
    CHECK_FALSE(job.is_refresh());
}

TEST_CASE("the planning that an ended job left open is not worth showing") {
    const JobMetric open{.name = "workers", .done = 0, .total = 2};
    const JobMetric planned{.name = "plan_fragments", .done = 1, .total = 1};
    const JobMetric rows{.name = "rows_checkpointed", .done = 300, .total = 878};
    for (const auto status : {JobStatus::done, JobStatus::failed, JobStatus::cancelled}) {
        CHECK_FALSE(open.worth_showing(status));
        CHECK(planned.worth_showing(status));
        CHECK(rows.worth_showing(status));
    }
    CHECK(open.worth_showing(JobStatus::running));
    CHECK_FALSE(JobMetric{.name = "x", .total = 1}.worth_showing(JobStatus::running));
}

TEST_CASE("a job's target is its table and every column that it fills") {
    JobRecord record;
    record.table = "docs";
    CHECK(record.target() == "docs");
    record.column = "width";
    CHECK(record.target() == "docs.width");
    record.output_columns = {"width"};
    CHECK(record.target() == "docs.width");
    record.output_columns = {"width", "height"};
    CHECK(record.target() == "docs.width,height");
    record.column = "<refresh>";
    CHECK(record.target() == "docs");
}

TEST_CASE("the last event is the newest, or empty") {
    JobRecord job;
    CHECK(job.last_event().empty());
    job.events = {"started", "ValueError: no"};
    CHECK(job.last_event() == "ValueError: no");
}

TEST_CASE("every origin of a manifest has a name") {
    CHECK(name_of(ManifestOrigin::override_) == "override");
    CHECK(name_of(ManifestOrigin::pinned) == "pinned");
    CHECK(name_of(ManifestOrigin::view_snapshot) == "view-snapshot");
    CHECK(name_of(ManifestOrigin::deployment_default) == "deployment-default");
    CHECK(name_of(ManifestOrigin::none) == "none");
}
