// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <optional>

#include "fixture.hpp"

using namespace settings_test;
using base::ErrorKind;

namespace {

unsigned mode_of(const fs::path& file) {
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

}  // namespace

TEST_CASE("the first set makes the folder and the file, for the user alone") {
    World world;
    fs::remove_all(world.config());
    const auto file = settings::set(world.surroundings, std::nullopt, "uri", "db://demo");
    REQUIRE(file.has_value());
    CHECK(*file == world.config() / "config.toml");
    CHECK(content(*file) == "[profiles.default]\nuri = \"db://demo\"\n");
    CHECK(mode_of(*file) == 0600);
    CHECK(mode_of(world.config()) == 0700);
    CHECK(world.loaded().uri.value == "db://demo");
}

TEST_CASE("a key goes to credentials.toml, for the user alone") {
    const World world;
    const auto file = settings::set(world.surroundings, "demo", "api_key", "sk-1234\n");
    REQUIRE(file.has_value());
    CHECK(*file == world.config() / "credentials.toml");
    CHECK(mode_of(*file) == 0600);
    CHECK_FALSE(fs::exists(world.config() / "config.toml"));
    CHECK(world.loaded({{"profile", "demo"}}).api_key.value->reveal() == "sk-1234");
}

TEST_CASE("set changes the profile that is used") {
    const World world;
    world.config_toml("default_profile = \"b\"\n[profiles.a]\n[profiles.b]\n");
    const auto file = settings::set(world.surroundings, std::nullopt, "color", "never");
    REQUIRE(file.has_value());
    CHECK(content(*file) ==
          "default_profile = \"b\"\n[profiles.a]\n[profiles.b]\ncolor = \"never\"\n");
}

TEST_CASE("set keeps relative paths as absolute ones") {
    const World world;
    for (const auto& [key, value, kept] : std::vector<std::array<std::string, 3>>{
             {"uri", "data", (world.project() / "data").string()},
             {"ca_bundle", "../ca.pem", (world.home() / "ca.pem").string()},
             {"python", ".venv", (world.project() / ".venv").string()},
             {"python", "python3.12", "python3.12"},
             {"uri", "db://demo", "db://demo"}}) {
        REQUIRE(settings::set(world.surroundings, std::nullopt, key, value).has_value());
        CHECK(content(world.config() / "config.toml").find(key + " = \"" + kept + "\"") !=
              std::string::npos);
    }
}

TEST_CASE("set refuses what reading back would refuse, and changes nothing") {
    const World world;
    const auto set = [&](const std::string& key, const std::string& value) {
        auto file = settings::set(world.surroundings, std::nullopt, key, value);
        REQUIRE_FALSE(file.has_value());
        CHECK(file.error().kind == ErrorKind::usage);
        return file.error();
    };
    CHECK(set("pol_interval", "3s").hint == "did you mean poll_interval?");
    CHECK(set("poll_interval", "soon").message.find("poll_interval") == 0);
    CHECK(set("color", "blue").message == "color: color is 'blue'");
    CHECK(set("uri", "").message == "uri: uri is empty");
    CHECK(set("api_key", "a\nb").message.find("control character") != std::string::npos);
    CHECK(set("profile", "x").hint.find("config use") != std::string::npos);
    CHECK_FALSE(settings::set(world.surroundings, "a b", "uri", "db://x").has_value());
    CHECK_FALSE(settings::set(world.surroundings, "", "uri", "db://x").has_value());
    CHECK(fs::is_empty(world.config()));
}

TEST_CASE("use names the default profile, which must be there") {
    const World world;
    world.config_toml("# mine\n[profiles.production]\nuri = \"db://p\"\n");
    const auto file = settings::use(world.surroundings, "production");
    REQUIRE(file.has_value());
    CHECK(content(*file) ==
          "default_profile = \"production\"\n# mine\n[profiles.production]\nuri = \"db://p\"\n");
    CHECK(world.loaded().uri.value == "db://p");

    const auto missing = settings::use(world.surroundings, "prodution");
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().kind == ErrorKind::not_found);
    CHECK(missing.error().hint == "did you mean production?");
}
