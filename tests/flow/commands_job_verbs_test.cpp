// SPDX-License-Identifier: Apache-2.0
// job watch, events, errors, logs, cancel and list's order, against the scripted deployment.
#include <chrono>

#include "flow/commands.hpp"
#include "genevactl/base/text.hpp"

using namespace genevactl;
using namespace genevactl::test;
using model::JobStatus;
using namespace std::chrono_literals;

namespace {

base::WallTime at(const std::string& text) {
    return base::parse_rfc3339(text).value();
}

std::vector<nlohmann::json> lines_of(const std::string& out) {
    std::vector<nlohmann::json> lines;
    for (const auto& line : base::split(out, '\n')) {
        if (!line.empty()) lines.push_back(nlohmann::json::parse(line));
    }
    return lines;
}

/// Three jobs that took 10, 30 and 20 minutes, launched one after the other.
void add_three(ScriptedDeployment& deployment) {
    const auto add = [&](const char* id, const char* launched, const char* completed,
                         const char* manifest) {
        auto& job = deployment.add_job(id, JobStatus::done, launched);
        job.completed_at = at(completed);
        job.manifest_id = manifest;
    };
    add("job-1", "2026-11-22T05:00:00Z", "2026-11-22T05:10:00Z", "c");
    add("job-2", "2026-11-22T06:00:00Z", "2026-11-22T06:30:00Z", "a");
    add("job-3", "2026-11-22T07:00:00Z", "2026-11-22T07:20:00Z", "b");
    deployment.find_job("job-2")->status = JobStatus::failed;
    deployment.find_job("job-3")->column = "length";
}

}  // namespace

TEST_CASE("jobs are listed in another order", "[flow][commands]") {
    Scene scene;
    add_three(scene.deployment);
    const auto names = [&](const Words& options) {
        return scene.run(with({"job", "list", "-o", "name"}, options)).out;
    };
    CHECK(names({}) == "job-3\njob-2\njob-1\n");
    CHECK(names({"--sort", "launched"}) == "job-3\njob-2\njob-1\n");
    CHECK(names({"--sort=-launched"}) == "job-1\njob-2\njob-3\n");
    CHECK(names({"--sort", "took"}) == "job-2\njob-3\njob-1\n");
    CHECK(names({"--sort=-took", "--limit", "2"}) == "job-1\njob-3\n");
    CHECK(names({"--sort", "status"}) == "job-3\njob-1\njob-2\n");
    CHECK(names({"--sort", "target"}) == "job-2\njob-1\njob-3\n");
    CHECK(names({"--sort", "manifest"}) == "job-2\njob-3\njob-1\n");
    CHECK(names({"--column", "length"}) == "job-3\n");
    const auto wrong = scene.run({"job", "list", "--sort", "tok"});
    CHECK(wrong.code == 2);
    CHECK(tells(wrong.err, "did you mean took?"));
}

TEST_CASE("a filter by column goes to the deployment", "[flow][commands]") {
    Scene scene;
    CHECK(scene.run({"job", "list", "--column", "width"}).code == 0);
    const auto filter = scene.deployment.bodies("query").at(0)["filter"].get<std::string>();
    CHECK(filter == "(column_name = 'width' OR array_has(output_columns, 'width'))");
}

TEST_CASE("of several jobs a wait for any ends with the first", "[flow][commands]") {
    Scene scene;
    auto& deployment = scene.deployment;
    deployment.add_job("job-1", JobStatus::running);
    deployment.add_job("job-2", JobStatus::running);
    deployment.on_look = [&](int look) {
        if (look == 3) deployment.find_job("job-2")->status = JobStatus::failed;
    };
    const auto ran = scene.run({"job", "wait", "job-1", "job-2", "--any", "-o", "json"});
    CHECK(ran.code == 10);
    REQUIRE(ran.document().size() == 1);
    CHECK(ran.document()[0]["job_id"] == "job-2");
    CHECK(tells(ran.err, "`genevactl job wait --any job-1` goes on"));
}

TEST_CASE("several jobs are looked at by one request", "[flow][commands]") {
    Scene scene;
    scene.deployment.add_job("job-1", JobStatus::done);
    scene.deployment.add_job("job-2", JobStatus::done);
    CHECK(scene.run({"job", "wait", "job-1", "job-2"}).code == 0);
    CHECK(scene.deployment.bodies("query").size() == 1);
}

TEST_CASE("jobs are watched as lines, one for each change", "[flow][commands]") {
    Scene scene;
    auto& deployment = scene.deployment;
    deployment.add_job("job-1", JobStatus::pending);
    deployment.add_job("job-2", JobStatus::running).events = {"started"};
    deployment.on_look = [&](int look) {
        if (look == 2) {
            deployment.find_job("job-1")->status = JobStatus::running;
        } else if (look == 4) {
            deployment.find_job("job-1")->status = JobStatus::failed;
            deployment.find_job("job-1")->events = {"ValueError: no"};
        } else if (look == 5) {
            deployment.find_job("job-2")->status = JobStatus::done;
        }
    };
    const auto ran = scene.run({"job", "watch", "job-1", "job-2", "-o", "jsonl"});
    CHECK(ran.code == 0);  // it only looks
    const auto lines = lines_of(ran.out);
    std::string told;
    for (const auto& line : lines) {
        told += line["job_id"].get<std::string>() + " " + line["status"].get<std::string>() + "\n";
        CHECK(line["schema_version"] == 1);
    }
    CHECK(told == "job-1 PENDING\njob-2 RUNNING\njob-1 RUNNING\njob-1 FAILED\njob-2 DONE\n");
    CHECK(lines[1]["event"] == "started");
    CHECK(lines[3]["event"] == "ValueError: no");
    CHECK(deployment.changes().empty());
}

TEST_CASE("names of watched jobs come as they end", "[flow][commands]") {
    Scene scene;
    auto& deployment = scene.deployment;
    deployment.add_job("job-1", JobStatus::running);
    deployment.add_job("job-2", JobStatus::running);
    deployment.on_look = [&](int look) {
        if (look > 1) deployment.find_job(look == 2 ? "job-2" : "job-1")->status = JobStatus::done;
    };
    CHECK(scene.run({"job", "watch", "job-1", "job-2", "-o", "name"}).out == "job-2\njob-1\n");
}

TEST_CASE("all live jobs are watched, and those that join them", "[flow][commands]") {
    Scene scene;
    auto& deployment = scene.deployment;
    deployment.add_job("job-0", JobStatus::done);
    deployment.add_job("job-1", JobStatus::running);
    int looks = 0;
    deployment.on_look = [&](int) {
        ++looks;
        if (looks == 6) deployment.add_job("job-2", JobStatus::running, "2026-11-22T09:31:00Z");
        if (looks == 12) {
            deployment.find_job("job-1")->status = JobStatus::done;
            deployment.find_job("job-2")->status = JobStatus::done;
        }
    };
    const auto ran = scene.run({"job", "watch", "--all", "-o", "jsonl"});
    CHECK(ran.code == 0);
    CHECK(tells(ran.out, "job-1"));
    CHECK(tells(ran.out, "job-2"));
    CHECK_FALSE(tells(ran.out, "job-0"));

    Scene idle;
    idle.deployment.add_job("job-0", JobStatus::done);
    const auto nothing = idle.run({"job", "watch", "--all"});
    CHECK(nothing.code == 0);
    CHECK(tells(nothing.err, "no job is live"));
    CHECK(idle.run({"job", "watch", "--all", "job-0"}).code == 2);
}

TEST_CASE("watching an unknown job or a lost one ends", "[flow][commands]") {
    Scene scene;
    const auto none = scene.run({"job", "watch", "job-none"});
    CHECK(none.code == 5);
    CHECK(tells(none.err, "there is no record of job job-none"));
    scene.deployment.add_job("job-1", JobStatus::running);
    const auto lost = scene.run({"job", "watch", "job-1"});
    CHECK(lost.code == 0);
    CHECK(tells(lost.out, "its driver is probably gone"));
}

TEST_CASE("a signal ends the watching, not the jobs", "[flow][commands]") {
    Scene scene;
    scene.deployment.add_job("job-1", JobStatus::running);
    scene.user.clock.interrupted = true;
    const auto ran = scene.run({"job", "watch", "job-1"});
    CHECK(ran.code == 130);
    CHECK(tells(ran.out, "job-1"));
    CHECK(tells(ran.err, "no longer watching; job-1 goes on"));
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("on a terminal a picture is drawn and taken away", "[flow][commands]") {
    Scene scene;
    auto& deployment = scene.deployment;
    scene.user.surroundings.stdout_is_terminal = true;
    scene.user.surroundings.stderr_is_terminal = true;
    scene.user.surroundings.environment["NO_COLOR"] = "1";
    deployment.add_job("job-1", JobStatus::running).metrics = {
        {.name = "rows_checkpointed", .done = 40, .total = 100}};
    deployment.on_look = [&](int look) {
        if (look == 2) deployment.find_job("job-1")->status = JobStatus::done;
    };
    const auto ran = scene.run({"job", "watch", "job-1"});
    CHECK(ran.code == 0);
    CHECK(tells(ran.err, "docs.embedding"));
    CHECK(tells(ran.err, "40/100"));
    CHECK(tells(ran.err, "\x1b[J"));
    CHECK(tells(ran.out, "job-1"));
    CHECK(tells(ran.out, "DONE"));
}

TEST_CASE("events are told with the times that old versions of the table remember",
          "[flow][commands]") {
    Scene scene;
    auto& deployment = scene.deployment;
    auto record = deployment.add_job("job-1", JobStatus::pending, "2026-11-22T09:20:00Z");
    const auto update = [&](JobStatus status, const char* event, const char* time) {
        record.status = status;
        record.events.emplace_back(event);
        record.updated_at = at(time);
        deployment.job_versions.push_back({record});
    };
    record.updated_at = record.launched_at;
    deployment.job_versions.push_back({record});
    update(JobStatus::running, "planning", "2026-11-22T09:20:30Z");
    update(JobStatus::running, "computing", "2026-11-22T09:21:00Z");
    update(JobStatus::done, "done", "2026-11-22T09:25:00Z");
    record.completed_at = record.updated_at;
    deployment.jobs = {record};

    const auto lines = lines_of(scene.run({"job", "events", "job-1", "-o", "jsonl"}).out);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0]["event"] == "planning");
    CHECK(lines[0]["at"] == "2026-11-22T09:20:30Z");
    CHECK(lines[2]["at"] == "2026-11-22T09:25:00Z");
    CHECK(lines[2]["index"] == 2);
    const auto late = scene.run({"job", "events", "job-1", "--since", "2026-11-22T09:20:45Z"});
    CHECK(late.out ==
          "TIME                  EVENT\n"
          "2026-11-22T09:21:00Z  computing\n2026-11-22T09:25:00Z  done\n");
    CHECK(deployment.changes().empty());
}

TEST_CASE("without old versions the events have no times", "[flow][commands]") {
    Scene scene;
    scene.deployment.add_job("job-1", JobStatus::done).events = {"planning", "done"};
    const auto ran = scene.run({"job", "events", "job-1", "-o", "json"});
    CHECK(ran.document().size() == 2);
    CHECK(ran.document()[0]["at"].is_null());
    const auto since = scene.run({"job", "events", "job-1", "--since", "1h"});
    CHECK(since.code == 1);
    CHECK(tells(since.err, "leave --since away"));
    CHECK(scene.run({"job", "events", "job-1", "--since", "soon"}).code == 2);
    CHECK(scene.run({"job", "events", "job-2"}).code == 5);
}

TEST_CASE("events are followed to the end of the job", "[flow][commands]") {
    Scene scene;
    auto& deployment = scene.deployment;
    deployment.add_job("job-1", JobStatus::running).events = {"planning"};
    deployment.on_look = [&](int look) {
        auto& job = *deployment.find_job("job-1");
        if (look == 3) job.events.push_back("computing");
        if (look == 5) {
            job.events.push_back("done");
            job.status = JobStatus::done;
        }
    };
    CHECK(scene.run({"job", "events", "job-1", "-f", "-o", "name"}).out ==
          "planning\ncomputing\ndone\n");
}

TEST_CASE("errors of rows are grouped by message, and listed one by one", "[flow][commands]") {
    Scene scene;
    scene.deployment.add_job("job-1", JobStatus::failed);
    scene.deployment.row_errors["job-1"] = arrow_fixture("errors.arrow");
    const auto shown = scene.run({"job", "errors", "job-1"});
    CHECK(shown.code == 0);
    CHECK(tells(shown.out, "   2  ValueError  no such word  0/4 …"));
    CHECK(tells(shown.out, "genevactl backfill --retry-failed job-1"));
    const auto lines = lines_of(scene.run({"job", "errors", "job-1", "-o", "jsonl"}).out);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0]["row_address"] == 4);
    CHECK(lines[0]["fragment"] == 0);
    CHECK(lines[0]["offset"] == 4);
    CHECK(lines[0]["error_type"] == "ValueError");
    CHECK(lines[0]["traceback"] == "Traceback");
    CHECK(lines[1]["row_address"].is_null());
    CHECK(scene.run({"job", "errors", "job-1", "-o", "name"}).out == "4\n");
    scene.deployment.add_job("job-2", JobStatus::done);
    const auto none = scene.run({"job", "errors", "job-2"});
    CHECK(none.code == 0);
    CHECK(none.out.empty());
    CHECK(tells(none.err, "no errors of rows"));
    CHECK(scene.run({"job", "errors", "job-9"}).code == 5);
}

TEST_CASE("logs are read and followed, no line twice and none in pieces", "[flow][commands]") {
    Scene scene;
    auto& deployment = scene.deployment;
    deployment.add_job("job-1", JobStatus::running);
    const auto enterprise = scene.run({"job", "logs", "job-1"});
    CHECK(enterprise.code == 1);
    CHECK(tells(enterprise.err, "genevactl job events job-1"));

    deployment.capabilities = {"job-logs"};
    const auto answer = [](bool ended, const char* driver, int end, const char* worker) {
        nlohmann::ordered_json parts = nlohmann::ordered_json::array();
        parts.push_back({{"source", "driver"}, {"skipped", 0}, {"text", driver}, {"end", end}});
        parts.push_back({{"source", "worker 7"}, {"skipped", 0}, {"text", worker}, {"end", 1}});
        return ScriptedDeployment::Json({{"ended", ended}, {"note", ""}, {"parts", parts}});
    };
    deployment.job_output["job-1"] = {answer(false, "one\ntw", 6, ""),
                                      answer(false, "o\n", 8, "hello\n"),
                                      answer(true, "10%\r100%", 16, "")};
    CHECK(scene.run({"job", "logs", "job-1", "-f"}).out == "one\ntwo\nworker 7 | hello\n100%\n");
    std::vector<std::string> asked;
    for (const auto& request : deployment.server.requests()) {
        if (tells(request.path, "/logs")) asked.push_back(request.target);
    }
    REQUIRE(asked.size() == 3);
    CHECK(tells(asked[1], "parts=%7B%22driver%22%3A6"));

    deployment.job_output["job-1"] = {answer(false, "one\n", 4, "hello\n")};
    const auto lines = lines_of(scene.run({"job", "logs", "job-1", "-o", "jsonl"}).out);
    REQUIRE(lines.size() == 2);
    CHECK(lines[1]["source"] == "worker 7");
    CHECK(lines[1]["line"] == "hello");
    CHECK(scene.run({"job", "logs", "job-1", "-o", "name"}).out == "driver\nworker 7\n");
}

TEST_CASE("of several jobs those that cannot be cancelled are told apart", "[flow][commands]") {
    Scene scene;
    scene.deployment.capabilities = {"cancel"};
    scene.deployment.add_job("job-1", JobStatus::running);
    scene.deployment.add_job("job-2", JobStatus::running);
    const auto ran = scene.run({"job", "cancel", "job-1", "job-none", "job-2", "-o", "json"});
    CHECK(ran.code == 5);
    const auto jobs = ran.document();
    REQUIRE(jobs.size() == 3);
    CHECK(jobs[0]["status"] == "CANCELLED");
    CHECK(jobs[1]["status"].is_null());
    CHECK(jobs[1]["error"]["kind"] == "not_found");
    CHECK(jobs[2]["status"] == "CANCELLED");
    CHECK(scene.deployment.find_job("job-2")->status == JobStatus::cancelled);
    const auto text = scene.run({"job", "cancel", "job-1", "job-none"});
    CHECK(tells(text.out, "not cancelled"));
}

TEST_CASE("a report is a page that holds what a server said as text alone", "[flow][commands]") {
    Scene scene;
    auto& job = scene.deployment.add_job("job-1", JobStatus::failed);
    job.events = {"<script>alert(1)</script>", "ValueError: \"<b>\""};
    job.config = R"({"where":"a < b & 'c'","api_token":"hunter2-hunter2"})";
    job.metrics = {{.name = "rows_checkpointed", .done = 3, .total = 7}};
    scene.deployment.row_errors["job-1"] = arrow_fixture("errors.arrow");
    const auto ran = scene.run({"job", "report", "job-1", "--html", "r.html", "-o", "json"});
    REQUIRE(ran.code == 0);
    CHECK(ran.document()["path"] == "r.html");
    CHECK(ran.document()["jobs"] == nlohmann::json::array({"job-1"}));
    const auto page = scene.user.read("r.html");
    CHECK_FALSE(tells(page, "<script"));
    CHECK(tells(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    CHECK(tells(page, "a &lt; b &amp; &#39;c&#39;"));
    CHECK_FALSE(tells(page, "hunter2"));
    CHECK(tells(page, "Only the total is known: 3 rows"));
    CHECK(tells(page, "no such word"));
    CHECK_FALSE(tells(page, "://127"));  // it points nowhere
    CHECK(scene.run({"job", "report", "docs", "--html", "t.html"}).code == 0);
    CHECK(tells(scene.user.read("t.html"), "Jobs of the table in db://"));
    CHECK(scene.run({"job", "report", "nothing", "--html", "n.html"}).code == 5);
    CHECK(scene.run({"job", "report", "job-1"}).code == 2);
    CHECK(scene.run({"job", "report", "job-1", "--html", "no/such/r.html"}).code != 0);
    CHECK(scene.deployment.changes().empty());
}
