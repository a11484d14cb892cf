// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/process.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "support/catch.hpp"

using namespace genevactl::base;
using namespace std::chrono_literals;

namespace {

/// Fires from the `after`-th look on.
class CountingInterrupt final : public Interrupt {
public:
    explicit CountingInterrupt(int after, int number = SIGINT) : m_left(after), m_number(number) {}
    int signal() const override { return m_left-- > 0 ? 0 : m_number; }
    bool wait_for(Microseconds) const override { return signal() != 0; }

private:
    mutable int m_left;
    int m_number;
};

/// Fires as soon as a file is there.
class FileInterrupt final : public Interrupt {
public:
    explicit FileInterrupt(std::filesystem::path path) : m_path(std::move(path)) {}
    int signal() const override { return std::filesystem::exists(m_path) ? SIGINT : 0; }
    bool wait_for(Microseconds) const override { return signal() != 0; }

private:
    std::filesystem::path m_path;
};

Command shell(const std::string& script) {
    return {.arguments = {"sh", "-c", script}};
}

Result<ProcessResult> run(const Command& command) {
    return SystemProcessRunner(no_interrupt()).run(command);
}

bool is_gone(pid_t pid) {
    // A reparented zombie still answers to signal 0 until init collects it.
    const auto text = read_file("/proc/" + std::to_string(pid) + "/stat");
    return !text || text->find(") Z ") != std::string::npos;
}

}  // namespace

TEST_CASE("a program's output, errors and exit code come back") {
    const auto result = run(shell("echo out; echo err >&2; exit 3")).value();
    CHECK(result.output == "out\n");
    CHECK(result.errors == "err\n");
    CHECK(result.exit_code == 3);
}

TEST_CASE("a signal that ended the program shows in its exit code") {
    CHECK(run(shell("kill -9 $$")).value().exit_code == 137);
}

TEST_CASE("input reaches the program and may be larger than a pipe") {
    auto command = shell("cat");
    command.input = std::string(1'000'000, 'x') + "end";
    CHECK(run(command).value().output == command.input);
}

TEST_CASE("a program that does not read its input is no error") {
    auto command = shell("exec <&-; echo done");
    command.input = std::string(1'000'000, 'x');
    CHECK(run(command).value().output == "done\n");
}

TEST_CASE("without input a program sees the end of its input at once") {
    CHECK(run(shell("cat; echo end")).value().output == "end\n");
}

TEST_CASE("the environment is inherited, added to, replaced and cut") {
    ::setenv("GENEVACTL_TEST_KEPT", "kept", 1);
    ::setenv("GENEVACTL_TEST_GONE", "gone", 1);
    auto command = shell("echo $GENEVACTL_TEST_KEPT-$GENEVACTL_TEST_GONE-$GENEVACTL_TEST_NEW");
    command.environment = {{"GENEVACTL_TEST_NEW", "a b"}};
    command.unset = {"GENEVACTL_TEST_GONE"};
    CHECK(run(command).value().output == "kept--a b\n");
    ::unsetenv("GENEVACTL_TEST_KEPT");
    ::unsetenv("GENEVACTL_TEST_GONE");
}

TEST_CASE("a program runs in the folder asked for") {
    const auto folder = TemporaryDirectory::create("genevactl-test-").value();
    auto command = shell("pwd");
    command.working_directory = folder.path();
    CHECK(run(command).value().output == std::filesystem::canonical(folder.path()).string() + "\n");
    command.working_directory = folder.path() / "none";
    CHECK(run(command).error().kind == ErrorKind::not_found);
}

TEST_CASE("arguments are no shell's business") {
    const Command command{.arguments = {"printf", "%s|", "a b", "$HOME", "*", ""}};
    CHECK(run(command).value().output == "a b|$HOME|*||");
}

TEST_CASE("a program that is not there is told by name") {
    const auto result = run({.arguments = {"genevactl-no-such-program"}});
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::not_found);
    CHECK(result.error().message.find("genevactl-no-such-program") != std::string::npos);
    CHECK(run({.arguments = {"/no/such"}}).error().kind == ErrorKind::not_found);
    CHECK(run({.arguments = {"/etc/passwd"}}).error().kind == ErrorKind::failed);
    CHECK(run({.arguments = {}}).error().kind == ErrorKind::internal);
}

TEST_CASE("the program is looked up on its own PATH") {
    const auto folder = TemporaryDirectory::create("genevactl-test-").value();
    REQUIRE(write_atomic(folder.path() / "hello", "#!/bin/sh\necho mine\n", 0755));
    Command command{.arguments = {"hello"}};
    command.environment = {{"PATH", folder.path().string() + ":/bin"}};
    CHECK(run(command).value().output == "mine\n");
}

TEST_CASE("lines of stderr are reported as they come, the last one without a newline too") {
    std::vector<std::string> lines;
    auto command = shell("printf 'a\\nb' >&2; printf 'c\\n\\nd' >&2");
    command.on_stderr_line = [&](const std::string& line) { lines.push_back(line); };
    const auto result = run(command).value();
    CHECK(lines == std::vector<std::string>{"a", "bc", "", "d"});
    CHECK(result.errors == "a\nbc\n\nd");
}

TEST_CASE("a program that takes too long is stopped") {
    Command command{.arguments = {"sleep", "1000"}};
    command.timeout = 20ms;
    const auto result = run(command);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::failed);
    CHECK(result.error().message == "sleep did not end within 20ms and was stopped");
}

TEST_CASE("what a program started is stopped with it") {
    const auto folder = TemporaryDirectory::create("genevactl-test-").value();
    auto command = shell("sleep 1000 & echo $! > pid.tmp; mv pid.tmp pid; wait");
    command.working_directory = folder.path();
    const FileInterrupt interrupt(folder.path() / "pid");
    CHECK(SystemProcessRunner(interrupt).run(command).error().kind == ErrorKind::interrupted);
    const auto pid = std::stoi(read_file(folder.path() / "pid").value());
    while (!is_gone(pid)) {  // the kernel is at it; a test that never ends is stopped and fails
        ::usleep(1'000);
    }
}

TEST_CASE("a program that ignores the request to end is killed") {
    const auto folder = TemporaryDirectory::create("genevactl-test-").value();
    auto command = shell("trap '' INT; touch ready; while :; do sleep 0.01; done");
    command.working_directory = folder.path();
    command.grace = 20ms;
    const FileInterrupt interrupt(folder.path() / "ready");
    CHECK(SystemProcessRunner(interrupt).run(command).error().kind == ErrorKind::interrupted);
}

TEST_CASE("a program that writes too much is stopped") {
    auto command = shell("yes");
    command.output_limit = 100'000;
    const auto result = run(command);
    REQUIRE_FALSE(result);
    CHECK(result.error().message.find("100000 bytes") != std::string::npos);
}

TEST_CASE("an interrupt ends the program and is told") {
    const CountingInterrupt interrupt(3);
    const auto result = SystemProcessRunner(interrupt).run(shell("sleep 1000"));
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::interrupted);
    const CountingInterrupt terminate(1, SIGTERM);
    CHECK(SystemProcessRunner(terminate).run(shell("sleep 1000")).error().kind ==
          ErrorKind::terminated);
    const CountingInterrupt before(0);
    CHECK_FALSE(SystemProcessRunner(before).run({.arguments = {"no-such-program"}}));
}

TEST_CASE("a daemon that keeps the pipes open does not hold up the result") {
    const auto result = run(shell("sleep 1000 & echo $!")).value();
    const auto pid = std::stoi(result.output);
    CHECK(pid > 1);
    CHECK_FALSE(is_gone(pid));
    ::kill(pid, SIGKILL);
}

TEST_CASE("a pipe whose reader is gone is an error only while that is asked for") {
    struct sigaction action {};
    {
        const ScopedIgnorePipe ignored;
        ::sigaction(SIGPIPE, nullptr, &action);
        CHECK(action.sa_handler == SIG_IGN);
    }
    ::sigaction(SIGPIPE, nullptr, &action);
    CHECK(action.sa_handler == SIG_DFL);
}

TEST_CASE("a detached program has a session of its own and a private log") {
    const auto folder = TemporaryDirectory::create("genevactl-test-").value();
    const auto log = folder.path() / "log";
    SystemProcessRunner runner(no_interrupt());
    for (int i = 0; i < 2; ++i) {
        const auto pid =
            runner.spawn_detached(shell("cat; ps -o sid= -p $$; echo err >&2"), log).value();
        int status = -1;
        REQUIRE(::waitpid(pid, &status, 0) == pid);
        CHECK(status == 0);
        const auto lines = split(read_file(log).value(), '\n');
        REQUIRE(lines.size() == 2U * static_cast<unsigned>(i) + 3U);
        CHECK(std::string(trim(lines[lines.size() - 3])) == std::to_string(pid));
        CHECK(lines[lines.size() - 2] == "err");
    }
    struct stat status {};
    REQUIRE(::stat(log.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
    CHECK(runner.spawn_detached({.arguments = {"no-such-program"}}, log).error().kind ==
          ErrorKind::not_found);
}

TEST_CASE("a process is named by its start time too") {
    const auto own = process_start(::getpid());
    REQUIRE(own);
    CHECK(*own > 0);
    CHECK(process_start(::getpid()) == own);
    CHECK_FALSE(process_start(0x3fffffff));
}
