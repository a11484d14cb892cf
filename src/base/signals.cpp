// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include "genevactl/base/clock.hpp"

namespace genevactl::base {

namespace {

// What the handler touches. The pipe is written once and never read: it stays readable, so that
// every later wait returns at once too.
volatile std::sig_atomic_t g_signal = 0;
int g_read_end = -1;
int g_write_end = -1;

constexpr std::array<int, 2> k_signals = {SIGINT, SIGTERM};

void on_signal(int number) {
    const int saved = errno;
    if (g_signal == 0) {
        g_signal = number;
        const char byte = 0;
        // Nothing can be done about a failure here, and g_signal is set all the same.
        [[maybe_unused]] const auto written = ::write(g_write_end, &byte, 1);
    }
    // The next one ends the process by the default action.
    for (const int each : k_signals) {
        struct sigaction action {};
        action.sa_handler = SIG_DFL;
        ::sigaction(each, &action, nullptr);
    }
    errno = saved;
}

/// Waits on the pipe in pieces that poll can count; true when it became readable.
bool poll_until_readable(int descriptor, Microseconds duration) {
    using Clockwork = std::chrono::steady_clock;
    const auto longest = std::chrono::hours(24 * 365);
    const auto end = Clockwork::now() + std::min<Clockwork::duration>(duration, longest);
    while (true) {
        const auto left = std::max<std::chrono::nanoseconds>(end - Clockwork::now(), {});
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
        const timespec timeout = {seconds.count(), (left - seconds).count()};
        pollfd entry = {descriptor, POLLIN, 0};
        const int ready = ::ppoll(&entry, 1, &timeout, nullptr);
        if (ready > 0) {
            return true;
        }
        if (ready == 0 || errno != EINTR) {
            return false;
        }
    }
}

class SignalInterrupt final : public Interrupt {
public:
    SignalInterrupt() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0) {
            g_read_end = ends[0];
            g_write_end = ends[1];
        }
        for (const int number : k_signals) {
            struct sigaction action {};
            ::sigaction(number, nullptr, &action);
            if (action.sa_handler == SIG_IGN) {
                continue;  // `nohup`, or a background job of a script: its caller wants it so
            }
            std::memset(&action, 0, sizeof action);
            action.sa_handler = on_signal;
            action.sa_flags = SA_RESTART;
            ::sigaction(number, &action, nullptr);
        }
    }
    int signal() const override { return g_signal; }
    bool wait_for(Microseconds duration) const override {
        return g_signal != 0 || poll_until_readable(g_read_end, duration) || g_signal != 0;
    }
};

class NoInterrupt final : public Interrupt {
public:
    int signal() const override { return 0; }
    bool wait_for(Microseconds duration) const override {
        std::this_thread::sleep_for(duration);
        return false;
    }
};

}  // namespace

const Interrupt& install_signal_handlers() {
    static const SignalInterrupt k_interrupt;
    return k_interrupt;
}

const Interrupt& no_interrupt() {
    static const NoInterrupt k_interrupt;
    return k_interrupt;
}

}  // namespace genevactl::base
