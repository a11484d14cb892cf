// SPDX-License-Identifier: Apache-2.0
#include "fakes.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using namespace genevactl::local;
using namespace genevactl::local::test;
using base::ErrorKind;

namespace {

base::Error unreachable() {
    return {.kind = ErrorKind::unreachable, .message = "no connection"};
}

}  // namespace

TEST_CASE("a deployment that runs and answers is found", "[local]") {
    World world;
    const auto place = world.root();
    world.processes.running[500] = {.start = 77};
    world.publish(place, 500, 77, "http://127.0.0.1:4000/");
    const auto found = find(world.means(), place);
    REQUIRE(found);
    REQUIRE(*found);
    const auto& endpoint = **found;
    CHECK(endpoint.url == "http://127.0.0.1:4000");
    CHECK(endpoint.api_key.reveal() == k_key);
    CHECK(endpoint.pid == 500);
    CHECK(endpoint.place.folder == place.folder);
    CHECK(endpoint.place.state == place.state);
    CHECK(endpoint.place.kind == RootKind::root);
    CHECK(endpoint.python == "/p/bin/python");
    CHECK(endpoint.geneva == "0.17.0");
    CHECK(endpoint.started_at == "2026-11-22T09:30:00Z");
    REQUIRE(world.transport.requests.size() == 1);
    const auto& request = world.transport.requests[0];
    CHECK(request.method == transport::Method::get);
    CHECK(request.url == "http://127.0.0.1:4000/genevactl/v1/status");
    CHECK(request.headers.empty());
    REQUIRE(request.secret_headers.size() == 1);
    CHECK(request.secret_headers[0].first == "x-api-key");
    CHECK(request.secret_headers[0].second.reveal() == k_key);
    REQUIRE(request.deadline);
    CHECK(*request.deadline <= std::chrono::seconds(5));
}

TEST_CASE("nothing is found and nobody asked where no process runs", "[local]") {
    World world;
    const auto place = world.root();
    SECTION("there never was a deployment") {}
    SECTION("its process is gone") {
        world.publish(place, 500, 77);
    }
    SECTION("its id is another process's by now") {
        world.publish(place, 500, 77);
        world.processes.running[500] = {.start = 78};
    }
    const auto found = find(world.means(), place);
    REQUIRE(found);
    CHECK_FALSE(*found);
    CHECK(world.transport.requests.empty());
}

TEST_CASE("a process that does not answer does not count", "[local]") {
    World world;
    const auto place = world.root();
    world.processes.running[500] = {.start = 77};
    world.publish(place, 500, 77);
    world.transport.error = unreachable();
    const auto found = find(world.means(), place);
    REQUIRE(found);
    CHECK_FALSE(*found);
}

TEST_CASE("an answer that is no status is an error", "[local]") {
    World world;
    const auto place = world.root();
    world.processes.running[500] = {.start = 77};
    world.publish(place, 500, 77);
    SECTION("its own key is not taken") {
        world.transport.status = 401;
        const auto found = find(world.means(), place);
        REQUIRE_FALSE(found);
        CHECK(found.error().kind == ErrorKind::unauthenticated);
    }
    SECTION("it is broken") {
        world.transport.status = 500;
        const auto found = find(world.means(), place);
        REQUIRE_FALSE(found);
        CHECK(found.error().kind == ErrorKind::failed);
        CHECK(found.error().message.find("500") != std::string::npos);
    }
}

TEST_CASE("the key goes nowhere but to loopback", "[local]") {
    World world;
    const auto place = world.root();
    world.processes.running[500] = {.start = 77};
    world.publish(place, 500, 77, "http://example.com:4000");
    const auto found = find(world.means(), place);
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::refused);
    CHECK(world.transport.requests.empty());
}

TEST_CASE("a key that others can read is refused", "[local]") {
    World world;
    const auto place = world.root();
    world.processes.running[500] = {.start = 77};
    world.publish(place, 500, 77);
    fs::permissions(place.state / "key", fs::perms(0644));
    const auto found = find(world.means(), place);
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::refused);
    CHECK(world.transport.requests.empty());
}

TEST_CASE("an endpoint file that cannot be used is an error that names it", "[local]") {
    const std::string text = GENERATE(
        R"(garbage)", R"([])", R"({})",
        R"({"version":2,"pid":500,"url":"http://127.0.0.1:1","root":"/r","kind":"root"})",
        R"({"version":1,"pid":"500","url":"http://127.0.0.1:1","root":"/r","kind":"root"})",
        R"({"version":1,"pid":-1,"url":"http://127.0.0.1:1","root":"/r","kind":"root"})",
        R"({"version":1,"pid":500,"url":"","root":"/r","kind":"root"})",
        R"({"version":1,"pid":500,"url":"http://127.0.0.1:1","root":"/r","kind":"other"})");
    CAPTURE(text);
    World world;
    const auto place = world.root();
    world.processes.running[500] = {.start = 77};
    World::write(place.state / "endpoint.json", text);
    const auto found = find(world.means(), place);
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::failed);
    CHECK(found.error().message.find("endpoint.json") != std::string::npos);
    CHECK_FALSE(found.error().hint.empty());
}

TEST_CASE("the root that was started last is remembered", "[local]") {
    World world;
    const auto first = world.root("first");
    const auto second = world.root("second");
    CHECK_FALSE(last_started_place(world.surroundings));
    world.processes.running[500] = {.start = 1};
    world.processes.running[501] = {.start = 2};
    world.publish(first, 500, 1);
    world.publish(second, 501, 2);
    REQUIRE(remember_as_last(world.surroundings, second));
    REQUIRE(remember_as_last(world.surroundings, first));
    auto found = find_last_started(world.means());
    REQUIRE(found);
    REQUIRE(*found);
    CHECK((*found)->place.folder == first.folder);

    SECTION("a single database does not count") {
        auto database = place_of(world.surroundings, RootKind::database, second.folder);
        REQUIRE(remember_as_last(world.surroundings, database));
        CHECK(last_started_place(world.surroundings)->folder == first.folder);
    }
    SECTION("when it has ended, no other takes its place") {
        world.processes.running.erase(500);
        found = find_last_started(world.means());
        REQUIRE(found);
        CHECK_FALSE(*found);
        CHECK(last_started_place(world.surroundings)->state == first.state);
    }
    SECTION("a file with something else in it is as good as none") {
        World::write(deployments_folder(world.surroundings) / "last", "nonsense");
        CHECK_FALSE(last_started_place(world.surroundings));
    }
}

TEST_CASE("all that run are found in the order of their starts", "[local]") {
    World world;
    const auto first = world.root("first");
    const auto second = world.root("second");
    const auto broken = world.root("broken");
    const auto ended = world.root("ended");
    world.processes.running[500] = {.start = 1};
    world.processes.running[501] = {.start = 2};
    world.publish(second, 501, 2, "http://127.0.0.1:2", "2026-11-22T11:00:00Z");
    world.publish(first, 500, 1, "http://127.0.0.1:1", "2026-11-22T10:00:00Z");
    world.publish(ended, 502, 3);
    World::write(broken.state / "endpoint.json", "garbage");
    const auto all = find_all(world.means());
    REQUIRE(all);
    REQUIRE(all->size() == 2);
    CHECK((*all)[0].url == "http://127.0.0.1:1");
    CHECK((*all)[1].url == "http://127.0.0.1:2");
}

TEST_CASE("a machine without deployments has none", "[local]") {
    World world;
    const auto all = find_all(world.means());
    REQUIRE(all);
    CHECK(all->empty());
}

TEST_CASE("the status is passed on as it came", "[local]") {
    World world;
    world.transport.body = R"({"jobs":{"running":1}})";
    Endpoint endpoint;
    endpoint.url = "http://127.0.0.1:9";
    endpoint.api_key = base::Secret(std::string(k_key));
    const auto text = status(world.transport, endpoint);
    REQUIRE(text);
    CHECK(*text == R"({"jobs":{"running":1}})");
    world.transport.status = 403;
    CHECK(status(world.transport, endpoint).error().kind == ErrorKind::unauthenticated);
}
