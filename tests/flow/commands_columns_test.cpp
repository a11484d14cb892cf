// SPDX-License-Identifier: Apache-2.0
#include "flow/commands.hpp"

using namespace genevactl;
using namespace genevactl::test;
using nlohmann::json;
using Json = nlohmann::ordered_json;

namespace {

/// A column of a transform with several outputs.
Json output_field(const std::string& name) {
    auto field = computed_field(name, "sizes");
    field["metadata"]["virtual_column.unpack_group"] = "71ca4473e3bf5a1d";
    return field;
}

Json& fields_of(Scene& scene) {
    return scene.deployment.tables["docs"]["schema"]["fields"];
}

/// What the bridge answers of a transform with two outputs.
Json several_outputs() {
    auto answer = FakePython::described_transform();
    answer["outputs"] = Json::parse(
        R"([{"column":"letters","struct_field":"letters","data_type":{"type":"int64"}},
            {"column":"upper","struct_field":"upper","data_type":{"type":"string"}}])");
    answer["virtual_column"] = Json::parse(
        R"({"udf":"cGlja2xl","udf_name":"sizes","input_columns":["text"],"outputs":[
            {"column":"letters"},{"column":"upper"}]})");
    answer["alter_virtual_column"] = nullptr;
    return answer;
}

}  // namespace

TEST_CASE("a transform with several outputs is one registration", "[flow][commands]") {
    Scene scene;
    scene.user.python.answer = several_outputs();
    const auto ran = scene.run({"column", "add", "docs", "-", "features:sizes"});
    CHECK(ran.code == 0);
    CHECK(tells(ran.out, "docs.letters, docs.upper"));
    CHECK(tells(ran.out, "letters: int64, upper: string"));
    CHECK(scene.user.python.questions.at(0)["column"].is_null());
    const auto bodies = scene.deployment.bodies("add_columns");
    REQUIRE(bodies.size() == 1);
    CHECK(bodies[0]["new_columns"].size() == 1);
    CHECK(bodies[0]["new_columns"][0]["name"] == "letters");
    CHECK(bodies[0]["new_columns"][0]["virtual_column"]["outputs"].size() == 2);

    const Words dry = {"column", "add", "docs", "-", "features:sizes", "--dry-run"};
    CHECK(scene.run(with(dry, {"-o", "name"})).out == "docs.letters\ndocs.upper\n");
    const auto document = scene.run(with(dry, {"-o", "json"})).document();
    CHECK(document["column"].is_null());
    CHECK(document["columns"] == json({"letters", "upper"}));
    fields_of(scene).push_back(output_field("upper"));
    const auto there = scene.run(dry);
    CHECK(there.code == 6);
    CHECK(tells(there.err, "docs already has a column upper"));
    CHECK(scene.deployment.changes().size() == 1);
}

TEST_CASE("columns of one registration are shown together and not re-pointed", "[flow][commands]") {
    Scene scene;
    fields_of(scene).push_back(output_field("letters"));
    fields_of(scene).push_back(output_field("upper"));
    CHECK(tells(scene.run({"column", "list", "docs"}).out, "sizes (with letters)"));
    CHECK(tells(scene.run({"column", "show", "docs", "upper"}).out, "computed with"));
    const auto shown = scene.run({"column", "show", "docs", "upper", "-o", "json"}).document();
    CHECK(shown["computed"]["siblings"] == json({"letters"}));
    const auto alone = scene.run({"column", "show", "docs", "length", "-o", "json"}).document();
    CHECK(alone["computed"]["siblings"].empty());

    const auto altered = scene.run({"column", "alter", "docs", "upper", "features:sizes"});
    CHECK(altered.code == 6);
    CHECK(tells(altered.err, "one of several outputs of a transform (upper, letters)"));
    CHECK(tells(altered.err, "genevactl column drop docs upper letters --yes"));
    CHECK(scene.user.python.questions.empty());
    const auto dropped = scene.run({"column", "drop", "docs", "upper", "--yes"});
    CHECK(dropped.code == 6);
    CHECK(tells(dropped.err, "genevactl column drop docs upper letters"));
    CHECK(scene.deployment.changes().empty());
    CHECK(scene.run({"column", "drop", "docs", "upper", "letters", "--yes"}).code == 0);
}

TEST_CASE("inputs go out in the spelling of the table", "[flow][commands]") {
    Scene scene;
    fields_of(scene).push_back({{"name", "Body-Text"}, {"type", {{"type", "utf8"}}}});
    scene.user.python.answer["inputs"] = {"TEXT", "`body-text`", "Body-Text"};
    const auto ran = scene.run({"column", "add", "docs", "vector", "features:embed"});
    CHECK(ran.code == 0);
    const auto body = scene.deployment.bodies("add_columns").at(0);
    CHECK(body["new_columns"][0]["virtual_column"]["input_columns"] ==
          Json({"text", "`Body-Text`", "`Body-Text`"}));
    REQUIRE(scene.run({"column", "alter", "docs", "length", "features:embed"}).code == 0);
    CHECK(scene.deployment.bodies("alter_columns")
              .at(0)["alterations"][0]["virtual_column"]["input_columns"][0] == "text");
}

TEST_CASE("a column is dropped only with --yes", "[flow][commands]") {
    Scene scene;
    const Words drop = {"column", "drop", "docs", "embedding", "title", "embedding"};
    const auto refused = scene.run(drop);
    CHECK(refused.code == 2);
    CHECK(tells(refused.err, "this would drop docs.embedding, docs.title with all values"));
    CHECK(tells(refused.err, "--yes"));
    const auto dry = scene.run(with(drop, {"--dry-run"}));
    CHECK(dry.code == 0);
    CHECK(dry.out == "would drop docs.embedding, docs.title\n");
    CHECK(scene.deployment.changes().empty());

    const auto ran = scene.run(with(drop, {"--yes"}));
    CHECK(ran.code == 0);
    CHECK(ran.out == "dropped docs.embedding, docs.title\n");
    REQUIRE(scene.deployment.changes() == Words{"POST /v1/table/docs/drop_columns"});
    CHECK(scene.deployment.bodies("drop_columns").at(0) ==
          Json::parse(R"({"id":["docs"],"columns":["embedding","title"]})"));
    const auto document = scene.run(with(drop, {"--yes", "-o", "json"})).document();
    CHECK(document["version"] == 13);
    CHECK(document["columns"] == json({"embedding", "title"}));
}

TEST_CASE("what reads a dropped column is said", "[flow][commands]") {
    Scene scene;  // embedding and length read text
    const auto refused = scene.run({"column", "drop", "docs", "text"});
    CHECK(refused.code == 2);
    CHECK(tells(refused.err, "embedding, length read what is dropped"));
    const auto ran = scene.run({"column", "drop", "docs", "text", "length", "--yes"});
    CHECK(ran.code == 0);
    CHECK(tells(ran.err, "embedding reads what is dropped"));
    const auto all =
        scene.run({"column", "drop", "docs", "text", "length", "title", "embedding", "--yes"});
    CHECK(all.code == 2);
    CHECK(tells(all.err, "no column left"));
    const auto typo = scene.run({"column", "drop", "docs", "lenght", "--yes"});
    CHECK(typo.code == 5);
    CHECK(tells(typo.err, "did you mean length?"));
    CHECK(scene.deployment.changes().size() == 1);
}

TEST_CASE("tables of namespaces are named by their path", "[flow][commands]") {
    Scene scene;
    auto& tables = scene.deployment.tables;
    tables["team$notes"] = tables["docs"];
    tables["team$sub$drafts"] = tables["docs"];
    tables["__system$geneva_jobs"] = tables["docs"];
    CHECK(scene.run({"table", "list"}).out == "TABLE\ndocs\n");
    CHECK(scene.run({"table", "list", "team"}).out == "TABLE\nteam/notes\n");
    CHECK(scene.run({"table", "list", "--recursive", "-o", "name"}).out ==
          "docs\nteam/notes\nteam/sub/drafts\n");
    CHECK(scene.run({"table", "list", "team", "--recursive", "-o", "name"}).out ==
          "team/notes\nteam/sub/drafts\n");
    CHECK(scene.run({"table", "list", "__system", "-o", "name"}).out == "__system/geneva_jobs\n");
    const auto missing = scene.run({"table", "list", "taem"});
    CHECK(missing.code == 5);
    CHECK(tells(missing.err, "there is no namespace taem in db://default"));
    const auto near = scene.run({"table", "show", "team/note"});
    CHECK(near.code == 5);
    CHECK(tells(near.err, "did you mean team/notes?"));

    CHECK(tells(scene.run({"table", "show", "team/notes"}).out, "team/notes"));
    CHECK(scene.run({"column", "drop", "team/notes", "title", "--yes"}).code == 0);
    CHECK(scene.deployment.changes() == Words{"POST /v1/table/team$notes/drop_columns"});
    CHECK(scene.deployment.bodies("drop_columns").at(0)["id"] == Json({"team", "notes"}));
}
