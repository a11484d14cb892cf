// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "genevactl/base/files.hpp"
#include "genevactl/local/deployment.hpp"
#include "supervisor.hpp"

namespace genevactl::local::test {

namespace fs = std::filesystem;

/// A clock that waits in no time; `on_sleep` lets the world go on meanwhile.
class FakeClock final : public base::Clock {
public:
    base::WallTime now() override { return {}; }
    base::Monotonic monotonic() override { return m_now; }
    bool sleep_for(base::Microseconds duration) override {
        m_now += duration;
        if (on_sleep) on_sleep();
        return false;
    }
    void advance(base::Microseconds duration) { m_now += duration; }
    std::function<void()> on_sleep = {};

private:
    base::Monotonic m_now{};
};

class FakeInterrupt final : public base::Interrupt {
public:
    int signal() const override { return number; }
    bool wait_for(base::Microseconds) const override { return number != 0; }
    int number = 0;
};

/// Processes that live until a signal that they heed.
class FakeProcesses final : public Processes {
public:
    struct Entry {
        long long start = 0;
        std::set<int> heeds = {SIGTERM, SIGKILL};
        std::string variable = {};
        long session = 0;
    };
    struct Sent {
        long pid;
        int signal;
        bool operator==(const Sent&) const = default;
    };

    explicit FakeProcesses(FakeClock& clock) : m_clock(clock) {}
    std::optional<ProcessName> named(long pid) override {
        const auto found = running.find(pid);
        if (found == running.end()) return std::nullopt;
        return ProcessName{pid, found->second.start};
    }
    bool alive(const ProcessName& process) override {
        const auto found = running.find(process.pid);
        return found != running.end() && (!process.start || found->second.start == *process.start);
    }
    bool send(const ProcessName& process, int signal) override {
        if (!alive(process)) return false;
        sent.push_back({process.pid, signal});
        if (!running[process.pid].heeds.contains(signal)) return true;
        running.erase(process.pid);
        if (on_end) on_end(process.pid);
        return true;
    }
    bool wait_for_end(const ProcessName& process, base::Microseconds timeout) override {
        if (alive(process)) m_clock.advance(timeout);
        return !alive(process);
    }
    std::vector<ProcessName> members_of(const RaySession& session) override {
        std::vector<ProcessName> found;
        for (const auto& [pid, entry] : running) {
            const bool led = session.leader && entry.session == session.leader->pid;
            if (led || entry.variable == session.variable) found.push_back({pid, entry.start});
        }
        return found;
    }
    std::optional<int> reap(long pid) override {
        const auto found = exit_codes.find(pid);
        if (found == exit_codes.end()) return std::nullopt;
        const int code = found->second;
        exit_codes.erase(found);
        running.erase(pid);
        return code;
    }

    int reap_ended(long pid) override { return reap(pid).value_or(-1); }

    std::map<long, Entry> running = {};
    std::map<long, int> exit_codes = {};
    std::vector<Sent> sent = {};
    std::function<void(long)> on_end = {};  ///< after a signal ended it

private:
    FakeClock& m_clock;
};

/// Answers programs by a function; detached ones get the ids 1001, 1002, …
class FakeRunner final : public base::ProcessRunner {
public:
    base::Result<base::ProcessResult> run(const base::Command& command) override {
        commands.push_back(command);
        return on_run(command);
    }
    base::Result<pid_t> spawn_detached(const base::Command& command, const fs::path& log) override {
        commands.push_back(command);
        log_file = log;
        const auto pid = static_cast<pid_t>(1000 + ++m_spawned);
        if (on_spawn) on_spawn(pid);
        return pid;
    }
    int spawned() const { return m_spawned; }
    std::function<base::Result<base::ProcessResult>(const base::Command&)> on_run = {};
    std::function<void(long)> on_spawn = {};
    std::vector<base::Command> commands = {};
    fs::path log_file = {};

private:
    int m_spawned = 0;
};

/// Answers every request with one response or error, and keeps the requests.
class FakeTransport final : public transport::Transport {
public:
    base::Result<transport::Response> send(const transport::Request& request) override {
        requests.push_back(request);
        if (error) return base::fail(*error);
        return transport::Response{status, {}, body, {}};
    }
    long status = 200;
    std::string body = "{}";
    std::optional<base::Error> error = {};
    std::vector<transport::Request> requests = {};
};

class FakeReporter final : public model::Reporter {
public:
    void note(const std::string& text) override { notes.push_back(text); }
    void warn(const std::string& text, const std::string&) override { warnings.push_back(text); }
    void step(const std::string& text) override { steps.push_back(text); }
    void jobs(const std::vector<model::JobProgress>&) override {}
    void finish() override {}
    std::vector<std::string> notes = {};
    std::vector<std::string> warnings = {};
    std::vector<std::string> steps = {};
};

inline constexpr std::string_view k_key = "0123456789abcdef0123456789abcdef";

/// A home of its own below the temporary directory, and everything that the room's functions take.
struct World {
    World() {
        surroundings.environment = {{"HOME", path("home").string()}, {"PATH", "/bin"}};
        surroundings.working_directory = path("work");
        fs::create_directories(path("work"));
        fs::create_directories(path("home"));
        surroundings.clock = &clock;
        surroundings.process = &runner;
        surroundings.interrupt = &interrupt;
    }
    fs::path path(const std::string& name) const { return fs::canonical(folder.path()) / name; }
    Place root(const std::string& name = "root") {
        fs::create_directories(path(name));
        return place_of(surroundings, RootKind::root, path(name));
    }
    /// What a control plane leaves in its state folder once it listens.
    void publish(const Place& place, long pid, long long start,
                 const std::string& url = "http://127.0.0.1:4000",
                 const std::string& started_at = "2026-11-22T09:30:00Z") const {
        fs::create_directories(place.state);
        fs::permissions(place.state.parent_path(), fs::perms::owner_all);
        fs::permissions(place.state, fs::perms::owner_all);
        const std::string kind = place.kind == RootKind::root ? "root" : "database";
        write(place.state / "key", std::string(k_key) + "\n", 0600);
        write(place.state / "endpoint.json",
              R"({"pid":)" + std::to_string(pid) + R"(,"process_start":)" + std::to_string(start) +
                  R"(,"url":")" + url + R"(","root":")" + place.folder.string() + R"(","kind":")" +
                  kind +
                  R"(","version":1,"python":"/p/bin/python","geneva":"0.17.0","started_at":")" +
                  started_at + "\"}");
    }
    static void write(const fs::path& file, const std::string& text, unsigned mode = 0644) {
        fs::create_directories(file.parent_path());
        if (!base::write_atomic(file, text, mode)) throw std::runtime_error(file.string());
    }
    Means means() { return {surroundings, transport, processes}; }

    base::TemporaryDirectory folder = base::TemporaryDirectory::create("genevactl-test-").value();
    FakeClock clock;
    FakeInterrupt interrupt;
    FakeRunner runner;
    FakeProcesses processes{clock};
    FakeTransport transport;
    FakeReporter reporter;
    base::Surroundings surroundings;
};

}  // namespace genevactl::local::test
