// SPDX-License-Identifier: Apache-2.0
#include "fakes.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using namespace genevactl::local;
using namespace genevactl::local::test;

TEST_CASE("a folder has one state folder, however it is written", "[local]") {
    World world;
    fs::create_directories(world.path("work/data"));
    fs::create_directory_symlink(world.path("work/data"), world.path("work/link"));
    const auto place = place_of(world.surroundings, RootKind::root, "data");
    CHECK(place.folder == world.path("work/data"));
    CHECK(place.state.parent_path() == world.surroundings.state_home() / "deployments");
    const auto name = place.state.filename().string();
    CHECK(name.size() == 16);
    CHECK(name.find_first_not_of("0123456789abcdef") == std::string::npos);
    for (const std::string same : {"data/", "./data", "link", "data/../data"}) {
        CAPTURE(same);
        const auto other = place_of(world.surroundings, RootKind::root, same);
        CHECK(other.folder == place.folder);
        CHECK(other.state == place.state);
    }
}

TEST_CASE("a root and a database of the same folder are two deployments", "[local]") {
    World world;
    const auto root = place_of(world.surroundings, RootKind::root, "data");
    const auto database = place_of(world.surroundings, RootKind::database, "data");
    CHECK(root.folder == database.folder);
    CHECK(root.state != database.state);
}

TEST_CASE("a folder that is not there has a place, too", "[local]") {
    World world;
    const auto with_slash = place_of(world.surroundings, RootKind::root, "not/there/");
    const auto without = place_of(world.surroundings, RootKind::root, "not/there");
    CHECK(without.folder == world.path("work/not/there"));
    CHECK(with_slash.folder == without.folder);
    CHECK_FALSE(fs::exists(without.folder));
}

TEST_CASE("the file system's own root is a place", "[local]") {
    World world;
    CHECK(place_of(world.surroundings, RootKind::root, "/").folder == "/");
}

TEST_CASE("a URL as a root stays as it is written", "[local]") {
    World world;
    CHECK(place_of(world.surroundings, RootKind::root, "s3://bucket/a/../b").folder.string() ==
          "s3://bucket/a/../b");
}

TEST_CASE("the usual root lies below the user's data", "[local]") {
    World world;
    CHECK(default_root(world.surroundings) == world.surroundings.data_home() / "root");
}

TEST_CASE("hints name the root unless it is the usual one", "[local]") {
    World world;
    const auto usual =
        place_of(world.surroundings, RootKind::root, default_root(world.surroundings));
    CHECK(root_argument(world.surroundings, usual).empty());
    const auto other = place_of(world.surroundings, RootKind::root, "a b");
    CHECK(root_argument(world.surroundings, other) ==
          " --root '" + world.path("work/a b").string() + "'");
}
