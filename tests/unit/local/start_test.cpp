// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "fakes.hpp"
#include "log.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using namespace genevactl::local;
using namespace genevactl::local::test;
using base::ErrorKind;

namespace {

using Sent = FakeProcesses::Sent;

/// The control plane as start() sees it: a process that runs, and after a while publishes.
struct Server {
    explicit Server(World& world, const Place& place) : m_world(world), m_place(place) {
        world.runner.on_spawn = [this](long pid) {
            m_world.processes.running[pid] = {.start = pid * 10};
            if (on_spawn) on_spawn(pid);
        };
        world.clock.on_sleep = [this] {
            ++sleeps;
            if (on_sleep) on_sleep();
        };
    }
    void publish(long pid) const { m_world.publish(m_place, pid, pid * 10); }
    void log(const std::string& text) const { World::write(log_path(m_place.state), text, 0600); }
    int sleeps = 0;
    std::function<void(long)> on_spawn = {};
    std::function<void()> on_sleep = {};

private:
    World& m_world;
    Place m_place;
};

StartOptions options_of(const Place& place) {
    return {.place = place, .python = "/opt/env/bin/python"};
}

bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
}

}  // namespace

TEST_CASE("a start waits until the deployment answers", "[local]") {
    World world;
    const auto place = world.root();
    Server server(world, place);
    server.on_sleep = [&] {
        if (server.sleeps == 3) server.publish(1001);
    };
    const auto started = start(world.means(), world.reporter, options_of(place));
    REQUIRE(started);
    CHECK(started->pid == 1001);
    CHECK(server.sleeps == 3);
    CHECK(world.runner.spawned() == 1);
    CHECK(world.runner.log_file == place.state / "server.log");
    CHECK(world.processes.sent.empty());
    REQUIRE_FALSE(world.reporter.steps.empty());
    CHECK(world.reporter.steps[0] == "waiting until the local deployment answers");
    CHECK(last_started_place(world.surroundings)->folder == place.folder);
}

TEST_CASE("the control plane is started with what was asked for, and no foreign keys", "[local]") {
    World world;
    auto place = world.root();
    auto options = options_of(place);
    std::vector<std::string> expected{
        "serve", "--state", place.state.string(), "--root", place.folder.string(), "--port", "0",
        "--ray", "auto"};
    SECTION("a root") {}
    SECTION("a database, with every option") {
        place = options.place =
            place_of(world.surroundings, RootKind::database, world.path("root"));
        options.port = 4000;
        options.ray = "http://head:8265";
        options.config = "my.toml";
        options.max_jobs = 3;
        options.idle_timeout = std::chrono::milliseconds(1500);
        world.transport.body = R"({"ray":{"state":"external","address":"http://head:8265"}})";
        expected = {"serve",
                    "--state",
                    place.state.string(),
                    "--database",
                    world.path("root").string(),
                    "--port",
                    "4000",
                    "--ray",
                    "http://head:8265",
                    "--config",
                    world.path("work/my.toml").string(),
                    "--max-jobs",
                    "3",
                    "--idle-timeout",
                    "2"};
    }
    Server server(world, place);
    server.on_spawn = [&](long pid) { server.publish(pid); };
    REQUIRE(start(world.means(), world.reporter, options));
    const auto& command = world.runner.commands.at(0);
    REQUIRE(command.arguments.size() > 2);
    CHECK(command.arguments[0] == "/opt/env/bin/python");
    CHECK(fs::path(command.arguments[1]).filename() == "__main__.py");
    CHECK(fs::exists(command.arguments[1]));
    CHECK(std::vector<std::string>(command.arguments.begin() + 2, command.arguments.end()) ==
          expected);
    CHECK(command.working_directory == place.state);
    CHECK(has(command.unset, "LANCEDB_API_KEY"));
    CHECK(has(command.unset, "LANCEDB_URI"));
}

TEST_CASE("an interpreter is found from the working directory, its links kept", "[local]") {
    World world;
    fs::create_directories(world.path("work/.venv/bin"));
    fs::create_symlink("/usr/bin/python3", world.path("work/.venv/bin/python"));
    const auto place = world.root();
    Server server(world, place);
    server.on_spawn = [&](long pid) { server.publish(pid); };
    auto options = options_of(place);
    options.python = ".venv/bin/python";
    REQUIRE(start(world.means(), world.reporter, options));
    CHECK(world.runner.commands.at(0).arguments[0] == world.path("work/.venv/bin/python").string());
}

TEST_CASE("one that runs already is taken", "[local]") {
    World world;
    const auto place = world.root();
    world.processes.running[500] = {.start = 77};
    world.publish(place, 500, 77);
    auto options = options_of(place);
    SECTION("as it is") {
        const auto started = start(world.means(), world.reporter, options);
        REQUIRE(started);
        CHECK(started->pid == 500);
        CHECK(last_started_place(world.surroundings)->folder == place.folder);
    }
    SECTION("at the port that was asked for") {
        options.port = 4000;
        CHECK(start(world.means(), world.reporter, options));
    }
    SECTION("but not at another port") {
        options.port = 400;
        const auto started = start(world.means(), world.reporter, options);
        REQUIRE_FALSE(started);
        CHECK(started.error().kind == ErrorKind::conflict);
        CHECK(started.error().hint.find("local stop --root") != std::string::npos);
    }
    SECTION("with the Ray that was asked for") {
        options.ray = "http://head:8265/";
        world.transport.body = R"({"ray":{"state":"external","address":"http://head:8265"}})";
        CHECK(start(world.means(), world.reporter, options));
    }
    SECTION("but not with another Ray") {
        options.ray = "http://head:8265";
        world.transport.body = R"({"ray":{"state":"stopped","address":null}})";
        const auto started = start(world.means(), world.reporter, options);
        REQUIRE_FALSE(started);
        CHECK(started.error().kind == ErrorKind::conflict);
    }
    CHECK(world.runner.spawned() == 0);
}

TEST_CASE("one that ends instead of answering is an error with the end of its log", "[local]") {
    World world;
    const auto place = world.root();
    World::write(log_path(place.state), "an earlier start\n", 0600);
    fs::permissions(place.state.parent_path(), fs::perms::owner_all);
    fs::permissions(place.state, fs::perms::owner_all);
    World::write(place.state / "key", std::string(k_key) + "\n", 0600);
    Server server(world, place);
    server.on_spawn = [&](long pid) {
        server.log("an earlier start\nTraceback\nit broke with " + std::string(k_key) + "\n");
        world.processes.exit_codes[pid] = 1;
    };
    const auto started = start(world.means(), world.reporter, options_of(place));
    REQUIRE_FALSE(started);
    CHECK(started.error().kind == ErrorKind::failed);
    CHECK(started.error().message.find("exit code 1") != std::string::npos);
    CHECK(started.error().detail == "Traceback\nit broke with [redacted]\n");
    CHECK(started.error().hint.find("genevactl local logs --root") != std::string::npos);
    CHECK(server.sleeps == 0);
    CHECK_FALSE(last_started_place(world.surroundings));
}

TEST_CASE("what an unfit environment lacks is the error's sentence", "[local]") {
    World world;
    const auto place = world.root();
    Server server(world, place);
    server.on_spawn = [&](long pid) {
        server.log("genevactl local: /opt/env/bin/python has no geneva: install it\n");
        world.processes.exit_codes[pid] = 2;
    };
    const auto started = start(world.means(), world.reporter, options_of(place));
    REQUIRE_FALSE(started);
    CHECK(started.error().message ==
          "the local deployment cannot start: /opt/env/bin/python has no geneva: install it");
    CHECK(started.error().detail.empty());
}

TEST_CASE("of two starts at once one wins and the other takes what it started", "[local]") {
    World world;
    const auto place = world.root();
    world.processes.running[600] = {.start = 6000};  // the winner, not listening yet
    Server server(world, place);
    server.on_spawn = [&](long pid) { world.processes.exit_codes[pid] = 6; };
    server.on_sleep = [&] {
        if (server.sleeps == 10) server.publish(600);
    };
    const auto started = start(world.means(), world.reporter, options_of(place));
    REQUIRE(started);
    CHECK(started->pid == 600);
    CHECK(world.runner.spawned() == 1);
    CHECK(world.processes.sent.empty());
}

TEST_CASE("a start during a stop begins when the stop is done", "[local]") {
    World world;
    const auto place = world.root();
    Server server(world, place);
    server.on_spawn = [&](long pid) {
        if (world.runner.spawned() < 3) {
            world.processes.exit_codes[pid] = 6;
        } else {
            server.publish(pid);
        }
    };
    const auto started = start(world.means(), world.reporter, options_of(place));
    REQUIRE(started);
    CHECK(started->pid == 1003);
}

TEST_CASE("one that does not answer in time is ended", "[local]") {
    World world;
    const auto place = world.root();
    Server server(world, place);
    const auto started = start(world.means(), world.reporter, options_of(place));
    REQUIRE_FALSE(started);
    CHECK(started.error().message.find("did not answer within 2m") != std::string::npos);
    CHECK(world.processes.sent == std::vector<Sent>{{1001, SIGTERM}});
    CHECK(world.processes.running.empty());
}

TEST_CASE("a signal while starting ends what was started", "[local]") {
    World world;
    const auto place = world.root();
    Server server(world, place);
    server.on_sleep = [&] { world.interrupt.number = SIGINT; };
    SECTION("one that heeds it") {
        const auto started = start(world.means(), world.reporter, options_of(place));
        REQUIRE_FALSE(started);
        CHECK(started.error().kind == ErrorKind::interrupted);
        CHECK(world.processes.sent == std::vector<Sent>{{1001, SIGTERM}});
    }
    SECTION("one that does not") {
        server.on_spawn = [&](long pid) { world.processes.running[pid].heeds = {SIGKILL}; };
        CHECK_FALSE(start(world.means(), world.reporter, options_of(place)));
        CHECK(world.processes.sent == std::vector<Sent>{{1001, SIGTERM}, {1001, SIGKILL}});
    }
    SECTION("and by SIGTERM it is said so") {
        server.on_sleep = [&] { world.interrupt.number = SIGTERM; };
        const auto started = start(world.means(), world.reporter, options_of(place));
        REQUIRE_FALSE(started);
        CHECK(started.error().kind == ErrorKind::terminated);
    }
    CHECK(world.processes.running.empty());
}

TEST_CASE("the usual root is made, another one is not", "[local]") {
    World world;
    auto place = place_of(world.surroundings, RootKind::root, default_root(world.surroundings));
    bool made = true;
    SECTION("the usual one") {}
    SECTION("a typo") {
        place = place_of(world.surroundings, RootKind::root, "rooot");
        made = false;
    }
    Server server(world, place);
    server.on_spawn = [&](long pid) { server.publish(pid); };
    REQUIRE(start(world.means(), world.reporter, options_of(place)));
    CHECK(fs::exists(place.folder) == made);
    CHECK(fs::status(place.state).permissions() == fs::perms::owner_all);
}

TEST_CASE("in the foreground the log is shown until the end", "[local]") {
    World world;
    const auto place = world.root();
    World::write(log_path(place.state), "before\n", 0600);
    fs::permissions(place.state.parent_path(), fs::perms::owner_all);
    fs::permissions(place.state, fs::perms::owner_all);
    Server server(world, place);
    std::string shown;
    const auto show = [&](const std::string& text) { shown += text; };
    const auto run = [&] {
        return run_in_foreground(world.surroundings, world.processes, options_of(place), show);
    };
    SECTION("that it comes to by itself") {
        const int code = GENERATE(0, 1, 6);
        server.on_sleep = [&, code] {
            server.log("before\nserving\nbye\n");
            world.processes.exit_codes[1001] = code;
        };
        const auto done = run();
        CHECK(shown == "serving\nbye\n");
        CHECK(done.has_value() == (code == 0));
        if (code == 1) CHECK(done.error().kind == ErrorKind::failed);
        if (code == 6) CHECK(done.error().kind == ErrorKind::conflict);
    }
    SECTION("that a signal asks for") {
        server.on_sleep = [&] { world.interrupt.number = SIGINT; };
        world.processes.on_end = [&](long pid) { world.processes.exit_codes[pid] = 0; };
        const auto done = run();
        REQUIRE_FALSE(done);
        CHECK(done.error().kind == ErrorKind::interrupted);
        CHECK(world.processes.sent == std::vector<Sent>{{1001, SIGTERM}});
    }
    CHECK(last_started_place(world.surroundings)->folder == place.folder);
}
