// SPDX-License-Identifier: Apache-2.0
#include "processes.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "genevactl/base/process.hpp"

namespace genevactl::local {
namespace {

/// A process by a descriptor, which never comes to mean another one; -1 where there are none.
class ProcessDescriptor {
public:
    explicit ProcessDescriptor(long pid) {
#ifdef SYS_pidfd_open
        m_descriptor = static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0));
#else
        static_cast<void>(pid);
#endif
    }
    ProcessDescriptor(const ProcessDescriptor&) = delete;
    ProcessDescriptor& operator=(const ProcessDescriptor&) = delete;
    ~ProcessDescriptor() {
        if (m_descriptor >= 0) ::close(m_descriptor);
    }
    bool valid() const {
        return m_descriptor >= 0;
    }
    bool send(int signal) const {
#ifdef SYS_pidfd_send_signal
        return ::syscall(SYS_pidfd_send_signal, m_descriptor, signal, nullptr, 0) == 0;
#else
        static_cast<void>(signal);
        return false;
#endif
    }

private:
    int m_descriptor = -1;
};

/// The letter of field 3 of /proc/PID/stat; the name before it may hold blanks and parentheses.
char state_of(long pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto end_of_name = text.rfind(')');
    if (end_of_name == std::string::npos || end_of_name + 2 >= text.size()) return '?';
    return text[end_of_name + 2];
}

/// True if one of the NUL-terminated entries of /proc/PID/environ is `assignment`.
bool has_variable(long pid, const std::string& assignment) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/environ", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto entries = std::string(1, '\0') + text;
    return entries.find('\0' + assignment + '\0') != std::string::npos;
}

/// The leader, unless its id means another process by now: another boot, or used again. The id of
/// a session is free for others only when all of its processes have ended.
std::optional<ProcessName> leader_today(const RaySession& session) {
    if (!session.leader || !session.leader->start) return std::nullopt;
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string boot;
    if (!std::getline(file, boot) || boot != session.boot) return std::nullopt;
    const auto start = base::process_start(static_cast<pid_t>(session.leader->pid));
    if (start && start != session.leader->start) return std::nullopt;
    return session.leader;
}

bool is_led_by(const std::optional<ProcessName>& leader, const ProcessName& process) {
    return leader && process.start >= leader->start &&
           ::getsid(static_cast<pid_t>(process.pid)) == static_cast<pid_t>(leader->pid);
}

/// The id in the name of a folder of /proc; 0 for what is none.
long pid_of(const std::string& name) {
    constexpr std::size_t k_longest = 10;
    if (name.empty() || name.size() > k_longest) return 0;
    if (name.find_first_not_of("0123456789") != std::string::npos) return 0;
    return std::stol(name);
}

bool is_there(long pid) {
    return ::kill(static_cast<pid_t>(pid), 0) == 0 || errno != ESRCH;
}

/// The exit code of a child by waitpid(2); nothing while it runs.
std::optional<int> wait_for_child(long pid, int options) {
    int status = 0;
    pid_t ended = 0;
    do {
        ended = ::waitpid(static_cast<pid_t>(pid), &status, options);
    } while (ended < 0 && errno == EINTR);
    if (ended == 0) return std::nullopt;
    // Not a child of ours: all that can be seen is whether it is still there.
    if (ended < 0) return is_there(pid) ? std::nullopt : std::optional(-1);
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : -1;
}

void pause_for(std::chrono::nanoseconds duration) {
    const timespec time{0, static_cast<long>(duration.count())};
    ::nanosleep(&time, nullptr);
}

}  // namespace

std::optional<ProcessName> SystemProcesses::named(long pid) {
    if (pid <= 0) return std::nullopt;
    ProcessName name{pid, base::process_start(static_cast<pid_t>(pid))};
    if (!alive(name)) return std::nullopt;
    return name;
}

bool SystemProcesses::alive(const ProcessName& process) {
    const auto pid = static_cast<pid_t>(process.pid);
    if (pid <= 0) return false;
    if (!is_there(process.pid)) return false;
    if (!process.start) return true;
    if (base::process_start(pid) != process.start) return false;
    const char state = state_of(process.pid);
    return state != 'Z' && state != 'X';
}

bool SystemProcesses::send(const ProcessName& process, int signal) {
    if (process.pid <= 1) return false;
    // The descriptor comes first: what is found alive after that is what it stands for.
    const ProcessDescriptor descriptor(process.pid);
    if (!alive(process)) return false;
    if (descriptor.valid()) return descriptor.send(signal);
    return ::kill(static_cast<pid_t>(process.pid), signal) == 0;
}

bool SystemProcesses::wait_for_end(const ProcessName& process, base::Microseconds timeout) {
    using Steady = std::chrono::steady_clock;
    const auto end = Steady::now() + timeout;
    while (alive(process)) {
        if (Steady::now() >= end) return false;
        pause_for(std::chrono::milliseconds(10));
    }
    return true;
}

std::vector<ProcessName> SystemProcesses::members_of(const RaySession& session) {
    const auto leader = leader_today(session);
    std::vector<ProcessName> found;
    std::error_code error;
    std::filesystem::directory_iterator entries("/proc", error);
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
        const long pid = pid_of(entries->path().filename().string());
        struct stat status {};
        if (pid == 0 || pid == ::getpid()) continue;
        if (::stat(entries->path().c_str(), &status) != 0 || status.st_uid != ::geteuid()) continue;
        // Named first: what is found to have a sign after that is what the name stands for.
        const auto name = named(pid);
        if (!name || !name->start) continue;
        if (is_led_by(leader, *name) || has_variable(pid, session.variable)) found.push_back(*name);
    }
    return found;
}

std::optional<int> SystemProcesses::reap(long pid) {
    return wait_for_child(pid, WNOHANG);
}

int SystemProcesses::reap_ended(long pid) {
    return wait_for_child(pid, 0).value_or(-1);
}

}  // namespace genevactl::local
