// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/clock.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "support/catch.hpp"

using namespace genevactl::base;
using namespace std::chrono_literals;

namespace {

/// Runs the body in a child of its own, which signals may end; the status as waitpid gives it.
int in_child(const std::function<int()>& body) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::_exit(body());
    }
    int status = -1;
    ::waitpid(pid, &status, 0);
    return status;
}

}  // namespace

TEST_CASE("a signal ends a wait at once and every later one") {
    for (const int number : {SIGINT, SIGTERM}) {
        const int status = in_child([number] {
            const auto& interrupt = install_signal_handlers();
            if (interrupt.signal() != 0 || interrupt.wait_for(1us)) {
                return 1;
            }
            const pid_t parent = ::getpid();
            if (::fork() == 0) {
                ::usleep(20'000);
                ::kill(parent, number);
                ::_exit(0);
            }
            // Without the signal these would outlast the test's own time limit.
            return interrupt.wait_for(10h) && interrupt.wait_for(10h) &&
                           SystemClock(interrupt).sleep_for(10h) && interrupt.signal() == number
                       ? 0
                       : 2;
        });
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
    }
}

TEST_CASE("a second signal ends the process at once") {
    const int status = in_child([] {
        const auto& interrupt = install_signal_handlers();
        ::raise(SIGINT);
        if (interrupt.signal() != SIGINT) {
            return 1;
        }
        ::raise(SIGINT);
        return 0;
    });
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGINT);
}

TEST_CASE("a signal that the caller ignores stays ignored") {
    const int status = in_child([] {
        ::signal(SIGINT, SIG_IGN);
        const auto& interrupt = install_signal_handlers();
        ::raise(SIGINT);
        return interrupt.signal();
    });
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("without an interrupt the clock goes on") {
    CHECK(no_interrupt().signal() == 0);
    CHECK_FALSE(no_interrupt().wait_for(1us));
    SystemClock clock(no_interrupt());
    const auto before = clock.monotonic();
    CHECK_FALSE(clock.sleep_for(1ms));
    CHECK(clock.monotonic() - before >= 1ms);
    CHECK(clock.now() > parse_rfc3339("2020-01-01").value());
}

TEST_CASE("an interruption has the kind of its signal") {
    CHECK(interruption(SIGINT).kind == ErrorKind::interrupted);
    CHECK(interruption(SIGTERM).kind == ErrorKind::terminated);
}
