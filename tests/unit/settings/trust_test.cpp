// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

using namespace settings_test;
using base::ErrorKind;

namespace {

constexpr const char* k_project = "[deployment]\nhost_override = \"https://db.example\"\n";

bool may_go(const World& world, const settings::Flags& flags = {}) {
    return settings::check_key_may_go(world.loaded(flags)).has_value();
}

}  // namespace

TEST_CASE("a key does not go to a host that only a project file names") {
    World world;
    const auto file = world.geneva_toml(k_project);
    CHECK(may_go(world));  // there is no key
    SECTION("a key of the environment") {
        world.set("LANCEDB_API_KEY", "sk-very-secret");
    }
    SECTION("a token of the environment") {
        world.set("GENEVACTL_BEARER_TOKEN", "sk-very-secret");
    }
    SECTION("a command of the environment") {
        world.set("GENEVACTL_API_KEY_COMMAND", "echo sk-very-secret");
    }
    SECTION("a key of the profile") {
        world.credentials_toml("[profiles.default]\napi_key = \"sk-very-secret\"\n");
    }
    const auto status = settings::check_key_may_go(world.loaded());
    REQUIRE_FALSE(status.has_value());
    CHECK(status.error().kind == ErrorKind::refused);
    CHECK(status.error().message.find("https://db.example") != std::string::npos);
    CHECK(status.error().message.find(file.string() + ":2") != std::string::npos);
    CHECK(status.error().message.find("very-secret") == std::string::npos);
    CHECK(status.error().hint.find("config set host_override https://db.example") !=
          std::string::npos);
    const auto key = settings::api_key_of(world.surroundings, world.loaded());
    REQUIRE_FALSE(key.has_value());
    CHECK(key.error().kind == ErrorKind::refused);
    CHECK(world.process.commands.empty());
}

TEST_CASE("a key goes to a host that the user named") {
    World world;
    world.set("LANCEDB_API_KEY", "sk-1234");
    world.geneva_toml(k_project);
    SECTION("by a flag") {
        CHECK(may_go(world, {{"host_override", "https://db.example"}}));
    }
    SECTION("in the environment") {
        world.set("LANCEDB_URI", "https://db.example");
        CHECK(may_go(world));
    }
    SECTION("in the profile that is used") {
        world.config_toml("[profiles.default]\nhost_override = \"https://db.example/\"\n");
        CHECK(may_go(world));
    }
    SECTION("in the profile alone") {
        world.geneva_toml("[deployment]\nuri = \"db://x\"\n");
        world.config_toml("[profiles.default]\nhost_override = \"https://db.example\"\n");
        CHECK(may_go(world));
    }
}

TEST_CASE("the host of another profile, or one that only looks alike, is not the user's") {
    World world;
    world.set("LANCEDB_API_KEY", "sk-1234");
    world.geneva_toml(k_project);
    for (const std::string config :
         {"[profiles.other]\nhost_override = \"https://db.example\"\n",
          "[profiles.default]\nhost_override = \"https://db.example.org\"\n",
          "[profiles.default]\nhost_override = \"http://db.example\"\n",
          "[profiles.default]\nhost_override = \"https://db.example:444\"\n"}) {
        world.config_toml(config);
        CAPTURE(config);
        CHECK_FALSE(may_go(world));
    }
}

TEST_CASE("only the plain names of this machine are this machine") {
    World world;
    world.set("LANCEDB_API_KEY", "sk-1234");
    const auto goes_to = [&](const std::string& url) {
        world.geneva_toml("[deployment]\nhost_override = '" + url + "'\n");
        return may_go(world);
    };
    for (const std::string url :
         {"http://127.0.0.1:4321", "http://localhost", "https://localhost:4321/", "HTTP://[::1]:80",
          "http://127.0.0.1/path"}) {
        CAPTURE(url);
        CHECK(goes_to(url));
    }
    for (const std::string url :
         {"http://127.0.0.1.db.example", "http://localhost.db.example",
          "http://127.0.0.1@db.example", "http://127.0.0.1:80@db.example",
          "http://127.0.0.1:@db.example", "http://localhost?@x", "http://localhost#@x",
          "http://127.0.0.1:80\\\\@x", "http://127.0.0.10", "127.0.0.1:80", "ftp://localhost",
          "http://localhost:"}) {
        CAPTURE(url);
        CHECK_FALSE(goes_to(url));
    }
}
