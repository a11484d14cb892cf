// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.hpp"

using namespace settings_test;
using base::ErrorKind;
using settings::Source;

namespace {

constexpr const char* k_two = R"(default_profile = "a"
[profiles.a]
uri = "db://a"
[profiles.b]
uri = "db://b"
)";

}  // namespace

TEST_CASE(
    "the profile is named by flag, environment, project file, default_profile, or is default") {
    World world;
    world.config_toml("[profiles.default]\nuri = \"db://d\"\n");
    auto settings = world.loaded();
    CHECK(settings.profile.value == "default");
    CHECK(settings.profile.origin.source == Source::defaults);
    CHECK(settings.uri.value == "db://d");

    world.config_toml(k_two);
    settings = world.loaded();
    CHECK(settings.profile.value == "a");
    CHECK(settings.profile.origin.source == Source::profile);
    CHECK(settings.uri.value == "db://a");

    world.set("GENEVACTL_PROFILE", "b");
    CHECK(world.loaded().uri.value == "db://b");
    CHECK(world.loaded({{"profile", "a"}}).uri.value == "db://a");
}

TEST_CASE("a profile that was named and is not there is an error with the nearest name") {
    World world;
    world.config_toml("[profiles.production]\nuri = \"db://p\"\n");
    auto error = world.error({{"profile", "prodution"}});
    CHECK(error.kind == ErrorKind::usage);
    CHECK(error.message.find("--profile: there is no profile 'prodution'") == 0);
    CHECK(error.hint.find("did you mean production?") == 0);
    world.set("GENEVACTL_PROFILE", "zzz");
    CHECK(world.error().hint.find("there are production; make it with ") == 0);
    CHECK(world.loaded({{"profile", "default"}}).profile.value == "default");

    const auto settings = settings::load(world.surroundings, {{"profile", "new"}}, false);
    REQUIRE(settings.has_value());
    CHECK(settings->profile.value == "new");
}

TEST_CASE("a profile has its keys in credentials.toml") {
    const World world;
    const auto file = world.credentials_toml("[profiles.a]\napi_key = \"sk-aaaa\"\n");
    world.config_toml(k_two);
    const auto settings = world.loaded();
    CHECK(settings.api_key.value->reveal() == "sk-aaaa");
    CHECK(settings.api_key.origin.place == "profile a (" + file.string() + ":2)");
    CHECK_FALSE(world.loaded({{"profile", "b"}}).api_key.value.has_value());
}

TEST_CASE("a profile may have nothing but a key") {
    const World world;
    world.credentials_toml("[profiles.only]\napi_key = \"sk-only\"\n");
    CHECK(world.loaded({{"profile", "only"}}).api_key.value->reveal() == "sk-only");
}

TEST_CASE("a credentials file that others can read is refused") {
    const World world;
    const auto file = world.credentials_toml("[profiles.a]\napi_key = \"sk-very-secret\"\n");
    REQUIRE(::chmod(file.c_str(), 0640) == 0);
    const auto error = world.error();
    CHECK(error.kind == ErrorKind::refused);
    CHECK(error.message.find(file.string()) == 0);
    CHECK(error.hint.find("chmod 600") == 0);
}

TEST_CASE("a config.toml that others can write is refused") {
    const World world;
    const auto file = world.config_toml(k_two);
    REQUIRE(::chmod(file.c_str(), 0646) == 0);
    CHECK(world.error().kind == ErrorKind::refused);
    REQUIRE(::chmod(file.c_str(), 0664) == 0);
    CHECK(world.load().has_value());
}

TEST_CASE("a key in config.toml is refused with the place where it belongs") {
    const World world;
    for (const std::string table : {"[profiles.a]\n", ""}) {
        const auto file = world.config_toml(table + "api_key = \"sk-very-secret\"\n");
        const auto error = world.error();
        CHECK(error.kind == ErrorKind::refused);
        CHECK(error.message.find(file.string()) == 0);
        CHECK(error.message.find("credentials.toml") != std::string::npos);
        CHECK((error.message + error.hint).find("sk-very-secret") == std::string::npos);
    }
}

TEST_CASE("what is wrong in the user's files is an error with its place") {
    const World world;
    const auto place = (world.config() / "config.toml").string();
    const auto message = [&](const std::string& text) {
        world.config_toml(text);
        const auto error = world.error();
        CHECK(error.kind == ErrorKind::usage);
        CHECK(error.message.find(place + ":") == 0);
        return error.message.substr(place.size()) + " | " + error.hint;
    };
    CHECK(message("[profiles.a]\nurl = \"x\"\n") ==
          ":2:1: [profiles.a] has no 'url' | did you mean uri?");
    CHECK(message("[profile.a]\n") ==
          ":1:2: config.toml has no 'profile' | did you mean profiles?");
    CHECK(message("uri = \"x\"\n") ==
          ":1:1: config.toml has no 'uri' | write it below a profile, as [profiles.default]");
    CHECK(message("default_profile = 3\n") ==
          ":1:1: default_profile must be text, not an integer | ");
    CHECK(message("profiles = 3\n") == ":1:1: profiles must be a table, not an integer | ");
    CHECK(message("[profiles]\na = 3\n") ==
          ":2:1: a profile must be a table, not an integer | write [profiles.a] above its keys");
    CHECK(message("[profiles.a]\nprofile = \"b\"\n").find(":2:1: a profile cannot name another") ==
          0);
    CHECK(message("[profiles.a\n").find(":1:12: not TOML: ") == 0);
    world.config_toml("");
    const auto credentials = world.credentials_toml("[profiles.a]\nuri = \"db://x\"\n");
    CHECK(world.error().message ==
          credentials.string() + ":2:1: uri is no secret and belongs into config.toml");
}
