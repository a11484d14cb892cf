// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "fixture.hpp"

using namespace settings_test;
using base::ErrorKind;
using settings::Source;

TEST_CASE("the nearest project file upwards counts, and only that") {
    World world;
    world.surroundings.working_directory = world.project() / "deep/inside";
    world.geneva_toml("[deployment]\nuri = \"db://far\"\n[settings]\ncolor = \"never\"\n");
    CHECK(world.loaded().uri.value == "db://far");
    world.file(world.project() / "deep/geneva.toml", "[deployment]\nuri = \"db://near\"\n");
    const auto settings = world.loaded();
    CHECK(settings.uri.value == "db://near");
    CHECK(settings.color.value == "auto");
}

TEST_CASE("pyproject.toml counts where it has [tool.genevactl]") {
    World world;
    world.surroundings.working_directory = world.project() / "deep";
    world.geneva_toml("[deployment]\nuri = \"db://above\"\n");
    const auto pyproject = world.project() / "deep/pyproject.toml";
    world.file(pyproject, "[project]\nname = \"uses-genevactl\"\n[tool.other]\nuri = 1\n");
    CHECK(world.loaded().uri.value == "db://above");
    world.file(pyproject, "[tool.genevactl.deployment]\nuri = \"db://py\"\n");
    const auto settings = world.loaded();
    CHECK(settings.uri.value == "db://py");
    CHECK(settings.uri.origin.place == pyproject.string() + ":2");
    world.file(world.project() / "deep/geneva.toml", "[deployment]\nuri = \"db://own\"\n");
    CHECK(world.loaded().uri.value == "db://own");
}

TEST_CASE("a broken pyproject.toml matters only if it is about genevactl") {
    const World world;
    const auto file = world.project() / "pyproject.toml";
    world.file(file, "[project\n");
    CHECK(world.load().has_value());
    world.file(file, "[tool.genevactl]\nbroken\n");
    CHECK(world.error().kind == ErrorKind::usage);
}

TEST_CASE("the search ends at the home directory") {
    World world;
    world.file(world.directory.path() / "geneva.toml", "[deployment]\nuri = \"db://above\"\n");
    CHECK_FALSE(world.loaded().uri.value.has_value());
    world.file(world.home() / "geneva.toml", "[deployment]\nuri = \"db://home\"\n");
    CHECK(world.loaded().uri.value == "db://home");
}

TEST_CASE("a project file of a stranger above the user's own folder is refused") {
    const World world;
    const auto file = world.geneva_toml("[deployment]\nuri = \"db://x\"\n");
    if (::geteuid() != 0) {
        return;  // only root can give a file away
    }
    constexpr uid_t k_nobody = 65534;
    REQUIRE(::chown(file.c_str(), k_nobody, k_nobody) == 0);
    CHECK(world.error().kind == ErrorKind::refused);
    REQUIRE(::chown(world.project().c_str(), k_nobody, k_nobody) == 0);
    CHECK(world.load().has_value());
}

TEST_CASE("the tables of other parts of the program are let be") {
    const World world;
    world.geneva_toml(R"([deployment]
uri = "db://demo"
[manifests.deps]
pip = ["wordllama==0.3.9"]
[columns."docs.embedding"]
transform = "features:embed"
[views.chunks]
source = "docs"
)");
    CHECK(world.loaded().uri.value == "db://demo");
}

TEST_CASE("a project file that is no TOML is an error with line and column") {
    const World world;
    const auto file = world.geneva_toml("[deployment]\nuri = = 3\n");
    CHECK(world.error().kind == ErrorKind::usage);
    CHECK(world.error().message.find(file.string() + ":2:7: not TOML: ") == 0);
}

TEST_CASE("an unknown key is an error with its place and the nearest name") {
    const World world;
    auto file = world.geneva_toml("[deployment]\nurii = \"db://x\"\n");
    auto error = world.error();
    CHECK(error.kind == ErrorKind::usage);
    CHECK(error.message == file.string() + ":2:1: [deployment] has no 'urii'");
    CHECK(error.hint == "did you mean uri?");

    world.geneva_toml("[settings]\nsomething = 1\n");
    CHECK(world.error().hint ==
          "there are request_timeout, connect_timeout, poll_interval, stale_after, appear_within, "
          "color");

    world.geneva_toml("[deploiment]\n");
    CHECK(world.error().hint == "did you mean deployment?");
    world.geneva_toml("deployment = \"db://x\"\n");
    CHECK(world.error().message.find("deployment must be a table, not text") != std::string::npos);
}

TEST_CASE("a key in the wrong table says the right one") {
    const World world;
    world.geneva_toml("[settings]\nuri = \"db://x\"\n");
    CHECK(world.error().hint == "move it to [deployment]");
    world.geneva_toml("[deployment]\ncolor = \"never\"\n");
    CHECK(world.error().hint == "move it to [settings]");
    world.geneva_toml("uri = \"db://x\"\n");
    CHECK(world.error().hint == "write it below [deployment]");
}

TEST_CASE("a project file holds no key, wherever it stands") {
    const World world;
    for (const std::string key : {"api_key", "bearer_token"}) {
        for (const std::string table : {"[deployment]\n", "[settings]\n", ""}) {
            world.geneva_toml(table + key + " = \"sk-very-secret\"\n");
            const auto error = world.error();
            CHECK(error.kind == ErrorKind::refused);
            CHECK(error.message.find(key + " is a secret") != std::string::npos);
            CHECK((error.message + error.hint).find("sk-very-secret") == std::string::npos);
        }
    }
}

TEST_CASE("a project file runs nothing, writes nothing and makes nobody trusted") {
    const World world;
    for (const std::string key : {"api_key_command", "python", "ca_bundle", "trace_http"}) {
        for (const std::string table : {"[deployment]\n", "[settings]\n", ""}) {
            world.geneva_toml(table + key + " = \"./evil\"\n");
            const auto error = world.error();
            CHECK(error.kind == ErrorKind::refused);
            CHECK(error.message.find(key + " is not taken from a project file") !=
                  std::string::npos);
        }
    }
}

TEST_CASE("a project file may choose one of the user's profiles") {
    const World world;
    world.config_toml(
        "default_profile = \"a\"\n[profiles.a]\nuri = \"db://a\"\n"
        "[profiles.b]\nuri = \"db://b\"\n");
    world.geneva_toml("[deployment]\nprofile = \"b\"\n");
    auto settings = world.loaded();
    CHECK(settings.profile.value == "b");
    CHECK(settings.profile.origin.source == Source::project);
    CHECK(settings.uri.value == "db://b");
    CHECK(world.loaded({{"profile", "a"}}).uri.value == "db://a");
}
