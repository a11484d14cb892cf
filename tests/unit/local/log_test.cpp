// SPDX-License-Identifier: Apache-2.0
#include "log.hpp"
#include "fakes.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using namespace genevactl::local;
using namespace genevactl::local::test;

TEST_CASE("the last lines of a text are whole lines", "[local]") {
    CHECK(last_lines_of("a\nb\nc\n", 2) == "b\nc\n");
    CHECK(last_lines_of("a\nb\nc", 2) == "b\nc");
    CHECK(last_lines_of("a\nb\n", 5) == "a\nb\n");
    CHECK(last_lines_of("\n\n\n", 2) == "\n\n");
    CHECK(last_lines_of("a\n", 0).empty());
    CHECK(last_lines_of("", 3).empty());
}

TEST_CASE("only what came after a place in the log is read", "[local]") {
    World world;
    World::write(world.path("log"), "old\nnew\n");
    CHECK(last_lines(world.path("log"), 9, 4) == "new\n");
    CHECK(last_lines(world.path("log"), 9, 8).empty());
    CHECK(last_lines(world.path("none"), 9).empty());
}

TEST_CASE("a log is moved away when it has become large", "[local]") {
    World world;
    const auto place = world.root();
    World::write(log_path(place.state), std::string((5U << 20U), 'x'));
    REQUIRE(rotate_log(place.state));
    CHECK(log_size(place.state) == 5U << 20U);
    World::write(log_path(place.state), std::string((5U << 20U) + 1, 'x'));
    World::write(place.state / "server.log.1", "older");
    REQUIRE(rotate_log(place.state));
    CHECK(log_size(place.state) == 0);
    CHECK(fs::file_size(place.state / "server.log.1") == (5U << 20U) + 1);
}

TEST_CASE("the log goes on before the place where it was moved away", "[local]") {
    World world;
    const auto place = world.root();
    World::write(place.state / "server.log.1", "1\n2\n");
    World::write(log_path(place.state), "3\n4\n");
    CHECK(logs(place, 3).value() == "2\n3\n4\n");
    CHECK(logs(place, 1).value() == "4\n");
    CHECK(logs(place, 9).value() == "1\n2\n3\n4\n");
}

TEST_CASE("a deployment that never ran has no log", "[local]") {
    World world;
    const auto text = logs(world.root(), 10);
    REQUIRE_FALSE(text);
    CHECK(text.error().kind == base::ErrorKind::not_found);
}

TEST_CASE("what is added to a log is read once", "[local]") {
    World world;
    World::write(world.path("log"), "old\n");
    LogFollower log(world.path("log"), 4);
    CHECK(log.next().empty());
    World::write(world.path("log"), "old\nnew\n");
    CHECK(log.next() == "new\n");
    CHECK(log.next().empty());
    World::write(world.path("log"), "a\n");  // moved away and begun anew
    CHECK(log.next() == "a\n");
}
