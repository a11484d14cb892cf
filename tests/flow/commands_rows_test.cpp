// SPDX-License-Identifier: Apache-2.0
#include "flow/commands.hpp"

using namespace genevactl;
using namespace genevactl::test;
using nlohmann::json;
using Json = nlohmann::ordered_json;

TEST_CASE("rows of every type are shown", "[flow][commands]") {
    Scene scene;
    scene.deployment.queried = arrow_fixture("types.arrow");
    check_golden("table_head.txt", scene.run({"table", "head", "docs"}).out);
    check_golden("table_head.json", scene.run({"table", "head", "docs", "-o", "json"}).out);
    const auto lines = scene.run({"table", "head", "docs", "-o", "jsonl"}).out;
    const auto rows = scene.run({"table", "head", "docs", "-o", "json"}).document()["rows"];
    REQUIRE(rows.size() == 2);
    CHECK(json::parse(lines.substr(0, lines.find('\n'))) == rows[0]);
    CHECK(rows[0]["bytes"] == "AP8=");
    CHECK(rows[1]["text"].is_null());
    CHECK(scene.run({"table", "head", "docs", "-o", "name"}).out == "true\nnull\n");
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("the query asks for the columns and rows that were named", "[flow][commands]") {
    Scene scene;
    CHECK(scene.run({"table", "head", "docs"}).err == "docs has no such rows\n");
    const auto whole = scene.deployment.bodies("query").at(0);
    CHECK(whole["k"] == 10);
    CHECK(whole["columns"]["column_names"] == Json({"title", "text", "embedding", "length"}));
    CHECK_FALSE(whole.contains("filter"));
    scene.run({"table", "head", "docs", "--columns", "text,title", "--where", "length > 3",
               "--limit", "2"});
    const auto part = scene.deployment.bodies("query").at(1);
    CHECK(part["k"] == 2);
    CHECK(part["columns"]["column_names"] == Json({"text", "title"}));
    CHECK(part["filter"] == "length > 3");
    CHECK(scene.run({"table", "head", "docs", "-o", "json"}).out ==
          "{\"schema_version\":1,\"table\":\"docs\",\"rows\":[]}\n");

    const auto typo = scene.run({"table", "head", "docs", "--columns", "txt"});
    CHECK(typo.code == 5);
    CHECK(tells(typo.err, "did you mean text?"));
    CHECK(scene.deployment.bodies("query").size() == 3);
}
