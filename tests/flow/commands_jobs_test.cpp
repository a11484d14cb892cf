// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <set>

#include "flow/commands.hpp"

using namespace genevactl;
using namespace genevactl::test;
using model::JobStatus;
using namespace std::chrono_literals;

TEST_CASE("how a job ended is the exit code", "[flow][commands]") {
    struct Row {
        JobStatus status;
        int code;
        const char* ended;
    };
    for (const auto& row : {Row{JobStatus::done, 0, "done"},
                            {JobStatus::failed, 10, "job_failed"},
                            {JobStatus::cancelled, 11, "job_cancelled"}}) {
        Scene scene;
        scene.deployment.add_job("job-1", row.status).events = {"started", "ValueError: no"};
        scene.deployment.row_errors["job-1"] = arrow_fixture("errors.arrow");
        const auto ran = scene.run({"job", "wait", "job-1", "-o", "json"});
        CAPTURE(row.ended);
        CHECK(ran.code == row.code);
        const auto job = ran.document().at(0);
        CHECK(job["ended"] == row.ended);
        CHECK(job["row_errors"].size() == (row.code == 10 ? 2 : 0));
    }
}

TEST_CASE("a job nobody updates any more is not waited for", "[flow][commands]") {
    Scene scene;
    scene.deployment.add_job("job-1", JobStatus::running);
    const auto ran = scene.run({"job", "wait", "job-1"});
    CHECK(ran.code == 12);
    CHECK(tells(ran.out, "job job-1 says RUNNING and was not updated for 15m"));
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("a wait ends at its timeout and the job goes on", "[flow][commands]") {
    Scene scene;
    scene.deployment.add_job("job-1", JobStatus::running);
    const auto ran = scene.run({"job", "wait", "job-1", "--timeout", "5s", "-o", "json"});
    CHECK(ran.code == 8);
    CHECK(ran.document().at(0)["ended"] == "wait_timed_out");
    base::Microseconds slept{};
    for (const auto sleep : scene.user.clock.sleeps)
        slept += sleep;
    CHECK(slept == 5s);
    CHECK(scene.deployment.changes().empty());
    const auto text = scene.run({"job", "wait", "job-1", "--timeout", "5s"});
    CHECK(tells(text.out, "job job-1 still runs: only the waiting ended\n"));
    const auto never = scene.run({"job", "wait", "job-none", "--timeout", "5s"});
    CHECK(never.code == 8);
    CHECK(tells(never.out, "job job-none has no record so far: only the waiting ended\n"));
}

TEST_CASE("an id that stays without a record is unknown", "[flow][commands]") {
    Scene scene;
    const auto ran = scene.run({"job", "wait", "job-none", "-o", "json"});
    CHECK(ran.code == 5);
    CHECK(ran.document().at(0)["ended"] == "not_found");
    CHECK(scene.user.clock.sleeps.size() >= 29);
    const auto shown = scene.run({"job", "show", "job-none"});
    CHECK(shown.code == 5);
    CHECK(tells(shown.err, "genevactl job list"));
}

TEST_CASE("a job that is done and has skipped rows says how to compute them again",
          "[flow][commands]") {
    Scene scene;
    auto& job = scene.deployment.add_job("job-1", JobStatus::done);
    job.metrics = {{.name = "rows_skipped_on_error", .done = 2}};
    scene.deployment.row_errors["job-1"] = arrow_fixture("errors.arrow");
    const auto ran = scene.run({"job", "wait", "job-1"});
    CHECK(ran.code == 0);
    CHECK(tells(ran.out, "2  ValueError  no such word"));
    CHECK(tells(ran.out, "2 rows failed and stayed empty"));
    CHECK(tells(ran.out, "genevactl backfill --retry-failed job-1"));
    CHECK(scene.run({"job", "wait", "job-1", "-o", "json"}).document()[0]["row_errors"].size() ==
          2);
}

TEST_CASE("waiting for the last job needs one", "[flow][commands]") {
    Scene scene;
    const auto ran = scene.run({"job", "wait"});
    CHECK(ran.code == 2);
    CHECK(tells(ran.err, "no job was started from this directory"));
    CHECK(scene.deployment.server.requests().empty());
}

TEST_CASE("jobs are listed newest first, all of them", "[flow][commands]") {
    Scene scene;
    for (int i = 0; i < 2500; ++i) {
        const auto minute = (i * 7) % 60;
        const auto hour = (i * 11) % 24;
        auto& job = scene.deployment.add_job("job-" + std::to_string(i), JobStatus::done);
        job.launched_at = base::parse_rfc3339("2026-11-20").value() + std::chrono::hours(hour) +
                          std::chrono::minutes(minute);
    }
    const auto all = scene.run({"job", "list", "-o", "json"});
    CHECK(all.code == 0);
    const auto jobs = all.document();
    REQUIRE(jobs.size() == 2500);
    for (std::size_t i = 1; i < jobs.size(); ++i) {
        if (jobs[i - 1]["launched_at"] < jobs[i]["launched_at"]) FAIL("not newest first");
    }
    std::set<std::string> ids;
    for (const auto& job : jobs) {
        ids.insert(job["job_id"].get<std::string>());
        CHECK_FALSE(job.contains("events"));
    }
    CHECK(ids.size() == 2500);
    for (const auto& query : scene.deployment.bodies("query")) {
        const auto columns = query["columns"].dump();
        CHECK(columns.find("metrics") == std::string::npos);
        CHECK(columns.find("events") == std::string::npos);
    }
    const auto newest = scene.run({"job", "list", "-o", "name", "--limit", "2"}).out;
    CHECK(newest == jobs[0]["job_id"].get<std::string>() + "\n" +
                        jobs[1]["job_id"].get<std::string>() + "\n");
}

TEST_CASE("jobs are listed by table, status and time", "[flow][commands]") {
    Scene scene;
    scene.deployment.add_job("job-1", JobStatus::done, "2026-11-22T05:00:00Z").completed_at =
        base::parse_rfc3339("2026-11-22T05:02:10Z").value();
    scene.deployment.add_job("job-2", JobStatus::running, "2026-11-22T09:00:00Z").manifest_id =
        "deps";
    scene.deployment.add_job("job-3", JobStatus::failed, "2026-11-22T08:00:00Z").table = "other";
    const auto names = [&](const Words& options) {
        return scene.run(with({"job", "list", "-o", "name"}, options)).out;
    };
    CHECK(names({}) == "job-2\njob-3\njob-1\n");
    CHECK(names({"--table", "docs"}) == "job-2\njob-1\n");
    CHECK(names({"--status", "DONE,FAILED"}) == "job-3\njob-1\n");
    CHECK(names({"--status", "done", "--status", "Failed"}) == "job-3\njob-1\n");
    CHECK(names({"--since", "45m"}) == "job-2\n");
    CHECK(names({"--since", "2026-11-22T08:00:00Z"}) == "job-2\njob-3\n");
    check_golden("job_list.txt", scene.run({"job", "list"}).out);
    check_golden("job_show.txt", scene.run({"job", "show", "job-1"}).out);
    check_golden("job_show.json", scene.run({"job", "show", "job-1", "-o", "json"}).out);
}

TEST_CASE("a job is cancelled where the deployment can", "[flow][commands]") {
    Scene scene;
    scene.deployment.add_job("job-1", JobStatus::running);
    const auto enterprise = scene.run({"job", "cancel", "job-1"});
    CHECK(enterprise.code == 1);
    CHECK(tells(enterprise.err, "no way to cancel"));
    CHECK(scene.deployment.changes().empty());

    scene.deployment.capabilities = {"cancel"};
    CHECK(scene.run({"job", "cancel", "job-1"}).code == 0);
    CHECK(scene.deployment.find_job("job-1")->status == JobStatus::cancelled);
    CHECK(scene.run({"job", "cancel", "job-2"}).code != 0);
}

TEST_CASE("what the engine wrote reaches no terminal with control characters in it",
          "[flow][commands]") {
    Scene scene;
    auto& job = scene.deployment.add_job("job-\x1b[31m1", JobStatus::running);
    job.events = {"\x1b]0;owned\x07"};
    job.launched_by = "\x1b[2J";
    scene.user.surroundings.stdout_is_terminal = true;
    scene.user.surroundings.environment["NO_COLOR"] = "1";
    for (const Words& words : {Words{"job", "list"}, Words{"job", "list", "-o", "name"},
                               Words{"job", "show", "job-\x1b[31m1"}}) {
        const auto ran = scene.run(words);
        CHECK(ran.code == 0);
        CHECK((ran.out + ran.err).find_first_of("\x1b\x07") == std::string::npos);
    }
}
