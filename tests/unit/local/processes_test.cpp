// SPDX-License-Identifier: Apache-2.0
// With real processes, which live for milliseconds.
#include "processes.hpp"

#include <csignal>

#include <unistd.h>

#include "genevactl/base/files.hpp"
#include "genevactl/base/process.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using namespace genevactl::local;

namespace {

constexpr base::Microseconds k_long = std::chrono::seconds(20);

long spawn(const std::string& script, std::map<std::string, std::string> environment = {}) {
    base::SystemProcessRunner runner(base::no_interrupt());
    base::Command command;
    command.arguments = {"/bin/sh", "-c", script};
    command.environment = std::move(environment);
    return runner.spawn_detached(command, "/dev/null").value();
}

}  // namespace

TEST_CASE("a process is signalled by its name and its end is seen", "[local]") {
    SystemProcesses processes;
    const long pid = spawn("exec sleep 60");
    const auto name = processes.named(pid);
    REQUIRE(name);
    CHECK(name->pid == pid);
    CHECK(name->start);
    CHECK(processes.alive(*name));
    CHECK_FALSE(processes.reap(pid));
    CHECK_FALSE(processes.wait_for_end(*name, {}));
    REQUIRE(processes.send(*name, SIGKILL));
    CHECK(processes.wait_for_end(*name, k_long));  // a zombie has ended
    CHECK_FALSE(processes.alive(*name));
    CHECK(processes.reap(pid) == 128 + SIGKILL);
    CHECK_FALSE(processes.named(pid));
    CHECK_FALSE(processes.send(*name, SIGKILL));
}

TEST_CASE("the exit code of a child is told once", "[local]") {
    SystemProcesses processes;
    const long pid = spawn("exit 6");
    processes.wait_for_end({pid, base::process_start(static_cast<pid_t>(pid))}, k_long);
    CHECK(processes.reap(pid) == 6);
    CHECK(processes.reap(pid) == -1);  // not a child any more, and gone
}

TEST_CASE("another process of the same id is left alone", "[local]") {
    SystemProcesses processes;
    const long pid = spawn("exec sleep 60");
    auto name = processes.named(pid).value();
    const auto other = ProcessName{pid, *name.start - 1};
    CHECK_FALSE(processes.alive(other));
    CHECK_FALSE(processes.send(other, SIGKILL));
    CHECK(processes.alive(name));
    CHECK(processes.send(name, SIGKILL));
    CHECK(processes.wait_for_end(name, k_long));
    CHECK(processes.reap(pid) == 128 + SIGKILL);
}

TEST_CASE("init and process groups are never signalled", "[local]") {
    SystemProcesses processes;
    for (const long pid : {1L, 0L, -1L}) {
        CHECK_FALSE(processes.send({pid, std::nullopt}, 0));
    }
    CHECK_FALSE(processes.named(0));
    CHECK_FALSE(processes.named(-1));
}

TEST_CASE("processes are found by a variable of their environment, whole", "[local]") {
    SystemProcesses processes;
    const auto mark = "mark-of-" + std::to_string(::getpid());
    const long pid = spawn("exec sleep 60", {{"GENEVACTL_TEST_MARK", mark}});
    const auto name = processes.named(pid).value();
    const auto marked = [&](const std::string& variable) {
        return processes.members_of({variable, std::nullopt, ""});
    };
    const auto found = marked("GENEVACTL_TEST_MARK=" + mark);
    REQUIRE(found.size() == 1);
    CHECK(found[0].pid == pid);
    CHECK(found[0].start == name.start);
    CHECK(marked("GENEVACTL_TEST_MARK=mark-of-").empty());
    CHECK(marked("TEST_MARK=" + mark).empty());
    CHECK(processes.send(name, SIGKILL));
    CHECK(processes.wait_for_end(name, k_long));
    CHECK(processes.reap(pid) == 128 + SIGKILL);
}

TEST_CASE("processes without the variable are found by the session they were started in",
          "[local]") {
    SystemProcesses processes;
    // Its child has an empty environment, as one that wrote its title over it.
    const long pid = spawn("env -i sleep 61 & wait");
    const auto leader = processes.named(pid).value();
    const auto boot = base::read_file("/proc/sys/kernel/random/boot_id").value().substr(0, 36);
    const auto members = [&](const std::optional<ProcessName>& led_by, const std::string& at) {
        return processes.members_of({"GENEVACTL_TEST_MARK=on-none", led_by, at});
    };
    std::vector<ProcessName> found;
    while (found.size() < 2)
        found = members(leader, boot);
    CHECK(members(leader, "another boot").empty());
    CHECK(members(ProcessName{pid, *leader.start + 1}, boot).empty());
    CHECK(members(ProcessName{pid, std::nullopt}, boot).empty());
    CHECK(members(std::nullopt, boot).empty());
    REQUIRE(processes.send(leader, SIGKILL));
    REQUIRE(processes.wait_for_end(leader, k_long));
    processes.reap(pid);
    const auto left = members(leader, boot);
    REQUIRE(left.size() == 1);  // the session outlives its leader
    CHECK(processes.send(left[0], SIGKILL));
}
