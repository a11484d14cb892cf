// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "child.hpp"
#include "fixture.hpp"
#include "genevactl/bridge/bridge.hpp"
#include "genevactl/bridge/inspect.hpp"

using namespace bridge_test;
using base::ErrorKind;

namespace {

constexpr const char* k_answer = R"({"version":1,"kind":"udf","target":"m:f","name":"f",
    "transform_version":"1","inputs":[],"outputs":[],"resources":{},"manifest":null,
    "pickling":{"mode":"by-reference","modules":[],"reason":""},"environment":{}})";

/// The file after --answer.
fs::path answer_file(const base::Command& command) {
    REQUIRE(command.arguments.size() == 4);
    CHECK(command.arguments[2] == "--answer");
    return command.arguments[3];
}

base::Result<model::TransformDescription> ask(World& world) {
    return bridge::describe_transform(world.surroundings, {"/opt/python", "--python"},
                                      {.target = "m:f"});
}

}  // namespace

TEST_CASE("a transform is asked for in the working directory, its module's stderr let through") {
    World world;
    world.set("EXTRA", "1");
    world.process.answer = [&](const base::Command& command) {
        CHECK(command.arguments[0] == "/opt/python");
        CHECK(fs::path(command.arguments[1]).filename() == "__main__.py");
        CHECK(fs::is_regular_file(command.arguments[1]));
        CHECK(command.working_directory == world.surroundings.working_directory);
        CHECK(command.environment.at("EXTRA") == "1");
        CHECK(command.inherit_stderr);
        CHECK(nlohmann::json::parse(command.input).at("target") == "m:f");
        world.file(answer_file(command), k_answer, 0600);
        return base::ProcessResult{};
    };
    const auto answer = ask(world);
    REQUIRE(answer.has_value());
    CHECK(answer->name == "f");
    CHECK_FALSE(fs::exists(world.process.commands[0].arguments[3]));
}

TEST_CASE("the Python side works without a cache to write to") {
    World world;
    world.file(world.root() / "home/.cache", "a file where a folder should be");
    world.process.answer = [&](const base::Command& command) {
        CHECK(fs::is_regular_file(command.arguments[1]));
        world.file(answer_file(command), k_answer, 0600);
        return base::ProcessResult{};
    };
    CHECK(ask(world).has_value());
}

TEST_CASE("an answer counts though the interpreter crashed after it") {
    World world;
    world.process.answer = [&](const base::Command& command) {
        world.file(answer_file(command), k_answer, 0600);
        return base::ProcessResult{.exit_code = 139, .output = {}, .errors = {}};
    };
    CHECK(ask(world).has_value());
}

TEST_CASE("an interpreter that crashes without an answer is an error with the signal") {
    World world;
    world.process.answer = [](const base::Command&) {
        return base::ProcessResult{.exit_code = 139, .output = {}, .errors = {}};
    };
    const auto answer = ask(world);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().kind == ErrorKind::failed);
    CHECK(answer.error().message ==
          "/opt/python gave no answer about m:f: signal 11 ended it (a memory fault)");
}

TEST_CASE("an error of the process runner says what it happened in") {
    World world;
    world.process.answer = [](const base::Command&) -> base::Result<base::ProcessResult> {
        return base::fail(ErrorKind::interrupted, "interrupted");
    };
    const auto answer = ask(world);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().kind == ErrorKind::interrupted);
    REQUIRE(answer.error().context.size() == 1);
    CHECK(answer.error().context[0] == "asking Python about m:f");
}

TEST_CASE("Python's environment is the user's, but for what would keep it from working") {
    World world;
    world.set("PYTHONHOME", "/elsewhere");
    world.set("PYTHONINSPECT", "1");
    world.set("PYTHONPATH", "lib");
    const auto outside = bridge::python_command(world.surroundings, "/opt/bin/python", {"-V"});
    CHECK(outside.environment.at("PYTHONHOME") == "/elsewhere");
    CHECK(outside.environment.at("PYTHONPATH") == "lib");
    CHECK(outside.environment.at("PYTHONHASHSEED") == "0");
    CHECK(outside.environment.at("PYTHONFAULTHANDLER") == "1");
    CHECK(outside.environment.count("PYTHONINSPECT") == 0);
    CHECK(outside.unset == std::vector<std::string>{"PYTHONINSPECT"});

    world.set("PYTHONHASHSEED", "7");
    const auto python = world.environment(world.root() / "env", false);
    const auto inside = bridge::python_command(world.surroundings, python, {"-V"});
    CHECK(inside.environment.count("PYTHONHOME") == 0);
    CHECK(inside.environment.at("PYTHONHASHSEED") == "7");
    CHECK(inside.unset == std::vector<std::string>{"PYTHONINSPECT", "PYTHONHOME"});
}

TEST_CASE("how a program ended is said in words") {
    CHECK(bridge::ending_of(1) == "it ended with status 1");
    CHECK(bridge::ending_of(137) == "signal 9 ended it (killed, perhaps because memory ran out)");
    CHECK(bridge::ending_of(130) == "it ended with status 130 (signal 2)");
}

TEST_CASE("only the end of a long stderr is shown") {
    std::string text;
    for (int line = 1; line <= 30; ++line) {
        text += std::to_string(line) + "\n";
    }
    const auto shown = bridge::last_lines(text);
    CHECK(shown.rfind("…\n11\n", 0) == 0);
    CHECK(shown.substr(shown.size() - 2) == "30");
    CHECK(bridge::last_lines("one\n") == "one");
}

TEST_CASE("several transforms are asked for in one run, each with its own answer or error") {
    World world;
    world.process.answer = [&](const base::Command& command) {
        const auto asked = nlohmann::json::parse(command.input);
        CHECK(asked.at("action") == "several");
        CHECK(asked.at("requests").size() == 2);
        CHECK(asked.at("requests")[1].at("target") == "m:g");
        CHECK(asked.at("requests")[1].at("action") == "inspect");
        world.file(answer_file(command),
                   R"({"version":1,"answers":[)" + std::string(k_answer) +
                       R"(,{"version":1,"error":{"kind":"import","message":"no","hint":""}}]})",
                   0600);
        return base::ProcessResult{};
    };
    const auto answers = bridge::inspect_transforms(world.surroundings, {"/opt/python", "--python"},
                                                    {{.target = "m:f"}, {.target = "m:g"}});
    REQUIRE(answers.has_value());
    REQUIRE(answers->size() == 2);
    CHECK(answers->at(0)->name == "f");
    CHECK(answers->at(1).error().kind == ErrorKind::failed);
    CHECK(world.process.commands.size() == 1);

    CHECK(bridge::inspect_transforms(world.surroundings, {"/opt/python", "--python"}, {})->empty());
    CHECK(world.process.commands.size() == 1);
    world.process.answer = [&](const base::Command& command) {
        world.file(answer_file(command), R"({"version":1,"answers":[]})", 0600);
        return base::ProcessResult{};
    };
    const auto missing = bridge::inspect_transforms(world.surroundings, {"/opt/python", "--python"},
                                                    {{.target = "m:f"}});
    CHECK(missing.error().kind == ErrorKind::internal);
}
