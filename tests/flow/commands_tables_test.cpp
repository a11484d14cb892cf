// SPDX-License-Identifier: Apache-2.0
#include "flow/commands.hpp"

using namespace genevactl;
using namespace genevactl::test;
using nlohmann::json;
using Json = nlohmann::ordered_json;

namespace {

Json pinned_manifest() {
    return {{"name", "deps"}, {"checksum", "c3438299aa"}, {"pip", {"wordllama==0.3.9"}}};
}

/// Pins the manifest to the embedding column.
void pin(ScriptedDeployment& deployment) {
    auto& fields = deployment.tables["docs"]["schema"]["fields"];
    fields[2]["metadata"] = computed_field("", "embed", pinned_manifest())["metadata"];
}

}  // namespace

TEST_CASE("each format of a list says the same", "[flow][commands]") {
    Scene scene;
    scene.deployment.tables["archive"] = scene.deployment.tables["docs"];
    CHECK(scene.run({"table", "list"}).out == "TABLE\narchive\ndocs\n");
    CHECK(scene.run({"table", "list", "-o", "name"}).out == "archive\ndocs\n");
    CHECK(scene.run({"table", "list", "-o", "json"}).out ==
          R"([{"schema_version":1,"table":"archive"},{"schema_version":1,"table":"docs"}])"
          "\n");
    CHECK(scene.run({"table", "list", "-o", "jsonl"}).out ==
          "{\"schema_version\":1,\"table\":\"archive\"}\n"
          "{\"schema_version\":1,\"table\":\"docs\"}\n");
}

TEST_CASE("an empty list is [] and a sentence on stderr", "[flow][commands]") {
    Scene scene;
    scene.deployment.tables.clear();
    const auto table = scene.run({"table", "list"});
    CHECK(table.out.empty());
    CHECK(table.err == "db://default has no tables\n");
    CHECK(scene.run({"table", "list", "-o", "json"}).out == "[]\n");
    scene.deployment.has_jobs_table = false;
    CHECK(scene.run({"job", "list", "-o", "json"}).out == "[]\n");
    CHECK(scene.run({"job", "list"}).err == "no jobs\n");
}

TEST_CASE("the folder of a local database that has no table yet is no error", "[flow][commands]") {
    Scene scene;
    scene.deployment.instead = [](const HttpRequest& request) -> std::optional<HttpResponse> {
        if (request.path.find("/table/list") == std::string::npos) return std::nullopt;
        return json_response(404, R"({"error":"no such namespace","code":1})");
    };
    CHECK(scene.run({"table", "list"}).code == 5);  // elsewhere it is one
    scene.deployment.capabilities = {"cancel"};
    const auto local = scene.run({"table", "list", "-o", "json"});
    CHECK(local.code == 0);
    CHECK(local.out == "[]\n");
    CHECK(scene.run({"table", "list"}).err == "db://default has no tables\n");
    CHECK(scene.run({"table", "list", "some_namespace"}).code == 5);
}

TEST_CASE("a table and its columns are shown", "[flow][commands]") {
    Scene scene;
    pin(scene.deployment);
    check_golden("table_show.txt", scene.run({"table", "show", "docs"}).out);
    check_golden("table_show.json", scene.run({"table", "show", "docs", "-o", "json"}).out);
    check_golden("column_list.txt", scene.run({"column", "list", "docs"}).out);
    check_golden("column_show.txt", scene.run({"column", "show", "docs", "embedding"}).out);
    CHECK(scene.run({"column", "list", "docs", "-o", "name"}).out ==
          "title\ntext\nembedding\nlength\n");
    CHECK(tells(scene.run({"column", "show", "docs", "title"}).out, "no: a plain column"));
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("names that are not there get the nearest that are", "[flow][commands]") {
    Scene scene;
    const auto table = scene.run({"column", "list", "doc"});
    CHECK(table.code == 5);
    CHECK(tells(table.err, "did you mean docs?"));
    const auto column = scene.run({"column", "show", "docs", "embeding"});
    CHECK(column.code == 5);
    CHECK(tells(column.err, "docs has no column embeding"));
    CHECK(tells(column.err, "did you mean embedding?"));
    const auto plain = scene.run({"backfill", "docs", "title"});
    CHECK(plain.code == 2);
    CHECK(tells(plain.err, "docs.title is a plain column"));
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("a column is registered with what the bridge made", "[flow][commands]") {
    Scene scene;
    scene.user.write("deps.json", scene.run({"manifest", "create", "pip", "deps", "a==1"}).out);
    const auto ran =
        scene.run({"column", "add", "docs", "vector", "features:embed", "--manifest", "deps.json"});
    CHECK(ran.code == 0);
    check_golden("column_add.txt", ran.out);
    REQUIRE(scene.deployment.changes() == Words{"POST /v1/table/docs/add_columns"});
    const auto body = scene.deployment.bodies("add_columns").at(0);
    check_golden("column_add_request.json", body.dump(2) + "\n");

    REQUIRE(scene.user.python.questions.size() == 1);
    const auto& asked = scene.user.python.questions[0];
    CHECK(asked["action"] == "register");
    CHECK(asked["target"] == "features:embed");
    CHECK(asked["column"] == "vector");
    CHECK(asked["replace_pinned"] == false);
    CHECK(asked["manifest"]["json"].get<std::string>() + "\n" == scene.user.read("deps.json"));
}

TEST_CASE("the identity of a transform is kept with its column", "[flow][commands]") {
    Scene scene;
    const Words add = {"column", "add", "docs", "vector", "features:embed", "-o", "json"};
    const auto kept = scene.run(add);
    CHECK(kept.document()["identity_kept"] == true);
    CHECK(kept.document()["transform"]["identity"] == "v1:5eed");
    CHECK_FALSE(tells(kept.err, "identity"));
    const auto shown = scene.run({"column", "show", "docs", "vector"});
    CHECK(tells(shown.out, "identity         v1:5eed\n"));
    const auto document = scene.run({"column", "show", "docs", "vector", "-o", "json"}).document();
    CHECK(document["computed"]["identity"] == "v1:5eed");
    CHECK(document["computed"]["field_metadata"].empty());
}

TEST_CASE("a deployment that keeps no identity still registers", "[flow][commands]") {
    Scene scene;
    const Words add = {"column", "add", "docs", "vector", "features:embed", "-o", "json"};
    scene.deployment.keeps_field_metadata = false;
    const auto dropped = scene.run(add);
    CHECK(dropped.code == 0);
    CHECK(dropped.document()["identity_kept"] == false);
    CHECK(tells(dropped.err, "does not keep the identity"));
    CHECK(scene.deployment.bodies("add_columns").size() == 1);

    scene.deployment.takes_field_metadata = false;
    const auto refused = scene.run(add);
    CHECK(refused.code == 0);
    CHECK(refused.document()["identity_kept"] == false);
    const auto bodies = scene.deployment.bodies("add_columns");
    REQUIRE(bodies.size() == 3);
    CHECK(bodies[2]["new_columns"][0]["virtual_column"]["field_metadata"].is_null());
    CHECK(bodies[2]["new_columns"][0]["virtual_column"]["udf"] == "cGlja2xl");
}

TEST_CASE("an SQL expression needs no Python", "[flow][commands]") {
    Scene scene;
    const Words words = {"column", "add", "docs", "twice", "--expression", "length * 2"};
    auto dry = words;
    dry.emplace_back("--dry-run");
    CHECK(scene.run(dry).out == "would add docs.twice = length * 2\n");
    CHECK(scene.deployment.changes().empty());
    CHECK(scene.run(words).out == "added docs.twice = length * 2\n");
    CHECK(scene.deployment.bodies("add_columns").at(0)["new_columns"] ==
          Json::parse(R"([{"name":"twice","expression":"length * 2","computed":null,
                           "virtual_column":null}])"));
    CHECK(scene.user.python.questions.empty());
}

TEST_CASE("a dry run of a registration checks all of it and sends only reads", "[flow][commands]") {
    Scene scene;
    for (const Words& words :
         {Words{"column", "add", "docs", "vector", "features:embed", "--dry-run"},
          Words{"column", "alter", "docs", "length", "features:embed", "--dry-run"}}) {
        const auto ran = scene.run(words);
        CHECK(ran.code == 0);
        CHECK(tells(ran.out, "would be "));
    }
    CHECK(scene.user.python.questions.size() == 2);
    CHECK_FALSE(scene.deployment.server.requests().empty());
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("two manifests are a conflict unless one is said to win", "[flow][commands]") {
    Scene scene;
    scene.user.write("deps.json", scene.run({"manifest", "create", "pip", "deps", "a==1"}).out);
    Words words = {"column", "add", "docs", "vector", "features:embed", "--manifest", "deps.json"};
    scene.user.python.answer = Json::parse(
        R"({"version":1,"error":{"kind":"conflict","message":"the decorator pins other-deps",
            "hint":"--replace-pinned"}})");
    const auto ran = scene.run(words);
    CHECK(ran.code == 6);
    CHECK(tells(ran.err, "the decorator pins other-deps"));
    CHECK(tells(ran.err, "try: --replace-pinned"));
    CHECK(scene.deployment.changes().empty());

    scene.user.python.answer = FakePython::described_transform();
    words.emplace_back("--replace-pinned");
    CHECK(scene.run(words).code == 0);
    CHECK(scene.user.python.questions.back()["replace_pinned"] == true);
}

TEST_CASE("what does not fit the table is found before anything is registered",
          "[flow][commands]") {
    Scene scene;
    auto& answer = scene.user.python.answer;
    const Words add = {"column", "add", "docs", "vector", "features:embed"};
    const Words alter = {"column", "alter", "docs", "length", "features:embed"};

    answer["inputs"] = {"txet"};
    const auto input = scene.run(add);
    CHECK(input.code == 5);
    CHECK(tells(input.err, "docs has no column txet"));
    CHECK(tells(input.err, "did you mean text?"));
    CHECK(tells(input.err, "while checking the inputs of features:embed"));

    answer = FakePython::described_transform();
    answer["kind"] = "chunker";
    CHECK(scene.run(add).code == 2);

    answer = FakePython::described_transform();
    answer["outputs"][0]["data_type"] = {{"type", "string"}};
    const auto type = scene.run(alter);
    CHECK(type.code == 6);
    CHECK(tells(type.err, "features:embed gives string, the column is int64"));

    const auto there = scene.run({"column", "add", "docs", "length", "features:embed"});
    CHECK(there.code == 6);
    CHECK(tells(there.err, "genevactl column alter docs length features:embed"));
    CHECK(scene.run({"column", "alter", "docs", "title", "features:embed"}).code == 2);
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("the user's own error is shown with its traceback", "[flow][commands]") {
    Scene scene;
    scene.user.python.answer = Json::parse(
        R"({"version":1,"error":{"kind":"import","message":"features cannot be imported",
            "hint":"","traceback":"Traceback:\n  line 3\nNameError: x\n"}})");
    const auto ran = scene.run({"column", "add", "docs", "vector", "features:embed"});
    CHECK(ran.code == 1);
    CHECK(tells(ran.err, "  | NameError: x\n"));
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("altering says that old values are kept and how to recompute them", "[flow][commands]") {
    Scene scene;
    const auto ran = scene.run({"column", "alter", "docs", "length", "features:embed"});
    CHECK(ran.code == 0);
    CHECK(tells(ran.err, "old values kept: 7 rows"));
    CHECK(tells(ran.err, "genevactl backfill docs length --force"));
    auto expected = Json::parse(R"([{"path":"length","rename":null,"nullable":null,"virtual_column":
              {"udf":"cGlja2xl","udf_name":"embed","input_columns":["text"],
               "field_metadata":{"genevactl.identity":"v1:5eed"}}}])");
    expected[0]["virtual_column"]["field_metadata"]["genevactl.registered"] =
        R"({"how":"altered","at":"2026-11-22T09:30:00Z","last_job":null})";
    CHECK(scene.deployment.bodies("alter_columns").at(0)["alterations"] == expected);
    CHECK(scene.deployment.bodies("count_rows").at(0)["predicate"] == "length IS NOT NULL");

    auto& answer = scene.user.python.answer;  // the client's names for what describe tells
    const auto vector = json::parse(
        R"({"type":"fixed_size_list","length":4,
            "fields":[{"name":"item","type":{"type":"float"}}]})");
    answer["outputs"][0]["data_type"] = vector;
    CHECK(scene.run({"column", "alter", "docs", "embedding", "features:embed"}).code == 0);
    answer = FakePython::described_transform();

    pin(scene.deployment);
    answer["outputs"][0]["data_type"] = vector;
    const auto loses = scene.run({"column", "alter", "docs", "embedding", "features:embed"});
    CHECK(loses.code == 0);
    CHECK(tells(loses.err, "the column was pinned to deps@c3438299; it will have no manifest"));
    CHECK(tells(loses.err, "try: give the manifest again with --manifest FILE"));
    answer = FakePython::described_transform();

    scene.deployment.rows = 0;
    CHECK_FALSE(
        tells(scene.run({"column", "alter", "docs", "length", "features:embed"}).err, "kept"));
}

TEST_CASE("the manifest of a job is resolved with every other candidate's reason",
          "[flow][commands]") {
    Scene scene;
    pin(scene.deployment);
    check_golden("resolve.txt", scene.run({"resolve", "docs", "embedding"}).out);
    const auto ran = scene.run({"resolve", "docs", "embedding", "-o", "json"});
    CHECK(ran.document()["origin"] == "pinned");
    CHECK(ran.document()["manifest"] == "deps");
    CHECK(ran.document()["candidates"].size() == 5);
    CHECK(scene.run({"resolve", "docs", "embedding", "-o", "name"}).out == "deps\n");
    CHECK(scene.deployment.changes().empty());
}
