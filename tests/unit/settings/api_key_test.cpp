// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

using namespace settings_test;
using base::ErrorKind;

namespace {

base::Result<std::optional<base::Secret>> key(World& world) {
    return settings::api_key_of(world.surroundings, world.loaded());
}

}  // namespace

TEST_CASE("without a key there is none, and nothing is run") {
    World world;
    const auto found = key(world);
    REQUIRE(found.has_value());
    CHECK_FALSE(found->has_value());
    CHECK(world.process.commands.empty());
}

TEST_CASE("a key that is set is the key, and no command is run") {
    World world;
    world.config_toml("[profiles.default]\napi_key_command = \"pass key\"\n");
    world.set("LANCEDB_API_KEY", "sk-1234");
    const auto found = key(world);
    REQUIRE(found.has_value());
    CHECK((*found)->reveal() == "sk-1234");
    CHECK(world.process.commands.empty());
}

TEST_CASE("a key command is run by the shell, its stderr shown") {
    World world;
    world.config_toml("[profiles.default]\napi_key_command = \"pass show 'my key' | head -1\"\n");
    world.process.answer = base::ProcessResult{.exit_code = 0, .output = "sk-1234\n", .errors = {}};
    const auto found = key(world);
    REQUIRE(found.has_value());
    CHECK((*found)->reveal() == "sk-1234");
    REQUIRE(world.process.commands.size() == 1);
    const auto& command = world.process.commands[0];
    CHECK(command.arguments ==
          std::vector<std::string>{"/bin/sh", "-c", "pass show 'my key' | head -1"});
    CHECK(command.inherit_stderr);
    CHECK(command.working_directory == world.surroundings.working_directory);
}

TEST_CASE("loading the settings runs no command") {
    World world;
    world.set("GENEVACTL_API_KEY_COMMAND", "pass key");
    world.loaded();
    CHECK(world.process.commands.empty());
}

TEST_CASE("a key command that fails or prints no key is an error without its output") {
    World world;
    world.set("GENEVACTL_API_KEY_COMMAND", "pass key");
    SECTION("a status") {
        world.process.answer =
            base::ProcessResult{.exit_code = 2, .output = "sk-very-secret", .errors = {}};
    }
    SECTION("nothing") {
        world.process.answer = base::ProcessResult{.exit_code = 0, .output = " \n", .errors = {}};
    }
    SECTION("several lines") {
        world.process.answer =
            base::ProcessResult{.exit_code = 0, .output = "sk-very\nsecret\n", .errors = {}};
    }
    const auto found = key(world);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().kind == ErrorKind::unauthenticated);
    CHECK(found.error().message.find("api_key_command (environment GENEVACTL_API_KEY_COMMAND)") !=
          std::string::npos);
    CHECK((found.error().message + found.error().hint + found.error().detail).find("very") ==
          std::string::npos);
}

TEST_CASE("a key command that cannot be run is the runner's error") {
    World world;
    world.set("GENEVACTL_API_KEY_COMMAND", "pass key");
    world.process.answer = base::fail(ErrorKind::interrupted, "interrupted");
    const auto found = key(world);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().kind == ErrorKind::interrupted);
    CHECK(found.error().context.size() == 1);
}
