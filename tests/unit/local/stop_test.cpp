// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "fakes.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using namespace genevactl::local;
using namespace genevactl::local::test;
using base::ErrorKind;

namespace {

using Sent = FakeProcesses::Sent;

const std::string k_mark = "fedcba9876543210";

void record_ray(const Place& place) {
    World::write(place.state / "ray.json",
                 R"({"mark":")" + k_mark +
                     R"(","temp_dir":"/tmp/gctl-0-1","leader":599,"started":1,"boot":"b"})");
}

FakeProcesses::Entry ray_process(long long start) {
    return {.start = start, .variable = "GENEVACTL_RAY_SESSION=" + k_mark};
}

}  // namespace

TEST_CASE("a stop asks the deployment to end and waits for it", "[local]") {
    World world;
    const auto place = world.root();
    world.processes.running[500] = {.start = 77};
    world.publish(place, 500, 77);
    const auto stopped = stop(world.means(), place, &world.reporter);
    REQUIRE(stopped);
    CHECK(*stopped);
    CHECK(world.processes.sent == std::vector<Sent>{{500, SIGTERM}});
    CHECK(world.reporter.warnings.empty());
    CHECK_FALSE(fs::exists(place.state / "endpoint.json"));
    CHECK(fs::exists(place.state / "key"));
}

TEST_CASE("one that hangs is stopped without being asked anything", "[local]") {
    World world;
    const auto place = world.root();
    world.processes.running[500] = {.start = 77};
    world.publish(place, 500, 77);
    world.transport.error = base::Error{.kind = ErrorKind::unreachable, .message = "no"};
    CHECK(stop(world.means(), place, nullptr).value());
}

TEST_CASE("there is nothing to stop where none runs", "[local]") {
    World world;
    const auto place = world.root();
    SECTION("none ever did") {}
    SECTION("it has ended") {
        world.publish(place, 500, 77);
    }
    SECTION("its id is another process's by now") {
        world.publish(place, 500, 77);
        world.processes.running[500] = {.start = 78};
    }
    const auto stopped = stop(world.means(), place, &world.reporter);
    REQUIRE(stopped);
    CHECK_FALSE(*stopped);
    CHECK(world.processes.sent.empty());
    CHECK_FALSE(fs::exists(place.state / "endpoint.json"));
}

TEST_CASE("one that does not end is killed with its Ray, and that is said", "[local]") {
    World world;
    const auto place = world.root();
    world.processes.running[500] = {.start = 77, .heeds = {SIGKILL}};
    world.processes.running[600] = ray_process(1);
    world.processes.running[601] = ray_process(2);
    world.processes.running[602] = {.start = 3};  // somebody else's
    world.publish(place, 500, 77);
    record_ray(place);
    const auto before = world.clock.monotonic();
    const auto stopped = stop(world.means(), place, &world.reporter);
    REQUIRE(stopped);
    CHECK(*stopped);
    CHECK(world.clock.monotonic() - before >= std::chrono::seconds(30));
    CHECK(world.processes.sent ==
          std::vector<Sent>{{500, SIGTERM}, {500, SIGKILL}, {600, SIGKILL}, {601, SIGKILL}});
    CHECK(world.processes.running.size() == 1);
    REQUIRE(world.reporter.warnings.size() == 1);
    CHECK(world.reporter.warnings[0].find("killed (process 500, 2 processes of its Ray)") !=
          std::string::npos);
}

TEST_CASE("one that even survives that is an error", "[local]") {
    World world;
    const auto place = world.root();
    world.processes.running[500] = {.start = 77, .heeds = {}};
    world.publish(place, 500, 77);
    const auto stopped = stop(world.means(), place, &world.reporter);
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().kind == ErrorKind::failed);
    CHECK(fs::exists(place.state / "endpoint.json"));
}

TEST_CASE("what a killed deployment left of its Ray is ended", "[local]") {
    World world;
    const auto place = world.root();
    world.publish(place, 500, 77);
    world.processes.running[600] = ray_process(1);
    SECTION("by its mark") {
        record_ray(place);
        CHECK_FALSE(stop(world.means(), place, &world.reporter).value());
        CHECK(world.processes.sent == std::vector<Sent>{{600, SIGKILL}});
        CHECK(world.reporter.warnings.size() == 1);
    }
    SECTION("by its session, where it wrote over its mark") {
        world.processes.running[600] = {.start = 1, .session = 599};
        record_ray(place);
        CHECK_FALSE(stop(world.means(), place, &world.reporter).value());
        CHECK(world.processes.sent == std::vector<Sent>{{600, SIGKILL}});
    }
    SECTION("but not by a mark that could be anyone's") {
        World::write(place.state / "ray.json", R"({"mark":""})");
        CHECK_FALSE(stop(world.means(), place, &world.reporter).value());
        CHECK(world.processes.sent.empty());
    }
}

TEST_CASE("without start times only one that answers is ended", "[local]") {
    World world;
    const auto place = world.root();
    world.processes.running[500] = {.start = 77};
    world.publish(place, 500, 77);
    auto text = base::read_file(place.state / "endpoint.json").value();
    text.replace(text.find("\"process_start\":77"), 18, "\"process_start\":null");
    World::write(place.state / "endpoint.json", text);
    SECTION("it does") {
        CHECK(stop(world.means(), place, nullptr).value());
        CHECK(world.processes.sent == std::vector<Sent>{{500, SIGTERM}});
    }
    SECTION("it does not") {
        world.transport.error = base::Error{.kind = ErrorKind::unreachable, .message = "no"};
        CHECK_FALSE(stop(world.means(), place, nullptr).value());
        CHECK(world.processes.sent.empty());
    }
}

TEST_CASE("a signal ends the waiting for a stop", "[local]") {
    World world;
    const auto place = world.root();
    world.processes.running[500] = {.start = 77, .heeds = {SIGKILL}};
    world.publish(place, 500, 77);
    world.interrupt.number = SIGINT;
    const auto stopped = stop(world.means(), place, nullptr);
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().kind == ErrorKind::interrupted);
    CHECK(world.processes.sent == std::vector<Sent>{{500, SIGTERM}});
}
