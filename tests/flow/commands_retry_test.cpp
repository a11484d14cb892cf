// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>

#include "flow/commands.hpp"

using namespace genevactl;
using namespace genevactl::test;
using model::JobStatus;
using namespace std::chrono_literals;

namespace {

const Words k_retry = {"backfill", "--retry-failed", "job-1"};

/// A deployment with a job of docs.embedding that has ended, and the failures of its rows.
struct RetryScene : Scene {
    explicit RetryScene(const std::string& errors = "failed_rows.arrow",
                        JobStatus status = JobStatus::done) {
        deployment.add_job("job-1", status);
        deployment.row_errors["job-1"] = arrow_fixture(errors);
        deployment.rows = 2;
    }

    std::string where(std::size_t job = 0) const {
        return deployment.bodies("backfill_column").at(job)["where"].get<std::string>();
    }
};

}  // namespace

TEST_CASE("a retry computes the rows that failed in a job and are still empty",
          "[flow][commands]") {
    RetryScene scene;
    const auto ran = scene.run(k_retry);
    CHECK(ran.code == 0);
    CHECK(tells(ran.out, "job-new"));
    CHECK(tells(ran.err, "docs.embedding: 2 of 3 failed rows of job job-1"));
    CHECK(tells(ran.err, "warning: 1 error of job job-1 names no row"));
    CHECK(tells(ran.err, "ValueError: no such word"));
    REQUIRE(scene.deployment.changes() == Words{"POST /v1/table/docs/backfill_column"});
    CHECK(scene.deployment.bodies("backfill_column").at(0)["column"] == "embedding");
    const std::string rows = "_rowaddr IN (3,8,4294967302) AND embedding IS NULL";
    CHECK(scene.where().rfind(rows + " AND 'genevactl retry ", 0) == 0);
    CHECK(scene.deployment.bodies("count_rows").at(0)["predicate"] == scene.where());

    scene.user.clock.sleep_for(1s);
    CHECK(scene.run(with(k_retry, {"docs", "embedding"})).code == 0);
    CHECK(scene.where(1).rfind(rows, 0) == 0);
    CHECK(scene.where(1) != scene.where(0));  // the same text again would compute nothing
}

TEST_CASE("a retry of a job without failed rows starts nothing", "[flow][commands]") {
    SECTION("none failed") {
        RetryScene scene("none.arrow");
        const auto ran = scene.run(k_retry);
        CHECK(ran.code == 0);
        CHECK(ran.out == "job job-1 has no failed rows: nothing to compute again\n");
        CHECK(scene.run(with(k_retry, {"-o", "json"})).out == "[]\n");
        CHECK(scene.deployment.changes().empty());
    }
    SECTION("the job failed as a whole") {
        RetryScene scene("failed_batch.arrow", JobStatus::failed);
        const auto ran = scene.run(k_retry);
        CHECK(ran.code == 0);
        CHECK(tells(ran.out, "no failed rows"));
        CHECK(tells(ran.err, "2 errors of job job-1 name no row"));
        CHECK(tells(ran.err, "try: genevactl backfill docs embedding"));
        const auto errors = scene.run({"job", "errors", "job-1"});
        CHECK(tells(errors.out, "compute what is left: `genevactl backfill docs embedding`"));
        CHECK(scene.deployment.changes().empty());
    }
    SECTION("all were computed since") {
        RetryScene scene;
        scene.deployment.rows = 0;
        const auto ran = scene.run(k_retry);
        CHECK(ran.code == 0);
        CHECK(ran.out ==
              "0 of 3 failed rows of job job-1 are still empty: nothing to compute again\n");
        CHECK(scene.deployment.changes().empty());
    }
}

TEST_CASE("a dry run of a retry shows the rows and starts nothing", "[flow][commands]") {
    RetryScene scene;
    const auto ran = scene.run(with(k_retry, {"--dry-run"}));
    CHECK(ran.code == 0);
    CHECK(tells(ran.out, "2 of 3 failed rows of job job-1 are still empty"));
    CHECK(tells(ran.out, "4294967302  ValueError  no such word"));
    const auto document = scene.run(with(k_retry, {"--dry-run", "-o", "json"})).document();
    CHECK(document["retry_of"] == "job-1");
    CHECK(document["failed_rows"] == 3);
    CHECK(document["row_addresses"] == nlohmann::json({3, 8, 4294967302}));
    CHECK(document["jobs"][0]["rows"] == 2);
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("a retry is of the job's own table and column", "[flow][commands]") {
    RetryScene scene;
    scene.deployment.add_job("job-view", JobStatus::done).column = "";
    scene.deployment.add_job("job-live", JobStatus::running);
    const auto fails = [&](const Words& words, int code, const std::string& message) {
        const auto ran = scene.run(with({"backfill", "--retry-failed"}, words));
        CAPTURE(message, ran.err);
        CHECK(ran.code == code);
        CHECK(tells(ran.err, message));
    };
    fails({"job-1", "other"}, 2, "job job-1 is of table docs, not of other");
    fails({"job-1", "docs", "length"}, 2, "job job-1 is of docs.embedding, not of docs.length");
    fails({"job-1", "--force"}, 2, "--where and --force exclude it");
    fails({"job-1", "--where", "id > 1"}, 2, "--where and --force exclude it");
    fails({"job-none"}, 5, "there is no job job-none");
    fails({"job-view"}, 2, "is the refresh of view docs");
    fails({"job-live"}, 6, "job job-live is RUNNING");
    CHECK(scene.run({"backfill"}).code == 2);
    CHECK(scene.run({"backfill", "docs"}).code == 2);
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("asking for a retry twice follows the one that runs", "[flow][commands]") {
    RetryScene scene;
    scene.deployment.status_of_new_jobs = JobStatus::running;
    CHECK(scene.run(with(k_retry, {"--detach"})).code == 0);
    scene.deployment.find_job("job-new")->config =
        nlohmann::json({{"where", scene.where()}}).dump();
    scene.user.clock.sleep_for(1s);
    const auto again = scene.run(with(k_retry, {"--detach", "-o", "name"}));
    CHECK(again.code == 0);
    CHECK(again.out == "job-new\n");
    CHECK(scene.deployment.bodies("backfill_column").size() == 1);
}

TEST_CASE("more failed rows than one filter holds are several jobs, one after the other",
          "[flow][commands]") {
    RetryScene scene("many_failed_rows.arrows");
    const auto detached = scene.run(with(k_retry, {"--detach"}));
    CHECK(detached.code == 2);
    CHECK(tells(detached.err, "need 2 jobs, one after the other"));
    CHECK(scene.deployment.changes().empty());

    const auto ran = scene.run(with(k_retry, {"-o", "name"}));
    CHECK(ran.code == 0);
    CHECK(ran.out == "job-new\njob-new+\n");
    CHECK(scene.where(0).size() <= 65536);
    CHECK(scene.where(1).size() <= 65536);
    const auto commas = [](const std::string& text) { return std::ranges::count(text, ','); };
    CHECK(commas(scene.where(0)) + commas(scene.where(1)) == 3498);

    scene.deployment.status_of_new_jobs = JobStatus::failed;
    const auto failed = scene.run(k_retry);
    CHECK(failed.code == 10);
    CHECK(tells(failed.err, "the other 1 job of this retry were not started"));
    CHECK(scene.deployment.bodies("backfill_column").size() == 3);
}
