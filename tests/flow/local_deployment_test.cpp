// SPDX-License-Identifier: Apache-2.0
// The supervision of a deployment, with real processes and real HTTP on loopback. In the control
// plane's place runs a script that keeps the same contract (docs/local.md) and starts at once.
#include <csignal>
#include <filesystem>
#include <future>
#include <sstream>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "genevactl/base/files.hpp"
#include "genevactl/base/process.hpp"
#include "genevactl/cli/cli.hpp"
#include "genevactl/local/deployment.hpp"
#include "support/catch.hpp"

namespace genevactl::local_flow {

namespace fs = std::filesystem;

namespace {

// An "interpreter": its first argument is the control plane's main file, which it does not run.
constexpr const char* k_script = R"py(#!/usr/bin/env python3
import fcntl, http.server, json, os, signal, sys, threading
mode = "@MODE@"
options = dict(zip(sys.argv[3::2], sys.argv[4::2]))
state = options["--state"]
if mode == "broken":
    sys.exit("it broke")
lock = open(os.path.join(state, "lock"), "w")
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    sys.exit(6)
key = os.path.join(state, "key")
with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
    out.write("0123456789abcdef0123456789abcdef\n")

class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def do_GET(self):
        good = self.headers.get("x-api-key") == open(key).read().strip()
        body = json.dumps({"path": self.path, "pid": os.getpid()}).encode()
        self.send_response(200 if good else 401)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

server = http.server.ThreadingHTTPServer(("127.0.0.1", int(options["--port"])), Handler)
endpoint = os.path.join(state, "endpoint.json")

def stop(number, frame):
    if mode == "deaf":
        os._exit(0)
    if mode != "stubborn":
        os.unlink(endpoint)
        threading.Thread(target=server.shutdown).start()

signal.signal(signal.SIGTERM, stop)
with open("/proc/self/stat") as stat:
    start = int(stat.read().rpartition(")")[2].split()[19])
kind = "root" if "--root" in options else "database"
with open(endpoint + ".new", "w") as out:
    json.dump({"pid": os.getpid(), "process_start": start, "version": 1, "kind": kind,
               "url": "http://127.0.0.1:%d" % server.server_address[1], "root": options["--" + kind],
               "python": sys.executable, "geneva": "0.17.0",
               "started_at": "2026-11-22T09:30:00Z"}, out)
os.rename(endpoint + ".new", endpoint)
print("serving", file=sys.stderr, flush=True)
while mode == "deaf":
    signal.pause()
server.serve_forever()
)py";

class Silent final : public model::Reporter {
public:
    void note(const std::string&) override {}
    void warn(const std::string& text, const std::string&) override { warning = text; }
    void step(const std::string&) override {}
    void jobs(const std::vector<model::JobProgress>&) override {}
    void finish() override {}
    std::string warning = {};
};

/// One command's own clock, processes and transport, in a home that several share.
struct Machine {
    explicit Machine(const fs::path& home) {
        surroundings.environment = {{"HOME", home.string()}};
        surroundings.working_directory = home;
        surroundings.clock = &clock;
        surroundings.process = &processes;
        surroundings.interrupt = &base::no_interrupt();
        fs::create_directories(home / "root");
        place = local::place_of(surroundings, local::RootKind::root, home / "root");
    }
    local::StartOptions options(const std::string& mode) const {
        std::string script = k_script;
        script.replace(script.find("@MODE@"), 6, mode);
        const auto file = surroundings.working_directory / ("python-" + mode);
        if (!fs::exists(file) && !base::write_atomic(file, script, 0755)) {
            throw std::runtime_error(file.string());
        }
        return {.place = place, .python = file};
    }
    base::Result<local::Endpoint> start(const std::string& mode = "good") {
        return local::start(surroundings, *transport, reporter, options(mode));
    }
    /// A whole command of this machine's user.
    int run(const std::vector<std::string>& words) {
        std::ostringstream stdout_text;
        std::ostringstream stderr_text;
        const int code = cli::run(words, surroundings, stdout_text, stderr_text);
        out = stdout_text.str();
        err = stderr_text.str();
        return code;
    }
    std::string out = {};
    std::string err = {};

    bool stop() { return local::stop(surroundings, *transport, place, &reporter).value(); }

    base::SystemClock clock{base::no_interrupt()};
    base::SystemProcessRunner processes{base::no_interrupt()};
    std::unique_ptr<transport::Transport> transport =
        transport::make_transport({}, clock, base::no_interrupt());
    base::Surroundings surroundings;
    Silent reporter;
    local::Place place;
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// `local start` in the foreground, killed hard as soon as its deployment listens.
void start_and_kill(Machine& machine, const std::string& mode) {
    const auto options = machine.options(mode);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const int null = ::open("/dev/null", O_WRONLY);
        ::dup2(null, STDERR_FILENO);
        static_cast<void>(local::run_in_foreground(machine.surroundings, options));
        ::_exit(0);
    }
    const auto endpoint = machine.place.state / "endpoint.json";
    for (int look = 0; look < 500 && !fs::exists(endpoint); ++look) {
        machine.clock.sleep_for(std::chrono::milliseconds(20));
    }
    REQUIRE(::kill(child, SIGKILL) == 0);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    REQUIRE(fs::exists(endpoint));
}

base::TemporaryDirectory new_home() {
    return base::TemporaryDirectory::create("genevactl-flow-").value();
}

}  // namespace

TEST_CASE("a deployment is started, found, asked and stopped", "[flow][local]") {
    const auto home = new_home();
    Machine machine(home.path());
    const auto endpoint = machine.start();
    REQUIRE(endpoint);
    const auto& place = machine.place;
    CHECK(endpoint->place.folder == place.folder);
    CHECK(base::process_start(static_cast<pid_t>(endpoint->pid)));

    Machine other(home.path());  // another command
    const auto found = local::find_last_started(other.surroundings, *other.transport);
    REQUIRE(found);
    REQUIRE(*found);
    CHECK((*found)->url == endpoint->url);
    CHECK((*found)->api_key.reveal() == endpoint->api_key.reveal());
    CHECK(local::find_all(other.surroundings, *other.transport).value().size() == 1);
    const auto status = local::status(*other.transport, **found);
    REQUIRE(status);
    CHECK(status->find("/genevactl/v1/status") != std::string::npos);
    CHECK(other.start().value().pid == endpoint->pid);
    CHECK(local::logs(place, 10).value() == "serving\n");
    CHECK((fs::status(place.state / "server.log").permissions() & fs::perms(0077)) ==
          fs::perms::none);

    CHECK(other.stop());
    CHECK_FALSE(other.stop());
    CHECK_FALSE(local::find(other.surroundings, *other.transport, place).value());
    CHECK(other.reporter.warning.empty());
}

TEST_CASE("one that ends at once is an error that shows why", "[flow][local]") {
    const auto home = new_home();
    Machine machine(home.path());
    const auto endpoint = machine.start("broken");
    REQUIRE_FALSE(endpoint);
    CHECK(endpoint.error().detail == "it broke\n");
    CHECK_FALSE(machine.stop());
}

TEST_CASE("two starts at once get the same deployment", "[flow][local]") {
    const auto home = new_home();
    Machine first(home.path());
    Machine second(home.path());
    static_cast<void>(first.options("good"));  // the script is there before both
    auto other = std::async(std::launch::async, [&] { return second.start(); });
    const auto endpoint = first.start();
    const auto same = other.get();
    REQUIRE(endpoint);
    REQUIRE(same);
    CHECK(endpoint->pid == same->pid);
    CHECK(endpoint->url == same->url);
    CHECK(first.stop());
}

TEST_CASE("without --root the commands mean the root that was started last", "[flow][local]") {
    const auto home = new_home();
    Machine machine(home.path());
    CHECK(machine.run({"local", "logs"}) == 5);
    CHECK(has(machine.err, "no local deployment is running"));
    CHECK(machine.run({"local", "stop"}) == 0);
    CHECK(machine.out == "nothing to stop: no local deployment is running\n");
    REQUIRE(machine.start());
    const auto folder = machine.place.folder.string();
    CHECK(machine.run({"local", "logs"}) == 0);
    CHECK(machine.out == "serving\n");
    CHECK(machine.run({"local", "stop", "-o", "json"}) == 0);
    CHECK(has(machine.out, R"("stopped":true,"root":")" + folder + "\""));
    CHECK(machine.run({"local", "logs"}) == 0);
    CHECK(machine.out == "serving\n");
    CHECK(machine.run({"local", "stop"}) == 0);
    CHECK(machine.out == "nothing to stop: no local deployment serves " + folder + "\n");
    CHECK(machine.run({"local", "status"}) == 5);
    CHECK(has(machine.err, "no local deployment serves " + folder));
}

TEST_CASE("one whose foreground was killed is stopped, answering or not", "[flow][local]") {
    for (const std::string mode : {"good", "deaf"}) {
        const auto home = new_home();
        Machine machine(home.path());
        start_and_kill(machine, mode);
        const auto before = local::find(machine.surroundings, *machine.transport, machine.place);
        REQUIRE(before);
        CHECK(before->has_value() == (mode == "good"));
        CHECK(machine.run({"local", "stop"}) == 0);
        CHECK(machine.out == "stopped the deployment of " + machine.place.folder.string() + "\n");
        CHECK(machine.run({"local", "stop"}) == 0);
        CHECK(has(machine.out, "nothing to stop"));
        CHECK_FALSE(fs::exists(machine.place.state / "endpoint.json"));
    }
}

TEST_CASE("the folder of a served root is no database", "[flow][local]") {
    const auto home = new_home();
    Machine machine(home.path());
    REQUIRE(machine.start());
    CHECK(machine.run({"table", "list", "--uri", "root"}) == 2);
    CHECK(has(machine.err, "--uri root: that folder is served as a root"));
    CHECK(has(machine.err, "--uri db://NAME"));
    CHECK(machine.stop());
}

TEST_CASE("the endpoint of one that was killed is not believed", "[flow][local]") {
    const auto home = new_home();
    Machine machine(home.path());
    const auto killed = machine.start();
    REQUIRE(killed);
    REQUIRE(::kill(static_cast<pid_t>(killed->pid), SIGKILL) == 0);
    const auto again = machine.start();
    REQUIRE(again);
    CHECK(again->pid != killed->pid);
    CHECK(fs::exists(machine.place.state / "endpoint.json"));
    CHECK(machine.stop());
}

}  // namespace genevactl::local_flow
