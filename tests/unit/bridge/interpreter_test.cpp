// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>

#include "fixture.hpp"
#include "genevactl/bridge/bridge.hpp"

using namespace bridge_test;
using base::ErrorKind;

namespace {

/// What asking an interpreter for geneva gives when it has none.
base::Result<base::ProcessResult> has_no_geneva(const base::Command&) {
    return base::ProcessResult{.exit_code = 3, .output = {}, .errors = {}};
}

}  // namespace

TEST_CASE("the interpreter is the first of option, variable, active, local and managed") {
    World world;
    const auto managed = world.environment(bridge::managed_environment(world.surroundings), false);
    auto found = bridge::find_interpreter(world.surroundings, std::nullopt);
    REQUIRE(found.has_value());
    CHECK(found->executable == managed);
    CHECK(found->origin == "managed environment");

    const auto local = world.environment(world.surroundings.working_directory / ".venv", false);
    found = bridge::find_interpreter(world.surroundings, std::nullopt);
    REQUIRE(found.has_value());
    CHECK(found->executable == local);
    CHECK(found->origin == "./.venv");

    const auto active = world.environment(world.root() / "active", false);
    world.set("VIRTUAL_ENV", (world.root() / "active").string());
    found = bridge::find_interpreter(world.surroundings, std::nullopt);
    REQUIRE(found.has_value());
    CHECK(found->executable == active);
    CHECK(found->origin == "VIRTUAL_ENV");

    const auto variable = world.program(world.root() / "other/python3.12");
    world.set("GENEVACTL_PYTHON", variable.string());
    found = bridge::find_interpreter(world.surroundings, std::nullopt);
    REQUIRE(found.has_value());
    CHECK(found->executable == variable);
    CHECK(found->origin == "GENEVACTL_PYTHON");

    const auto option = world.program(world.root() / "option/python");
    found = bridge::find_interpreter(world.surroundings, option.string());
    REQUIRE(found.has_value());
    CHECK(found->executable == option);
    CHECK(found->origin == "--python");
    CHECK(world.process.commands.empty());
}

TEST_CASE("an interpreter may be named by its environment's folder or as a program on PATH") {
    World world;
    const auto python = world.environment(world.surroundings.working_directory / "env", false);
    for (const std::string name : {"env", "./env", "env/bin/python"}) {
        const auto found = bridge::find_interpreter(world.surroundings, name);
        REQUIRE(found.has_value());
        CHECK(found->executable == python);
    }
    const auto on_path = world.program(world.root() / "path/python3.12");
    const auto found = bridge::find_interpreter(world.surroundings, "python3.12");
    REQUIRE(found.has_value());
    CHECK(found->executable == on_path);
}

TEST_CASE("an environment's interpreter keeps its own path though it is a link") {
    World world;
    const auto real = world.program(world.root() / "usr/python3.11");
    const auto bin = world.root() / "env/bin";
    fs::create_directories(bin);
    fs::create_symlink(real, bin / "python");
    const auto found =
        bridge::find_interpreter(world.surroundings, (world.root() / "env").string());
    REQUIRE(found.has_value());
    CHECK(found->executable == bin / "python");
}

TEST_CASE("an interpreter that was named and is not there is an error, not skipped") {
    World world;
    world.environment(world.surroundings.working_directory / ".venv", true);
    SECTION("the option") {
        for (const std::string name : {"nothing", "./nothing", "/nowhere/python"}) {
            const auto found = bridge::find_interpreter(world.surroundings, name);
            REQUIRE_FALSE(found.has_value());
            CHECK(found.error().kind == ErrorKind::not_found);
            CHECK(found.error().message == "--python names " + name + ", which is not there");
        }
    }
    SECTION("a file that is no program") {
        const auto path = world.file(world.root() / "notes.txt", "no program");
        const auto found = bridge::find_interpreter(world.surroundings, path.string());
        REQUIRE_FALSE(found.has_value());
        CHECK(found.error().message.find("is no program") != std::string::npos);
    }
    SECTION("a folder that is no environment") {
        const auto found = bridge::find_interpreter(world.surroundings, world.root().string());
        REQUIRE_FALSE(found.has_value());
        CHECK(found.error().message.find("which has no bin/python") != std::string::npos);
    }
    SECTION("the variable") {
        world.set("GENEVACTL_PYTHON", "/nowhere/python");
        const auto found = bridge::find_interpreter(world.surroundings, std::nullopt);
        REQUIRE_FALSE(found.has_value());
        CHECK(found.error().message ==
              "GENEVACTL_PYTHON names /nowhere/python, which is not there");
    }
    SECTION("the active environment") {
        world.set("VIRTUAL_ENV", "/nowhere/env");
        const auto found = bridge::find_interpreter(world.surroundings, std::nullopt);
        REQUIRE_FALSE(found.has_value());
        CHECK(found.error().kind == ErrorKind::not_found);
    }
    SECTION("a settings file") {
        const auto found =
            bridge::find_interpreter(world.surroundings, "/nowhere/python", "geneva.toml:3");
        REQUIRE_FALSE(found.has_value());
        CHECK(found.error().message == "geneva.toml:3 names /nowhere/python, which is not there");
    }
}

TEST_CASE("no interpreter at all says how to get one") {
    World world;
    const auto found = bridge::find_interpreter(world.surroundings, std::nullopt);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().kind == ErrorKind::not_found);
    CHECK(found.error().hint.find("genevactl local setup") != std::string::npos);
    CHECK_FALSE(bridge::find_interpreter_with_geneva(world.surroundings, std::nullopt).has_value());
}

TEST_CASE("geneva is seen on disk without starting the interpreter") {
    World world;
    const auto python = world.environment(world.surroundings.working_directory / ".venv", true);
    const auto found = bridge::find_interpreter_with_geneva(world.surroundings, std::nullopt);
    REQUIRE(found.has_value());
    CHECK(found->executable == python);
    CHECK(world.process.commands.empty());
}

TEST_CASE("environments without geneva are passed over, the interpreter itself being asked") {
    World world;
    world.process.answer = has_no_geneva;
    const auto active = world.environment(world.root() / "active", false);
    world.set("VIRTUAL_ENV", (world.root() / "active").string());
    const auto managed = world.environment(bridge::managed_environment(world.surroundings), true);
    const auto found = bridge::find_interpreter_with_geneva(world.surroundings, std::nullopt);
    REQUIRE(found.has_value());
    CHECK(found->executable == managed);
    REQUIRE(world.process.commands.size() == 1);
    CHECK(world.process.commands[0].arguments[0] == active.string());
    CHECK(world.process.commands[0].working_directory == world.surroundings.working_directory);
}

TEST_CASE("an interpreter outside an environment has geneva if it says so") {
    World world;
    const auto python = world.program(world.root() / "opt/bin/python3");
    const auto found = bridge::find_interpreter_with_geneva(world.surroundings, python.string());
    REQUIRE(found.has_value());
    CHECK(world.process.commands.size() == 1);
}

TEST_CASE("a named interpreter without geneva is an error that says what to install") {
    World world;
    world.process.answer = has_no_geneva;
    world.environment(bridge::managed_environment(world.surroundings), true);
    const auto python = world.environment(world.root() / "my env", false);
    const auto found = bridge::find_interpreter_with_geneva(world.surroundings, python.string());
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().kind == ErrorKind::usage);
    CHECK(found.error().message == python.string() + " has no geneva (--python)");
    CHECK(found.error().hint == "'" + python.string() + "' -m pip install geneva==0.17.0");
}

TEST_CASE("environments that all lack geneva are named") {
    World world;
    world.process.answer = has_no_geneva;
    const auto python = world.environment(world.surroundings.working_directory / ".venv", false);
    const auto found = bridge::find_interpreter_with_geneva(world.surroundings, std::nullopt);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().kind == ErrorKind::usage);
    CHECK(found.error().message == "no geneva in " + python.string() + " (./.venv)");
}

TEST_CASE("an interpreter that does not run is an error with what it said") {
    World world;
    world.process.answer = [](const base::Command&) {
        return base::ProcessResult{.exit_code = 1, .output = {}, .errors = "no module encodings\n"};
    };
    world.environment(world.surroundings.working_directory / ".venv", false);
    const auto found = bridge::find_interpreter_with_geneva(world.surroundings, std::nullopt);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().kind == ErrorKind::failed);
    CHECK(found.error().detail == "no module encodings");
}
