// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <mutex>
#include <thread>

#include "genevactl/base/try.hpp"
#include "spawn.hpp"

namespace genevactl::base {

namespace {

using Steady = std::chrono::steady_clock;

// How long a wait in the kernel lasts before the interrupt and the deadline are looked at again.
constexpr int k_slice_ms = 20;

/// A running child, its pipes, and what it has said so far.
class Child {
public:
    Child(const Command& command, Spawned spawned, const Interrupt& interrupt)
        : m_command(command),
          m_pipes(std::move(spawned)),
          m_interrupt(interrupt),
          m_deadline(Steady::now() +
                     std::min<Microseconds>(command.timeout, std::chrono::hours(24 * 365))) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (!m_status) {
            stop(SIGKILL);
        }
    }

    Result<ProcessResult> run();

private:
    Status exchange();
    Status check_limits();
    void feed();
    bool take(Descriptor& pipe, std::string& text);
    void report_lines(bool at_end);
    bool reap();
    void stop(int signal);
    void tell(int signal) const;

    const Command& m_command;
    Spawned m_pipes;
    const Interrupt& m_interrupt;
    Steady::time_point m_deadline;
    std::size_t m_fed = 0;
    std::size_t m_reported = 0;
    std::optional<int> m_status;
    ProcessResult m_result;
};

Result<ProcessResult> Child::run() {
    if (const auto done = exchange(); !done) {
        return fail(done.error());
    }
    report_lines(true);
    const int status = m_status.value_or(0);
    m_result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return std::move(m_result);
}

/// Moves bytes until the child has ended. Its pipes may outlive it in a daemon that it started, so
/// what ends the wait is the child's own end, not theirs.
Status Child::exchange() {
    while (true) {
        const bool ended = reap();
        const bool silent = !m_pipes.output.open() && !m_pipes.errors.open();
        std::array<pollfd, 3> entries = {{{m_pipes.input.get(), POLLOUT, 0},
                                          {m_pipes.output.get(), POLLIN, 0},
                                          {m_pipes.errors.get(), POLLIN, 0}}};
        const int ready =
            ::poll(entries.data(), entries.size(), ended ? 0 : (silent ? 1 : k_slice_ms));
        bool more = false;
        if (ready > 0) {
            if (entries[0].revents != 0) {
                feed();
            }
            more |= entries[1].revents != 0 && take(m_pipes.output, m_result.output);
            more |= entries[2].revents != 0 && take(m_pipes.errors, m_result.errors);
            report_lines(false);
        }
        if (ended && !more) {
            return {};
        }
        GENEVACTL_CHECK(check_limits());
    }
}

Status Child::check_limits() {
    const auto& name = m_command.arguments.front();
    if (const int signal = m_interrupt.signal(); signal != 0) {
        stop(signal);
        return fail(interruption(signal));
    }
    if (m_result.output.size() > m_command.output_limit ||
        m_result.errors.size() > m_command.output_limit) {
        stop(SIGKILL);
        return fail(ErrorKind::failed, fmt::format("{} wrote more than {} bytes and was stopped",
                                                   name, m_command.output_limit));
    }
    if (Steady::now() >= m_deadline) {
        stop(SIGTERM);
        return fail(ErrorKind::failed, fmt::format("{} did not end within {} and was stopped", name,
                                                   format_duration(m_command.timeout)));
    }
    return {};
}

void Child::feed() {
    const auto left = std::string_view(m_command.input).substr(m_fed);
    const auto written = left.empty() ? 0 : ::write(m_pipes.input.get(), left.data(), left.size());
    if (written < 0 && errno != EAGAIN && errno != EINTR) {
        m_pipes.input.close();  // it does not want to read: its own business
        return;
    }
    m_fed += written > 0 ? static_cast<std::size_t>(written) : 0;
    if (m_fed == m_command.input.size()) {
        m_pipes.input.close();
    }
}

/// Reads what is there; false at the end.
bool Child::take(Descriptor& pipe, std::string& text) {
    std::array<char, 65536> buffer{};
    const auto got = ::read(pipe.get(), buffer.data(), buffer.size());
    if (got > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(got));
        return true;
    }
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return true;
    }
    pipe.close();
    return false;
}

void Child::report_lines(bool at_end) {
    if (!m_command.on_stderr_line) {
        return;
    }
    const auto& errors = m_result.errors;
    for (auto end = errors.find('\n', m_reported); end != std::string::npos;
         end = errors.find('\n', m_reported)) {
        m_command.on_stderr_line(errors.substr(m_reported, end - m_reported));
        m_reported = end + 1;
    }
    if (at_end && m_reported < errors.size()) {
        m_command.on_stderr_line(errors.substr(m_reported));
        m_reported = errors.size();
    }
}

bool Child::reap() {
    int status = 0;
    if (!m_status && ::waitpid(m_pipes.pid, &status, WNOHANG) == m_pipes.pid) {
        m_status = status;
    }
    return m_status.has_value();
}

void Child::tell(int signal) const {
    if (m_pipes.own_group) {
        ::kill(-m_pipes.pid, signal);
    } else if (!m_status) {
        ::kill(m_pipes.pid, signal);
    }
}

/// Asks the child (and what it started) to end, then makes it.
void Child::stop(int signal) {
    tell(signal);
    const auto end = Steady::now() + m_command.grace;
    while (!reap() && Steady::now() < end && signal != SIGKILL) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    tell(SIGKILL);
    int status = 0;
    while (!m_status) {
        const pid_t got = ::waitpid(m_pipes.pid, &status, 0);
        if (got == m_pipes.pid || (got < 0 && errno != EINTR)) {
            m_status = status;
        }
    }
}

}  // namespace

Result<ProcessResult> SystemProcessRunner::run(const Command& command) {
    if (const int signal = m_interrupt.signal(); signal != 0) {
        return fail(interruption(signal));
    }
    const ScopedIgnorePipe ignored;
    GENEVACTL_TRY(auto spawned, spawn(command));
    return Child(command, std::move(spawned), m_interrupt).run();
}

Result<pid_t> SystemProcessRunner::spawn_detached(const Command& command,
                                                  const std::filesystem::path& log) {
    return spawn_into_log(command, log);
}

namespace {

/// How many are in scope: the disposition of a signal is the process's, not a thread's.
struct IgnoredPipe {
    std::mutex mutex;
    int scopes = 0;
    bool restore = false;
};

IgnoredPipe& ignored_pipe() {
    static IgnoredPipe ignored;
    return ignored;
}

}  // namespace

ScopedIgnorePipe::ScopedIgnorePipe() {
    auto& ignored = ignored_pipe();
    const std::scoped_lock lock(ignored.mutex);
    if (ignored.scopes++ == 0) {
        struct sigaction action {};
        action.sa_handler = SIG_IGN;
        struct sigaction before {};
        ignored.restore =
            ::sigaction(SIGPIPE, &action, &before) == 0 && before.sa_handler == SIG_DFL;
    }
}

ScopedIgnorePipe::~ScopedIgnorePipe() {
    auto& ignored = ignored_pipe();
    const std::scoped_lock lock(ignored.mutex);
    if (--ignored.scopes == 0 && ignored.restore) {
        struct sigaction action {};
        action.sa_handler = SIG_DFL;
        ::sigaction(SIGPIPE, &action, nullptr);
    }
}

}  // namespace genevactl::base
