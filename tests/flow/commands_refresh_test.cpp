// SPDX-License-Identifier: Apache-2.0
#include "flow/commands.hpp"

using namespace genevactl;
using namespace genevactl::test;
using model::JobStatus;
using nlohmann::json;
using Json = nlohmann::ordered_json;

namespace {

const std::string k_pinned = R"({"checksum":"21fa9c","name":"deps","pip":[]})";

/// A manifest as `manifest create pip` writes it.
void write_manifest(Scene& scene) {
    CHECK(scene.run({"manifest", "create", "pip", "once", "numpy==2.0.0", "--out", "once.json"})
              .code == 0);
}

/// The views `recent` (query), `chunks` and `stats` (with a manifest of its own) of `docs`, whose
/// version is 12; `recent` was refreshed to version 11.
void add_views(Scene& scene, const std::string& query_version = "2") {
    auto& tables = scene.deployment.tables;
    tables["recent"] = described_view(
        query_version, {{"columns", {{"id", "id"}, {"up", "upper(text)"}}}, {"filter", "id > 2"}});
    tables["recent"]["schema"]["fields"].push_back(
        {{"name", "__source_row_id"},
         {"nullable", true},
         {"type", {{"type", "int64"}}},
         {"metadata", {{"geneva::mv::last_refreshed_version", "11"}}}});
    const Json chunker = {{"name", "split"}, {"version", "aecc"}, {"input_columns", {"text"}}};
    tables["chunks"] = described_view(
        "chunker", {{"columns", {"id", "length"}}},
        {{"geneva::view::chunker", chunker.dump()}, {"genevactl.identity", "v1:5eed"}});
    tables["chunks"]["schema"]["fields"].push_back(
        computed_field("length", "count", {{"name", "theirs"}, {"checksum", "77aa88bb99"}}));
    const Json udtf = {{"name", "stats"},
                       {"input_columns", {"id"}},
                       {"partition_by", "text"},
                       {"manifest", k_pinned},
                       {"manifest_checksum", "21fa9c"}};
    tables["stats"] = described_view("udtf", {{"columns", nullptr}},
                                     {{"geneva::view::udtf", udtf.dump()},
                                      {"geneva::view::manifest", k_pinned},
                                      {"geneva::view::manifest_checksum", "21fa9c"}});
}

bool is_for(const HttpRequest& request, const std::string& path) {
    return request.path.find(path) == 0;
}

/// The source's rows: 9 now, 7 in any version that is named.
void count_by_version(Scene& scene) {
    scene.deployment.instead = [](const HttpRequest& request) -> std::optional<HttpResponse> {
        if (!is_for(request, "/v1/table/docs/count_rows")) return std::nullopt;
        return json_response(200, json::parse(request.body).contains("version") ? "7" : "9");
    };
}

}  // namespace

TEST_CASE("views are listed apart from tables, with what they are made of", "[flow][commands]") {
    Scene scene;
    add_views(scene);
    const auto ran = scene.run({"view", "list"});
    CHECK(ran.code == 0);
    CHECK(ran.out ==
          "VIEW    KIND     SOURCE  ROWS  TRANSFORM                       MANIFEST\n"
          "chunks  chunker  docs       4  split(text)                     -\n"
          "recent  query    docs       4  -                               -\n"
          "stats   udtf     docs       4  stats(id), partitioned by text  deps@21fa9c\n");
    CHECK(scene.run({"view", "list", "-o", "name"}).out == "chunks\nrecent\nstats\n");
    const auto listed = scene.run({"view", "list", "-o", "json"}).document();
    REQUIRE(listed.size() == 3);
    CHECK(listed[1]["kind"] == "query");
    CHECK(listed[1]["pinned"] == false);
    CHECK(listed[1]["base_table_version"] == 10);
    CHECK(listed[1]["refreshed_version"] == 11);
    CHECK(listed[0]["pinned"].is_null());
    CHECK(listed[2]["manifest_checksum"] == "21fa9c");
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("a database without views says so", "[flow][commands]") {
    Scene scene;
    const auto ran = scene.run({"view", "list"});
    CHECK(ran.code == 0);
    CHECK(ran.out.empty());
    CHECK(tells(ran.err, "db://default has no views"));
    CHECK(scene.run({"view", "list", "-o", "json"}).out == "[]\n");
}

TEST_CASE("a table that goes away while views are listed is passed over", "[flow][commands]") {
    Scene scene;
    add_views(scene);
    scene.deployment.instead = [](const HttpRequest& request) -> std::optional<HttpResponse> {
        if (!is_for(request, "/v1/table/stats/describe")) return std::nullopt;
        return json_response(404, R"({"error":"gone","code":4})");
    };
    CHECK(scene.run({"view", "list", "-o", "name"}).out == "chunks\nrecent\n");
}

TEST_CASE("a view is shown with its definition and how far it is behind", "[flow][commands]") {
    Scene scene;
    add_views(scene);
    count_by_version(scene);
    const auto shown = scene.run({"view", "show", "recent"});
    CHECK(shown.code == 0);
    CHECK(tells(shown.out, "docs, version 12 now"));
    CHECK(tells(shown.out, "id, up=upper(text)"));
    CHECK(tells(shown.out, "id > 2"));
    CHECK(tells(shown.out, "1 version and 2 rows behind"));
    CHECK(tells(shown.out, "it follows its source"));
    const auto document = scene.run({"view", "show", "recent", "-o", "json"}).document();
    CHECK(document["staleness"] == json({{"pinned", false},
                                         {"base_table_version", 10},
                                         {"refreshed_version", 11},
                                         {"source_version", 12},
                                         {"versions_behind", 1},
                                         {"rows_behind", 2}}));
    CHECK(document["query"]["columns"] == json::parse(R"~([{"name":"id","expression":"id"},
                           {"name":"up","expression":"upper(text)"}])~"));
    CHECK(document["query"]["text"]["source_table"] == "docs");
    CHECK(document["transform"].is_null());
    // Both counts are of the rows that the view lets pass.
    for (const auto& body : scene.deployment.bodies("count_rows")) {
        if (body["id"] == Json::array({"docs"})) CHECK(body["predicate"] == "id > 2");
    }
}

TEST_CASE("a chunker and a udtf view show their transform, manifest and identity",
          "[flow][commands]") {
    Scene scene;
    add_views(scene);
    const auto chunks = scene.run({"view", "show", "chunks"});
    CHECK(tells(chunks.out, "split(text)"));
    CHECK(tells(chunks.out, "v1:5eed"));
    CHECK(tells(chunks.out, "never refreshed"));
    CHECK(tells(chunks.out, "if its rows have no stable ids, which cannot be told yet"));
    const auto stats = scene.run({"view", "show", "stats", "-o", "json"}).document();
    CHECK(stats["transform"]["partition_by"] == "text");
    CHECK(stats["transform"]["manifest"]["name"] == "deps");
    CHECK(stats["manifest"]["checksum"] == "21fa9c");
    CHECK(stats["staleness"]["refreshed_version"] == 10);
    CHECK(stats["staleness"]["versions_behind"] == 2);
}

TEST_CASE("a table is no view, and a missing one is named with its neighbours",
          "[flow][commands]") {
    Scene scene;
    add_views(scene);
    for (const Words& words : {Words{"view", "show", "docs"}, Words{"refresh", "docs"}}) {
        const auto ran = scene.run(words);
        CHECK(ran.code == 2);
        CHECK(tells(ran.err, "docs is a table and no view"));
        CHECK(tells(ran.err, "genevactl view list"));
    }
    const auto missing = scene.run({"refresh", "chunk"});
    CHECK(missing.code == 5);
    CHECK(tells(missing.err, "there is no view chunk in db://default"));
    CHECK(tells(missing.err, "did you mean chunks?"));
    CHECK(tells(scene.run({"view", "show", "elsewhere"}).err, "`genevactl view list` shows"));
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("a view whose source is gone can still be shown", "[flow][commands]") {
    Scene scene;
    add_views(scene);
    scene.deployment.tables.erase("docs");
    const auto shown = scene.run({"view", "show", "recent"});
    CHECK(shown.code == 0);
    CHECK(tells(shown.out, "docs is not in this database"));
}

TEST_CASE("a refresh sends what the Python client sends and waits for the end",
          "[flow][commands]") {
    Scene scene;
    add_views(scene);
    scene.deployment.status_of_new_jobs = JobStatus::pending;
    scene.deployment.on_look = [&](int look) {
        if (auto* job = scene.deployment.find_job("job-new"); job != nullptr && look > 3) {
            job->status = look > 5 ? JobStatus::done : JobStatus::running;
        }
    };
    const auto ran = scene.run({"refresh", "recent"});
    CHECK(ran.code == 0);
    CHECK(tells(ran.out, "DONE"));
    CHECK(tells(ran.err, "recent: job job-new (manifest: none, deployment-default)"));
    CHECK(tells(ran.err, "job-new recent RUNNING"));
    CHECK(scene.deployment.changes() == Words{"POST /v1/materialized_view/recent/refresh"});
    check_golden("refresh_request.json", scene.deployment.bodies("refresh").at(0).dump(2) + "\n");
}

TEST_CASE("every option of a refresh goes into the request", "[flow][commands]") {
    Scene scene;
    add_views(scene);
    write_manifest(scene);
    const auto ran = scene.run(
        {"refresh", "chunks", "--src-version", "12", "--max-rows-per-fragment", "2",
         "--concurrency", "3", "--intra-applier-concurrency", "4", "--source-task-size", "5",
         "--output-limit", "6", "--cluster", "big", "--manifest", "once.json", "--detach"});
    CHECK(ran.code == 0);
    CHECK(ran.out == "JOB      TARGET  STATUS\njob-new  chunks  PENDING\n");
    CHECK(tells(ran.err, "chunks: once@"));
    CHECK(tells(ran.err, "is for this refresh only; the view's snapshot stays none"));
    auto body = scene.deployment.bodies("refresh").at(0);
    const auto manifest = json::parse(body["manifest"].get<std::string>());
    CHECK(manifest["pip"] == json({"numpy==2.0.0"}));
    CHECK(body["manifest"].get<std::string>() == scene.user.read("once.json"));
    body.erase("manifest");
    CHECK(body == Json({{"id", {"chunks"}},
                        {"src_version", 12},
                        {"max_rows_per_fragment", 2},
                        {"concurrency", 3},
                        {"intra_applier_concurrency", 4},
                        {"source_task_size", 5},
                        {"cluster", "big"},
                        {"output_limit", 6}}));
}

TEST_CASE("several views are several jobs, each once, and the last jobs of the directory",
          "[flow][commands]") {
    Scene scene;
    add_views(scene);
    const auto ran = scene.run({"refresh", "chunks", "stats", "chunks", "--detach", "-o", "json"});
    CHECK(ran.code == 0);
    const auto jobs = ran.document();
    REQUIRE(jobs.size() == 2);
    CHECK(jobs[0] == json({{"schema_version", 1},
                           {"job_id", "job-new"},
                           {"table", "chunks"},
                           {"column", nullptr},
                           {"columns", json::array()},
                           {"status", "PENDING"}}));
    CHECK(jobs[1]["table"] == "stats");
    CHECK(scene.run({"job", "wait", "-o", "name"}).out == "job-new\njob-new+\n");
}

TEST_CASE("usage errors of a refresh are found before any job is started", "[flow][commands]") {
    Scene scene;
    add_views(scene);
    const auto limit = scene.run({"refresh", "chunks", "stats", "--output-limit", "3"});
    CHECK(limit.code == 2);
    CHECK(tells(limit.err, "--output-limit is for chunker views; stats is a udtf view"));
    CHECK(scene.run({"refresh", "chunks", "--manifest", "nope.json"}).code == 5);
    CHECK(scene.run({"refresh", "chunks", "--new", "--dry-run"}).code == 2);
    CHECK(scene.run({"refresh", "chunks", "--detach", "--timeout", "1s"}).code == 2);
    CHECK(scene.run({"refresh", "chunks", "--concurrency", "0"}).code == 2);
    CHECK(scene.run({"refresh"}).code == 2);
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("a view that is pinned to a version is explained with the option to give",
          "[flow][commands]") {
    Scene scene;
    add_views(scene, "1");
    const auto ran = scene.run({"refresh", "recent"});
    CHECK(ran.code == 2);
    CHECK(tells(ran.err,
                "recent is pinned to version 10 of docs, whose rows have no stable ids: it cannot "
                "be refreshed to version 12"));
    CHECK(tells(ran.err, "`genevactl refresh recent --src-version 10`"));
    CHECK(scene.run({"refresh", "recent", "--src-version", "11"}).code == 2);
    CHECK(scene.deployment.changes().empty());
    CHECK(scene.run({"refresh", "recent", "--src-version", "10", "--detach"}).code == 0);
    CHECK(scene.deployment.bodies("refresh").at(0)["src_version"] == 10);
    CHECK(tells(scene.run({"view", "show", "recent"}).out, "to version 10 of docs, whose rows"));
}

TEST_CASE("what a deployment refuses of a view that may be pinned comes with the version",
          "[flow][commands]") {
    Scene scene;
    add_views(scene);
    scene.deployment.instead = [](const HttpRequest& request) -> std::optional<HttpResponse> {
        if (!is_for(request, "/v1/materialized_view/")) return std::nullopt;
        return json_response(400, R"({"error":"the view is pinned","code":13})");
    };
    const auto ran = scene.run({"refresh", "chunks"});
    CHECK(ran.code == 1);
    CHECK(tells(ran.err, "the view is pinned"));
    CHECK(tells(ran.err, "genevactl refresh chunks --src-version 10"));
    // One that follows its source has nothing to do with versions.
    CHECK_FALSE(tells(scene.run({"refresh", "recent"}).err, "--src-version"));
}

TEST_CASE("a refresh joins the same one that runs, and no other", "[flow][commands]") {
    Scene scene;
    add_views(scene);
    auto& job = scene.deployment.add_job("job-old", JobStatus::running);
    job.table = "stats";
    job.column = "<refresh>";
    job.config = R"({"manifest_origin":"@udf","concurrency":2})";
    const auto other = scene.run({"refresh", "stats"});
    CHECK(other.code == 6);
    CHECK(tells(other.err, "job job-old of stats is RUNNING with other parameters"));
    const Words same = {"refresh", "stats", "--concurrency", "2", "--detach"};
    const auto joined = scene.run(same);
    CHECK(joined.code == 0);
    CHECK(tells(joined.err, "stats is already RUNNING in job job-old: following it"));
    CHECK(tells(joined.out, "job-old"));
    CHECK(scene.deployment.changes().empty());
    write_manifest(scene);
    CHECK(scene.run(with(same, {"--manifest", "once.json"})).code == 6);
    CHECK(scene.run(with(same, {"--new"})).code == 0);
    CHECK(scene.deployment.changes().size() == 1);
    // A refresh of another view is another job.
    CHECK(scene.run({"refresh", "recent", "--detach"}).code == 0);
}

TEST_CASE("a refresh whose answer is lost is not sent again", "[flow][commands]") {
    Scene scene;
    add_views(scene);
    scene.deployment.instead = [](const HttpRequest& request) -> std::optional<HttpResponse> {
        if (!is_for(request, "/v1/materialized_view/")) return std::nullopt;
        return HttpResponse{.status = 502, .body = "bad gateway"};
    };
    const auto ran = scene.run({"refresh", "stats"});
    CHECK(ran.code != 0);
    CHECK(tells(ran.err, "the deployment may have accepted it: a job may exist"));
    CHECK(tells(ran.err, "genevactl job list --table stats --status PENDING,RUNNING"));
    CHECK(scene.deployment.changes().size() == 1);
}

TEST_CASE("a refresh without a record gets one, as the Python client writes it",
          "[flow][commands]") {
    Scene scene;
    add_views(scene);
    scene.deployment.has_jobs_table = false;
    CHECK(scene.run({"refresh", "stats", "--detach"}).code == 0);
    CHECK(scene.deployment.changes() == Words{"POST /v1/materialized_view/stats/refresh",
                                              "POST /v1/table/__system$geneva_jobs/create"});
}

TEST_CASE("a dry run of a refresh shows the manifest and how far it is behind",
          "[flow][commands]") {
    Scene scene;
    add_views(scene);
    count_by_version(scene);
    const auto ran = scene.run({"refresh", "recent", "stats", "--dry-run"});
    CHECK(ran.code == 0);
    CHECK(tells(ran.out,
                "recent: would be refreshed to version 12 of docs (1 version and 2 rows behind)"));
    CHECK(tells(ran.out, "does not apply: a query view has no transform"));
    CHECK(tells(ran.out, "frozen on the view when it was created; pinned comes first"));
    const auto planned = scene.run({"refresh", "recent", "--dry-run", "-o", "json"}).document();
    CHECK(planned["dry_run"] == true);
    CHECK(planned["jobs"][0]["view"] == "recent");
    CHECK(planned["jobs"][0]["src_version"] == 12);
    CHECK(planned["jobs"][0]["staleness"]["rows_behind"] == 2);
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("resolve shows what a refresh of a view uses, and what an inherited column is not",
          "[flow][commands]") {
    Scene scene;
    add_views(scene);
    const auto stats = scene.run({"resolve", "stats", "-o", "json"}).document();
    CHECK(stats["origin"] == "pinned");
    CHECK(stats["manifest"] == "deps");
    CHECK(stats["table"] == "stats");
    CHECK(stats["column"].is_null());
    CHECK(stats["candidates"][2]["origin"] == "view-snapshot");
    CHECK(stats["candidates"][2]["checksum"] == "21fa9c");
    const auto chunks = scene.run({"resolve", "chunks"});
    CHECK(chunks.code == 0);
    CHECK(tells(chunks.out,
                "note: column length was inherited from docs, where it is pinned to "
                "theirs@77aa88bb: that metadata is the source column's own, not the view's"));
    CHECK_FALSE(tells(chunks.out, "> pinned"));
    const auto column = scene.run({"resolve", "chunks", "length"});
    CHECK(tells(column.out, "chunks.length was inherited from docs"));
    write_manifest(scene);
    const auto once =
        scene.run({"resolve", "stats", "--manifest", "once.json", "-o", "json"}).document();
    CHECK(once["origin"] == "override");
    CHECK(once["manifest"] == "once");
    CHECK(once["candidates"][1]["reason"].get<std::string>().find("override comes first") !=
          std::string::npos);
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("resolve of a table without a column says what to name", "[flow][commands]") {
    Scene scene;
    const auto ran = scene.run({"resolve", "docs"});
    CHECK(ran.code == 2);
    CHECK(tells(ran.err, "docs is a table and no view: name a column of it"));
    CHECK(tells(ran.err, "genevactl resolve docs COLUMN"));
    // A file that is not there is found before anything is asked.
    const auto requests = scene.deployment.server.requests().size();
    CHECK(scene.run({"resolve", "docs", "--manifest", "nope.json"}).code == 5);
    CHECK(scene.deployment.server.requests().size() == requests);
}
