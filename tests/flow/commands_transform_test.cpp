// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "flow/commands.hpp"

using namespace genevactl;
using namespace genevactl::test;

namespace {

using Json = nlohmann::ordered_json;

/// A user who has neither Python nor a deployment of their own making: nothing answers questions.
void take_python_away(Scene& scene) {
    scene.user.surroundings.environment["PATH"] = "/nowhere";
    scene.user.surroundings.environment["GENEVACTL_PYTHON"] = "/nowhere/python";
    scene.user.surroundings.environment.erase("VIRTUAL_ENV");
    scene.user.python.questions.clear();
}

/// The user's transform reads titles; the deployment and the interpreter answer two small tables.
void prepare_run(Scene& scene) {
    scene.deployment.queried = arrow_fixture("trial_rows.arrow");
    auto& python = scene.user.python;
    python.results = arrow_fixture("trial_results.arrows");
    python.answer["inputs"] = {"title"};
    python.answer["run"] = {{"rows", 2}, {"results", 3}, {"notes", {"not as a job would"}}};
}

}  // namespace

TEST_CASE("a bundle registers elsewhere, later, without Python", "[flow][commands]") {
    Scene scene;
    scene.user.write("deps.json", scene.run({"manifest", "create", "pip", "deps", "a==1"}).out);
    const Words rest = {"--manifest", "deps.json"};
    REQUIRE(scene.run(with({"column", "add", "docs", "vector", "features:embed"}, rest)).code == 0);
    const auto expected = scene.deployment.bodies("add_columns").at(0);

    const auto packed =
        scene.run(with({"transform", "pack", "features:embed", "--out", "e.bundle"}, rest));
    REQUIRE(packed.code == 0);
    CHECK(tells(packed.out, "deps@0d7012d0"));
    const auto& asked = scene.user.python.questions.back();
    CHECK(asked["action"] == "pack");
    CHECK(asked["manifest"]["json"].get<std::string>() + "\n" == scene.user.read("deps.json"));

    Scene elsewhere;
    take_python_away(elsewhere);
    elsewhere.user.write("e.bundle", scene.user.read("e.bundle"));
    const auto added = elsewhere.run({"column", "add", "docs", "vector", "e.bundle", "-o", "json"});
    REQUIRE(added.code == 0);
    CHECK(added.document()["manifest"]["name"] == "deps");
    CHECK(added.document()["identity_kept"] == true);
    CHECK(nlohmann::json(elsewhere.deployment.bodies("add_columns").at(0)) ==
          nlohmann::json(expected));
    CHECK(elsewhere.run({"column", "alter", "docs", "length", "e.bundle"}).code == 0);
    const auto shown = elsewhere.run({"transform", "inspect", "e.bundle", "-o", "json"});
    CHECK(shown.document()["identity"] == "v1:5eed");
    CHECK(elsewhere.user.python.questions.empty());
}

TEST_CASE("a bundle that is none, was altered or is fixed says so", "[flow][commands]") {
    Scene scene;
    REQUIRE(scene.run({"transform", "pack", "features:embed", "--out", "e.bundle"}).code == 0);
    auto bundle = Json::parse(scene.user.read("e.bundle"));
    bundle["content"]["virtual_column"]["udf"] = "b3RoZXI=";
    scene.user.write("altered.bundle", bundle.dump());
    scene.user.write("features.py", "import geneva\n");
    const Words add = {"column", "add", "docs", "vector"};
    const auto altered = scene.run(with(add, {"altered.bundle"}));
    CHECK(altered.code == 1);
    CHECK(tells(altered.err, "was altered"));
    CHECK(tells(altered.err, "while reading altered.bundle"));
    const auto source = scene.run(with(add, {"features.py"}));
    CHECK(source.code == 2);
    CHECK(tells(source.err, "features:OBJECT"));
    const auto fixed = scene.run(with(add, {"e.bundle", "--input-columns", "title"}));
    CHECK(fixed.code == 2);
    CHECK(tells(fixed.err, "transform pack"));
    CHECK(scene.deployment.changes().empty());
}

TEST_CASE("a trial run shows each result beside its row and registers nothing",
          "[flow][commands]") {
    Scene scene;
    prepare_run(scene);
    const Words run = {"transform", "run", "features:embed", "--table",   "docs",
                       "--rows",    "2",   "--where",        "length > 0"};
    const auto table = scene.run(run);
    REQUIRE(table.code == 0);
    check_golden("transform_run.txt", table.out);
    CHECK(tells(table.err, "not as a job would"));
    const auto query = scene.deployment.bodies("query").at(0);
    CHECK(query["columns"]["column_names"] == Json({"title"}));
    CHECK(query["filter"] == "length > 0");
    CHECK(query["k"] == 2);
    CHECK(scene.user.python.programs.empty());
    CHECK(scene.deployment.changes().empty());

    const auto document = scene.run(with(run, {"-o", "json"})).document();
    CHECK(document["inputs"][1] == nlohmann::json({{"title", "b c"}, {"length", 3}}));
    CHECK(document["outputs"].size() == 3);
    CHECK(document["outputs"][2] == nlohmann::json({{"row", 2}, {"values", {{"word", "c"}}}}));
    CHECK(document["installed"].empty());
}

TEST_CASE("an exception of the user's code ends a trial run with its traceback",
          "[flow][commands]") {
    Scene scene;
    prepare_run(scene);
    scene.user.python.answer = Json::parse(R"({"version":1,"error":{"kind":"run",
        "message":"'features:embed' raised ValueError: x in row 2","hint":"look",
        "traceback":"Traceback: line 7\n"}})");
    const auto ran = scene.run({"transform", "run", "features:embed", "--table", "docs"});
    CHECK(ran.code == 1);
    CHECK(ran.out.empty());
    CHECK(tells(ran.err, "ValueError: x in row 2"));
    CHECK(tells(ran.err, "  | Traceback: line 7\n"));
}

TEST_CASE("with a manifest a trial runs in an environment that goes again", "[flow][commands]") {
    Scene scene;
    prepare_run(scene);
    scene.user.write("deps.json", scene
                                      .run({"manifest", "create", "pip", "deps", "a==1", "--env",
                                            "A=1", "--extra-index-url", "https://index/simple"})
                                      .out);
    std::string requirements;
    std::filesystem::path folder;
    scene.user.python.on_program = [&](const base::Command& command) {
        if (command.arguments.back().ends_with("requirements.txt")) {
            requirements = base::read_file(command.arguments.back()).value();
            folder = *command.working_directory;
        }
        return base::ProcessResult{};
    };
    const auto ran = scene.run({"transform", "run", "features:embed", "--table", "docs",
                                "--manifest", "deps.json", "-o", "json"});
    REQUIRE(ran.code == 0);
    CHECK(requirements == "--extra-index-url https://index/simple\ngeneva==0.17.0\na==1\n");
    CHECK(ran.document()["installed"] == nlohmann::json({"geneva==0.17.0", "a==1"}));
    CHECK(tells(ran.err, "geneva==0.17.0, a==1"));
    CHECK_FALSE(std::filesystem::exists(folder));
}

TEST_CASE("a manifest that cannot be installed ends its trial with the installer's words",
          "[flow][commands]") {
    Scene scene;
    scene.user.write("deps.json", scene.run({"manifest", "create", "pip", "deps", "a==1"}).out);
    scene.user.python.on_program = [](const base::Command& command) {
        const bool installs = command.arguments.back().ends_with("requirements.txt");
        return base::ProcessResult{installs ? 1 : 0, "",
                                   installs ? "there is no version of a==1\n" : ""};
    };
    const auto failed = scene.run({"manifest", "try", "deps.json"});
    CHECK(failed.code == 1);
    CHECK(tells(failed.err, "  | there is no version of a==1\n"));
    CHECK(tells(failed.err, "manifest deps"));

    scene.user.python.on_program = [](const base::Command&) { return base::ProcessResult{}; };
    scene.user.python.answer = Json::parse(R"({"version":1,"environment":{"geneva":"0.16.1"},
        "imports":[{"distribution":"a","version":"1",
                    "modules":[{"module":"a","error":null,"traceback":null}]}]})");
    const auto tried = scene.run({"manifest", "try", "deps.json", "-o", "json"});
    REQUIRE(tried.code == 0);
    CHECK(tried.document()["installed"] == nlohmann::json({"geneva==0.16.1", "a==1"}));
    CHECK(tried.document()["imports"][0]["modules"] == nlohmann::json({"a"}));
    CHECK(scene.user.python.questions.back()["distributions"] == nlohmann::json({"a"}));

    scene.user.python.answer["imports"][0]["modules"][0]["error"] = "ImportError: no b";
    const auto broken = scene.run({"manifest", "try", "deps.json"});
    CHECK(broken.code == 1);
    CHECK(tells(broken.err, "`import a` fails: ImportError: no b"));
}
