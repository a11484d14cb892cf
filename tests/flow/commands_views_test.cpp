// SPDX-License-Identifier: Apache-2.0
#include "flow/commands.hpp"
#include "genevactl/base/digest.hpp"

using namespace genevactl;
using namespace genevactl::test;
using nlohmann::json;
using Json = nlohmann::ordered_json;

namespace {

const std::string k_query = R"({"base":{"filter":"id > 2","columns":["text"]},)"
                            R"("source_table":"docs","source_db_uri":"db://default"})";

/// What the bridge answers of a view.
Json built_view(const std::string& kind, const Json& manifest = nullptr) {
    auto answer = FakePython::described_transform();
    answer.erase("virtual_column");
    answer.erase("alter_virtual_column");
    answer["kind"] = kind;
    answer["target"] = "features:words";
    answer["name"] = "words";
    Json spec = {
        {"kind", kind},
        {"udtf", base::base64_encode(R"({"name":"words","version":"1","input_columns":["text"]})")},
        {"udtf_sha", "5a"},
        {"partition_by", nullptr},
        {"manifest", nullptr},
        {"manifest_checksum", nullptr}};
    if (!manifest.is_null()) {
        spec["manifest"] = manifest.dump();
        spec["manifest_checksum"] = manifest["checksum"];
    }
    answer["view"] = {
        {"kind", kind},
        {"source_query", k_query},
        {"output_schema", "c2NoZW1h"},
        {"udtf_spec", kind == "query" ? Json(nullptr) : spec},
        {"columns", Json::parse(R"([{"column":"word","data_type":{"type":"utf8"}}])")}};
    if (kind == "query") {
        answer = {{"version", 1}, {"view", answer["view"]}, {"environment", answer["environment"]}};
    }
    return answer;
}

const Words k_create = {"view", "create",  "chunks", "--source",  "docs",          "--select",
                        "text", "--where", "id > 2", "--chunker", "features:words"};

/// A scene whose deployment has the chunker view `chunks`.
void make_chunks(Scene& scene) {
    scene.user.python.answer = built_view("chunker");
    REQUIRE(scene.run(k_create).code == 0);
}

Json create_body(Scene& scene) {
    return scene.deployment.bodies("create").back();
}

}  // namespace

TEST_CASE("a view is made with one request as the Python client makes it", "[flow][commands]") {
    Scene scene;
    scene.user.python.answer = built_view("chunker");
    const auto dry = scene.run(with(k_create, {"--dry-run"}));
    CHECK(dry.code == 0);
    CHECK(scene.deployment.changes().empty());
    const auto ran = scene.run(k_create);
    CHECK(ran.code == 0);
    check_golden("view_create.txt", ran.out);
    CHECK(scene.deployment.changes() == Words{"POST /v1/materialized_view/chunks/create"});
    check_golden("view_create_request.json", create_body(scene).dump(2) + "\n");
    CHECK(tells(ran.err, "genevactl refresh chunks"));

    const auto& asked = scene.user.python.questions.back();
    CHECK(asked["action"] == "view");
    CHECK(asked["target"] == "features:words");
    CHECK(asked["view"]["source"] == "docs");
    CHECK(asked["view"]["database"] == "default");
    CHECK(asked["view"]["select"] == json({{"text", nullptr}}));
    CHECK(asked["view"]["where"] == "id > 2");
    CHECK(asked["view"]["schema_metadata"]["genevactl.registered"].is_string());
    CHECK(base::base64_decode(asked["view"]["schema"].get<std::string>()).value() ==
          scene.deployment.queried);
}

TEST_CASE("columns of a view, with expressions", "[flow][commands]") {
    Scene scene;
    scene.user.python.answer = built_view("query");
    const auto select = [&](const Words& words) {
        Words all = {"view", "create", "v", "--source", "docs", "--query", "--dry-run"};
        for (const auto& word : words)
            all = with(all, {"--select", word});
        return scene.run(with(all, {"-o", "json"}));
    };
    const auto asked = [&] { return scene.user.python.questions.back()["view"]["select"]; };
    REQUIRE(select({"title,TEXT"}).code == 0);
    CHECK(asked() == json({{"text", nullptr}, {"title", nullptr}}));
    REQUIRE(select({"title", "n=length(text)", "`odd name`=concat(title, '=', text)"}).code == 0);
    CHECK(asked() == json({{"title", nullptr},
                           {"n", "length(text)"},
                           {"odd name", "concat(title, '=', text)"}}));
    REQUIRE(select({"*"}).code == 0);
    CHECK(asked().is_null());
    REQUIRE(select({}).code == 0);
    CHECK(asked().is_null());

    const auto count = scene.user.python.questions.size();
    const auto refused = [&](const Words& words, int code, const std::string& says) {
        const auto ran = select(words);
        CHECK(ran.code == code);
        CHECK(tells(ran.error().dump(), says));
    };
    refused({"titel"}, 5, "did you mean title?");
    refused({"title", "title"}, 2, "two columns title");
    refused({"*", "title"}, 2, "every column of the source");
    refused({"meta.lang"}, 2, "--select lang=meta.lang");
    refused({"n="}, 2, "the expression is empty");
    CHECK(scene.user.python.questions.size() == count);
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("a view that cannot be meant is refused before anything is asked", "[flow][commands]") {
    Scene scene;
    scene.user.python.answer = built_view("chunker");
    const Words view = {"view", "create", "v", "--source", "docs"};
    const auto refused = [&](const Words& words, int code, const std::string& says) {
        const auto ran = scene.run(with(view, words));
        INFO(ran.err);
        CHECK(ran.code == code);
        CHECK(tells(ran.err, says));
    };
    refused({}, 2, "give --query, --chunker MODULE:OBJECT or --udtf MODULE:OBJECT");
    refused({"--query", "--chunker", "a:b"}, 2, "exclude each other");
    refused({"--chunker", "a"}, 2, "write MODULE:OBJECT");
    refused({"--query", "--manifest", "m.json"}, 2, "belong to a transform");
    refused({"--query", "--partition-by", "id"}, 2, "for udtf views");
    refused({"--chunker", "a:b", "--manifest", "none.json"}, 5, "none.json");
    CHECK(scene.deployment.server.requests().empty());

    CHECK(scene.run({"view", "create", "v", "--source", "dosc", "--query"}).code == 5);
    const auto nested = scene.run({"view", "create", "v", "--source", "team/docs", "--query"});
    CHECK(nested.code == 2);
    const auto taken = scene.run({"view", "create", "docs", "--source", "docs", "--query"});
    CHECK(taken.code == 6);
    CHECK(tells(taken.err, "docs is there already: a table"));
    CHECK(scene.user.python.questions.empty());

    scene.user.python.answer = Json::parse(
        R"({"version":1,"error":{"kind":"inputs","message":"'a:b' reads 'txt'","hint":""}})");
    refused({"--chunker", "a:b"}, 5, "'a:b' reads 'txt'");
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("a view that may have been made is not made twice", "[flow][commands]") {
    Scene scene;
    scene.user.python.answer = built_view("chunker");
    scene.deployment.instead = [](const HttpRequest& request) -> std::optional<HttpResponse> {
        if (request.path.find("/create") == std::string::npos) return std::nullopt;
        return HttpResponse{.status = 504, .body = "gateway"};
    };
    const auto ran = scene.run(k_create);
    CHECK(ran.code == 7);
    CHECK(tells(ran.err, "the view may be there"));
    CHECK(scene.deployment.changes().size() == 1);
}

TEST_CASE("a view with data names the job that fills it", "[flow][commands]") {
    Scene scene;
    scene.user.python.answer = built_view("udtf");
    scene.deployment.identity_of_views = "";
    const auto ran = scene.run({"view", "create", "v", "--source", "docs", "--udtf",
                                "features:words", "--with-data", "-o", "json"});
    CHECK(ran.code == 0);
    CHECK(ran.document()["job_id"] == "job-new");
    CHECK(ran.document()["identity_kept"] == false);
    CHECK(tells(ran.err, "does not keep the identity"));
    CHECK(create_body(scene)["with_no_data"] == false);
    CHECK(scene.run({"job", "wait"}).code == 0);
}

TEST_CASE("a view is there already", "[flow][commands]") {
    Scene scene;
    make_chunks(scene);
    const auto again = scene.run(k_create);
    CHECK(again.code == 6);
    CHECK(tells(again.err, "a chunker view of docs"));
    CHECK(tells(again.err, "genevactl view recreate chunks"));
}

TEST_CASE("views are dropped only with --yes, tables never", "[flow][commands]") {
    Scene scene;
    make_chunks(scene);
    const auto before = scene.deployment.changes().size();
    const auto refused = scene.run({"view", "drop", "chunks"});
    CHECK(refused.code == 2);
    CHECK(tells(refused.err, "this would drop chunks (7 rows)"));
    CHECK(scene.run({"view", "drop", "chunks", "--dry-run"}).out == "would drop chunks\n");
    const auto table = scene.run({"view", "drop", "chunks", "docs", "--yes"});
    CHECK(table.code == 2);
    CHECK(tells(table.err, "docs is a table and no view"));
    scene.deployment.add_job("job-live", model::JobStatus::running).column = "<refresh>";
    scene.deployment.jobs.back().table = "chunks";
    const auto busy = scene.run({"view", "drop", "chunks", "--yes"});
    CHECK(busy.code == 6);
    CHECK(tells(busy.err, "genevactl job cancel job-live"));
    CHECK(scene.deployment.changes().size() == before);
    scene.deployment.jobs.clear();
    const auto dropped = scene.run({"view", "drop", "chunks", "chunks", "--yes", "-o", "json"});
    CHECK(dropped.code == 0);
    CHECK(dropped.document()["views"] == json::array({{{"view", "chunks"}, {"rows", 7}}}));
    CHECK(scene.run({"view", "drop", "chunks", "--yes"}).code == 5);
}

TEST_CASE("a view is made anew beside the old one where the deployment can rename",
          "[flow][commands]") {
    Scene scene;
    scene.deployment.capabilities = {"rename"};
    make_chunks(scene);
    const Words recreate = {"view",           "recreate", "chunks", "--chunker",
                            "features:words", "--where",  "id > 3"};
    const auto refused = scene.run(recreate);
    CHECK(refused.code == 2);
    CHECK(tells(refused.err, "7 rows would be dropped and have to be rebuilt"));
    CHECK(scene.run(with(recreate, {"--dry-run"})).code == 0);
    CHECK(scene.deployment.changes().size() == 1);

    REQUIRE(scene.run(with(recreate, {"--yes"})).code == 0);
    const auto changes = scene.deployment.changes();
    CHECK(Words(changes.begin() + 1, changes.end()) ==
          Words{"POST /v1/materialized_view/chunks__genevactl_new/create",
                "POST /v1/table/chunks/rename", "POST /v1/table/chunks__genevactl_new/rename",
                "POST /v1/table/chunks__genevactl_old/drop"});
    const auto& asked = scene.user.python.questions.back()["view"];
    CHECK(asked["where"] == "id > 3");
    CHECK(asked["select"] == json({{"text", nullptr}}));  // kept from the definition
}

TEST_CASE("with data, the new view is filled before it takes the old one's place",
          "[flow][commands]") {
    Scene scene;
    scene.deployment.capabilities = {"rename"};
    make_chunks(scene);
    const Words recreate = {"view",           "recreate",    "chunks", "--chunker",
                            "features:words", "--with-data", "--yes"};
    scene.deployment.status_of_new_jobs = model::JobStatus::failed;
    const auto failed = scene.run(recreate);
    CHECK(failed.code == 10);
    CHECK(tells(failed.err, "the old view is unchanged"));
    CHECK(scene.deployment.tables.contains("chunks"));
    CHECK_FALSE(scene.deployment.tables.contains("chunks__genevactl_old"));
    scene.deployment.status_of_new_jobs = model::JobStatus::done;
    const auto done = scene.run(with(recreate, {"-o", "json"}));
    CHECK(done.code == 0);
    CHECK(tells(done.err, "dropped chunks__genevactl_new"));
    CHECK(done.document()["rows_before"] == 7);
    CHECK_FALSE(scene.deployment.tables.contains("chunks__genevactl_new"));
}

TEST_CASE("what an interrupted recreation left is put back", "[flow][commands]") {
    Scene scene;
    scene.deployment.capabilities = {"rename"};
    make_chunks(scene);
    auto node = scene.deployment.tables.extract("chunks");
    node.key() = "chunks__genevactl_old";
    scene.deployment.tables.insert(std::move(node));
    const auto gone = scene.run({"view", "recreate", "chunks", "--yes"});
    CHECK(gone.code == 5);
    CHECK(tells(gone.err, "genevactl view recreate chunks --restore"));
    CHECK(scene.run({"view", "recreate", "chunks", "--restore", "--dry-run"}).code == 0);
    const auto restored = scene.run({"view", "recreate", "chunks", "--restore"});
    CHECK(restored.code == 0);
    CHECK(tells(restored.out, "restored chunks: the old view, with its rows"));
    CHECK(scene.deployment.tables.contains("chunks"));
    CHECK(scene.run({"view", "recreate", "chunks", "--restore"}).code == 6);
    CHECK(scene.run({"view", "recreate", "other", "--restore"}).code == 5);
}

TEST_CASE("elsewhere the old definition is kept until the new view is there", "[flow][commands]") {
    Scene scene;
    make_chunks(scene);
    const auto first = create_body(scene);
    int creations = 0;
    scene.deployment.instead = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
        if (request.path.find("/create") == std::string::npos || creations++ > 0) {
            return std::nullopt;
        }
        return HttpResponse{.status = 400,
                            .headers = {{"content-type", "application/json"}},
                            .body = R"({"error":"not today","code":13})"};
    };
    const Words recreate = {"view", "recreate", "chunks", "--yes"};
    const auto failed = scene.run(recreate);
    CHECK(failed.code != 0);
    CHECK(tells(failed.err, "after the old view was dropped"));
    CHECK(tells(failed.err, "genevactl view recreate chunks --restore puts the old definition"));
    CHECK_FALSE(scene.deployment.tables.contains("chunks"));
    CHECK(scene.run(recreate).code == 5);

    REQUIRE(scene.run({"view", "recreate", "chunks", "--restore"}).code == 0);
    CHECK(create_body(scene) == first);
    CHECK(scene.deployment.tables.contains("chunks"));
    // And where nothing fails, nothing is kept.
    REQUIRE(scene.run(recreate).code == 0);
    scene.deployment.tables.erase("chunks");
    CHECK(scene.run({"view", "recreate", "chunks", "--restore"}).code == 5);
}

TEST_CASE("a recreation keeps what it is not told to change", "[flow][commands]") {
    Scene scene;
    const Json manifest = {{"name", "deps"}, {"checksum", "abc"}, {"pip", {"cowsay==6.1"}}};
    scene.user.python.answer = built_view("chunker", manifest);
    REQUIRE(scene.run(k_create).code == 0);
    // Nothing to change: the pickle goes back as it is.
    REQUIRE(scene.run({"view", "recreate", "chunks", "--dry-run"}).code == 0);
    auto asked = scene.user.python.questions.back()["view"];
    CHECK(asked["query"] == k_query);
    CHECK(json::parse(asked["kept"].get<std::string>())["name"] == "words");
    CHECK(asked["manifest"]["checksum"] == "abc");
    CHECK(asked["schema_metadata"]["genevactl.identity"] == "v1:5eed");
    // Another transform: the manifest falls back to the one on the view.
    const Words other = {"view", "recreate", "chunks", "--chunker", "features:words", "--dry-run"};
    REQUIRE(scene.run(other).code == 0);
    asked = scene.user.python.questions.back()["view"];
    CHECK(asked["manifest"]["checksum"] == "abc");
    CHECK(asked["where"] == "id > 2");
    // Another manifest or query alone cannot go into the pickle that is there.
    const auto refused = scene.run({"view", "recreate", "chunks", "--where", "id > 9"});
    CHECK(refused.code == 2);
    CHECK(tells(refused.err, "add --chunker MODULE:OBJECT (it was called words)"));
    CHECK(scene.run({"view", "recreate", "docs", "--yes"}).code == 2);
    CHECK(scene.run({"view", "recreate", "chunks", "--restore", "--query"}).code == 2);
}
