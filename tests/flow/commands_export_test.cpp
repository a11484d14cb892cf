// SPDX-License-Identifier: Apache-2.0
#include "flow/commands.hpp"
#include "genevactl/project/file.hpp"

using namespace genevactl;
using namespace genevactl::test;
using Json = nlohmann::ordered_json;

namespace {

Json manifest(Scene& scene, const Words& arguments) {
    const auto made = scene.run(with({"manifest", "create"}, arguments));
    REQUIRE(made.code == 0);
    return Json::parse(made.out);
}

/// A column that genevactl registered: it kept MODULE:OBJECT.
Json registered(const std::string& name, const std::string& target, const Json& pinned = nullptr) {
    auto field = computed_field(name, name, pinned);
    field["metadata"]["genevactl.target"] = target;
    return field;
}

Json view(const std::string& version, const std::string& base, const Json& more = Json::object()) {
    Json metadata = {{"geneva::view::base_table", "docs"},
                     {"geneva::view::version", version},
                     {"geneva::view::query", R"({"base":)" + base + "}"}};
    metadata.update(more);
    return {{"version", 3},
            {"schema", {{"fields", Json::array()}, {"metadata", std::move(metadata)}}}};
}

project::File loaded(const Scene& scene) {
    const auto file = project::load(scene.user.surroundings);
    if (!file) FAIL(file.error().message);
    return *file;
}

}  // namespace

TEST_CASE("an export says of columns, views and manifests what the deployment keeps") {
    Scene scene;
    const auto deps = manifest(scene, {"pip", "deps", "cowsay==6.1", "--env", "A=1"});
    auto site = manifest(scene, {"site", "captured"});
    auto& fields = scene.deployment.tables["docs"]["schema"]["fields"];
    fields.push_back(registered("a", "features:a", deps));
    fields.push_back(registered("b", "features:b", deps));
    fields.push_back(registered("c", "features:c", site));
    scene.deployment.tables["q"] =
        view("1", R"~({"filter":"id > 2","columns":{"id":"id","n":"length(text)"}})~");
    scene.deployment.tables["team$chunks"] =
        view("chunker", R"~({"columns":["id","text"]})~",
             {{"geneva::view::chunker", R"~({"name":"split","input_columns":["text"]})~"},
              {"genevactl.target", "features:split"}});
    scene.deployment.tables["theirs"] =
        view("udtf", "{}", {{"geneva::view::udtf", R"~({"name":"stats"})~"}});
    scene.deployment.add_job("job-1", model::JobStatus::done).column = "a";

    const auto ran = scene.run({"export", "--out", "geneva.toml"});
    CHECK(ran.code == 0);
    CHECK(ran.out == "geneva.toml: 2 manifests, 5 columns, 3 views\n");
    CHECK(tells(ran.err, "docs.embedding, docs.length, theirs"));
    CHECK(scene.deployment.changes().empty());

    const auto file = loaded(scene);
    REQUIRE(file.manifests.size() == 2);
    CHECK(file.manifests[0].name == "deps");
    CHECK(file.manifests[0].pip == Words{"cowsay==6.1"});
    CHECK(file.manifests[0].env_vars.at("A") == "1");
    CHECK(file.manifests[1].kind == project::ManifestEntry::Kind::file);
    CHECK(Json::parse(scene.user.read("manifests/captured.json"))["checksum"] == site["checksum"]);
    REQUIRE(file.columns.size() == 5);
    CHECK(file.columns[0].text() == "docs.embedding");
    CHECK(file.columns[0].keep);
    CHECK(file.columns[2].transform == "features:a");
    CHECK(file.columns[2].manifest == "deps");
    CHECK(file.columns[2].inputs == Words{"text"});
    CHECK(file.columns[2].backfill == project::Due::fresh);
    CHECK(file.columns[3].manifest == "deps");
    CHECK(file.columns[3].backfill == project::Due::never);
    CHECK(file.columns[4].manifest == "captured");
    REQUIRE(file.views.size() == 3);
    CHECK(file.views[0].name.text() == "q");
    CHECK(file.views[0].select == Words{"id", "n=length(text)"});
    CHECK(file.views[0].where == "id > 2");
    CHECK(file.views[0].refresh == project::Due::never);
    CHECK(file.views[1].kind == project::ViewEntry::Kind::keep);
    CHECK(file.views[2].name.text() == "team/chunks");
    CHECK(file.views[2].transform == "features:split");
    CHECK(file.views[2].source.text() == "docs");
    CHECK(tells(scene.user.read("geneva.toml"), "# stats: what makes it was not kept"));
}

TEST_CASE("an export to standard output is the file, and JSON tells of it") {
    Scene scene;
    const auto plain = scene.run({"export"});
    CHECK(plain.code == 0);
    CHECK(tells(plain.out, "[columns.\"docs.embedding\"]\nkeep = true\n"));
    const auto document = scene.run({"export", "-o", "json"}).document();
    CHECK(document["toml"] == plain.out);
    CHECK(document["path"].is_null());
    CHECK(document["columns"] == nlohmann::json({"docs.embedding", "docs.length"}));
    CHECK(document["kept"] == document["columns"]);
}

TEST_CASE("an export replaces no file unasked, and holds no secret") {
    Scene scene;
    scene.user.write("mine.toml", "# mine\n");
    const auto refused = scene.run({"export", "--out", "mine.toml"});
    CHECK(refused.code == 6);
    CHECK(tells(refused.err, "mine.toml is there already"));
    CHECK(scene.user.read("mine.toml") == "# mine\n");
    CHECK(scene.deployment.server.requests().empty());

    const std::string token = "hf_" + std::string("AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh");
    const auto secret = manifest(scene, {"pip", "deps", "--env", "A=" + token});
    scene.deployment.tables["docs"]["schema"]["fields"].push_back(
        registered("a", "features:a", secret));
    CHECK(scene.run({"export", "--out", "mine.toml", "--force"}).code == 0);
    const auto written = scene.user.read("mine.toml");
    CHECK(tells(written, "[columns.\"docs.a\"]\nkeep = true\n"));
    CHECK_FALSE(tells(written, token));
    CHECK_FALSE(tells(written, "[manifests"));
}

TEST_CASE("two manifests of one name keep apart") {
    Scene scene;
    const auto old = manifest(scene, {"pip", "deps", "cowsay==6.0"});
    const auto now = manifest(scene, {"pip", "deps", "cowsay==6.1"});
    auto& fields = scene.deployment.tables["docs"]["schema"]["fields"];
    fields.push_back(registered("a", "features:a", old));
    fields.push_back(registered("b", "features:b", now));
    CHECK(scene.run({"export", "--out", "geneva.toml"}).code == 0);
    const auto file = loaded(scene);
    REQUIRE(file.manifests.size() == 2);
    CHECK(file.manifests[0].name == "deps");
    CHECK(file.manifests[1].name == "deps-" + now["checksum"].get<std::string>().substr(0, 8));
}

TEST_CASE("the schema is printed where a project file is broken, too") {
    Scene scene;
    scene.user.write("geneva.toml", "[deployment\n");
    const auto ran = scene.run({"schema"});
    CHECK(ran.code == 0);
    CHECK(ran.document()["title"] == "genevactl project file");
}
