// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "flow/commands.hpp"

using namespace genevactl;
using namespace genevactl::test;
using model::JobStatus;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

const Words k_backfill = {"backfill", "docs", "embedding"};

/// docs.width and docs.height, which one transform computes.
void add_siblings(Scene& scene) {
    for (const auto* name : {"width", "height"}) {
        auto field = computed_field(name, "size");
        field["metadata"]["virtual_column.unpack_group"] = "size-1";
        scene.deployment.tables["docs"]["schema"]["fields"].push_back(std::move(field));
    }
}

}  // namespace

TEST_CASE("a backfill sends what the Python client sends and waits for the end",
          "[flow][commands]") {
    Scene scene;
    scene.deployment.status_of_new_jobs = JobStatus::pending;
    scene.deployment.on_look = [&](int look) {
        if (auto* job = scene.deployment.find_job("job-new"); job != nullptr && look > 3) {
            job->status = look > 5 ? JobStatus::done : JobStatus::running;
        }
    };
    const auto ran = scene.run(k_backfill);
    CHECK(ran.code == 0);
    CHECK(tells(ran.out, "DONE"));
    CHECK(tells(ran.err, "docs.embedding: job job-new (manifest: none, "));
    CHECK(tells(ran.err, "job-new docs.embedding RUNNING"));
    CHECK_FALSE(scene.user.clock.sleeps.empty());
    REQUIRE(scene.deployment.changes() == Words{"POST /v1/table/docs/backfill_column"});
    check_golden("backfill_request.json",
                 scene.deployment.bodies("backfill_column").at(0).dump(2) + "\n");
    for (const auto& request : scene.deployment.server.requests()) {
        if (request.path.find("backfill_column") != std::string::npos) {
            CHECK(request.header("x-lancedb-min-read-version") == "12");
        }
    }
}

TEST_CASE("every option of a backfill reaches its request", "[flow][commands]") {
    Scene scene;
    scene.deployment.instead = [](const HttpRequest& request) -> std::optional<HttpResponse> {
        if (request.path.find("geneva_manifests") == std::string::npos) return std::nullopt;
        return HttpResponse{.body = arrow_fixture("manifests.arrow")};
    };
    const auto ran = scene.run(with(k_backfill, {"--where",
                                                 "title = 'a'",
                                                 "--concurrency",
                                                 "3",
                                                 "--min-checkpoint-size",
                                                 "4",
                                                 "--max-checkpoint-size",
                                                 "5",
                                                 "--checkpoint-size",
                                                 "6",
                                                 "--task-size",
                                                 "7",
                                                 "--num-frags",
                                                 "8",
                                                 "--read-version",
                                                 "9",
                                                 "--commit-granularity",
                                                 "10",
                                                 "--intra-applier-concurrency",
                                                 "11",
                                                 "--checkpoint-flush-interval",
                                                 "1m30s",
                                                 "--cluster",
                                                 "big",
                                                 "--manifest",
                                                 "mani"}));
    CHECK(ran.code == 0);
    const auto body = json::parse(scene.deployment.bodies("backfill_column").at(0).dump());
    CHECK(body == json::parse(R"({"id":["docs"],"column":"embedding","where":"title = 'a'",
        "concurrency":3,"intra_applier_concurrency":11,"min_checkpoint_size":4,
        "max_checkpoint_size":5,"batch_checkpoint_flush_interval_seconds":90.0,"read_version":9,
        "task_size":7,"num_frags":8,"checkpoint_size":6,"commit_granularity":10,"cluster":"big",
        "manifest":"mani"})"));
    CHECK(tells(ran.err, "(manifest: mani, override)"));
    CHECK(scene.run(with(k_backfill, {"--force", "--detach"})).code == 0);
    CHECK(scene.deployment.bodies("backfill_column").at(1)["where"] == "1=1");
}

TEST_CASE("a dry run of a backfill tells the rows and the manifest and sends only reads",
          "[flow][commands]") {
    Scene scene;
    const auto ran = scene.run(with(k_backfill, {"--dry-run", "-o", "json"}));
    CHECK(ran.code == 0);
    CHECK(ran.document()["jobs"][0]["rows"] == 7);
    CHECK(ran.document()["jobs"][0]["where"].is_null());
    CHECK(ran.document()["jobs"][0]["candidates"].size() == 5);
    CHECK(scene.deployment.bodies("count_rows").at(0)["predicate"] == "embedding IS NULL");
    check_golden("backfill_dry_run.txt", scene.run(with(k_backfill, {"--dry-run"})).out);
    scene.run(with(k_backfill, {"--dry-run", "--force"}));
    CHECK_FALSE(scene.deployment.bodies("count_rows").at(2).contains("predicate"));
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("asking twice follows the job that runs", "[flow][commands]") {
    Scene scene;
    scene.deployment.add_job("job-old", JobStatus::running);
    scene.deployment.on_look = [&](int look) {
        if (look > 2) scene.deployment.find_job("job-old")->status = JobStatus::done;
    };
    const auto ran = scene.run(k_backfill);
    CHECK(ran.code == 0);
    CHECK(tells(ran.err, "docs.embedding is already RUNNING in job job-old: following it"));
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("a job that runs with other parameters is a conflict", "[flow][commands]") {
    Scene scene;
    scene.deployment.add_job("job-old", JobStatus::pending).config = R"({"where":"a > 1"})";
    const auto ran = scene.run(k_backfill);
    CHECK(ran.code == 6);
    CHECK(tells(ran.err, "job job-old of docs.embedding is PENDING with other parameters"));
    CHECK(tells(ran.err, "genevactl job wait job-old"));
    CHECK(tells(ran.err, "--new"));
    CHECK(scene.deployment.changes().empty());

    CHECK(scene.run(with(k_backfill, {"--where", "a > 1", "--detach"})).code == 0);
    CHECK(scene.deployment.changes().empty());
    CHECK(scene.run(with(k_backfill, {"--new", "--detach"})).out ==
          "JOB      TARGET          STATUS\njob-new  docs.embedding  PENDING\n");
    CHECK(scene.deployment.changes().size() == 1);
}

TEST_CASE("the columns of one transform are one job", "[flow][commands]") {
    Scene scene;
    add_siblings(scene);
    const auto ran =
        scene.run({"backfill", "docs", "width", "embedding", "height", "width", "--detach"});
    CHECK(ran.code == 0);
    CHECK(ran.out ==
          "JOB       TARGET             STATUS\n"
          "job-new   docs.width,height  PENDING\n"
          "job-new+  docs.embedding     PENDING\n");
    const auto bodies = scene.deployment.bodies("backfill_column");
    REQUIRE(bodies.size() == 2);
    CHECK(bodies[0]["column"] == "width");
    CHECK(bodies[1]["column"] == "embedding");

    const auto planned = scene.run({"backfill", "docs", "height", "--dry-run", "-o", "json"});
    CHECK(planned.document()["jobs"].size() == 1);
    CHECK(planned.document()["jobs"][0]["columns"] == json({"height", "width"}));
}

TEST_CASE("a job of a sibling column is the same job", "[flow][commands]") {
    Scene scene;
    add_siblings(scene);
    auto& job = scene.deployment.add_job("job-old", JobStatus::running);
    job.column = "height";
    job.output_columns = {"width", "height"};
    const auto followed = scene.run({"backfill", "docs", "width", "--detach", "-o", "name"});
    CHECK(followed.code == 0);
    CHECK(followed.out == "job-old\n");
    CHECK(tells(followed.err, "docs.width,height is already RUNNING in job job-old"));
    const auto other = scene.run({"backfill", "docs", "width", "--force"});
    CHECK(other.code == 6);
    CHECK(tells(other.err, "job job-old of docs.width,height is RUNNING with other parameters"));
    CHECK(scene.deployment.changes().empty());
    CHECK(tells(scene.run({"job", "list"}).out, "docs.width,height"));
}

TEST_CASE("a stale record is warned of and another job is started", "[flow][commands]") {
    Scene scene;
    scene.deployment.add_job("job-stale", JobStatus::running).updated_at =
        base::parse_rfc3339("2026-11-22T09:00:00Z").value();
    const auto ran = scene.run(k_backfill);
    CHECK(ran.code == 0);
    CHECK(tells(ran.err, "warning: job job-stale says RUNNING and was not updated for 30m"));
    CHECK(tells(ran.out, "job-new"));
    CHECK(scene.deployment.changes().size() == 1);
}

TEST_CASE("a jobs table that is not there gets the record of a job that was accepted",
          "[flow][commands]") {
    Scene scene;
    scene.deployment.has_jobs_table = false;
    const auto ran = scene.run(with(k_backfill, {"--detach"}));
    CHECK(ran.code == 0);
    CHECK(scene.deployment.changes() == Words{"POST /v1/table/docs/backfill_column",
                                              "POST /v1/table/__system$geneva_jobs/create"});
}

TEST_CASE("a failed job shows its last event and the errors of its rows", "[flow][commands]") {
    Scene scene;
    scene.deployment.status_of_new_jobs = JobStatus::failed;
    scene.deployment.row_errors["job-new"] = arrow_fixture("errors.arrow");
    const auto ran = scene.run(k_backfill);
    CHECK(ran.code == 10);
    CHECK(tells(ran.out, "FAILED"));
    CHECK(tells(ran.out, "   2  ValueError  no such word"));
}

TEST_CASE("an interrupt ends the waiting and not the job", "[flow][commands]") {
    Scene scene;
    scene.deployment.status_of_new_jobs = JobStatus::running;
    scene.user.clock.interrupted = true;
    const auto ran = scene.run(k_backfill);
    CHECK(ran.code == 130);
    CHECK(tells(ran.err, "job-new goes on"));
    CHECK(tells(ran.err, "genevactl job wait job-new"));
    CHECK(tells(ran.err, "genevactl job cancel job-new"));
    CHECK(scene.deployment.changes() == Words{"POST /v1/table/docs/backfill_column"});

    scene.user.interrupt.number = 15;
    CHECK(scene.run({"job", "wait"}).code == 143);

    scene.user.clock.interrupted = false;
    scene.user.interrupt.number = 0;
    scene.deployment.find_job("job-new")->status = JobStatus::done;
    const auto resumed = scene.run({"job", "wait"});
    CHECK(resumed.code == 0);
    CHECK(tells(resumed.err, "following the last job of this directory: job-new"));
}

TEST_CASE("a backfill that may have been accepted is not sent again", "[flow][commands]") {
    Scene scene;
    scene.deployment.instead = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
        if (request.path.find("backfill_column") == std::string::npos) return std::nullopt;
        scene.user.clock.go_on_by_itself(10s);
        return HttpResponse{.fault = Fault::stall};
    };
    const auto ran = scene.run(k_backfill);
    CHECK(ran.code == 7);
    CHECK(tells(ran.err, "a job may exist"));
    CHECK(tells(ran.err, "genevactl job list --table docs --status PENDING,RUNNING"));
    CHECK(scene.deployment.changes().size() == 1);
}
