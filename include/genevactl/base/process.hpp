// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"

namespace genevactl::base {

/// A program to run. No shell is involved; `arguments[0]` is looked up on PATH if it has no slash.
struct Command {
    std::vector<std::string> arguments;
    std::optional<std::filesystem::path> working_directory = {};
    std::map<std::string, std::string> environment = {};  ///< added to (or replacing) the inherited
    std::vector<std::string> unset = {};                  ///< variables taken out of the inherited
    std::string input = {};                               ///< for its stdin; /dev/null if empty
    /// Shows its stderr instead of keeping it, and leaves it in our process group, so that it may
    /// ask for a password on the terminal. Without, it leads a group, which is stopped as a whole.
    bool inherit_stderr = false;
    Microseconds timeout = std::chrono::minutes(10);
    Microseconds grace = std::chrono::milliseconds(500);  ///< from asked to end to killed
    std::size_t output_limit = std::size_t{64} << 20U;    ///< bytes of stdout or stderr kept
    /// Called with each complete line of stderr as it comes (without the newline), for progress.
    std::function<void(const std::string&)> on_stderr_line = {};
};

struct ProcessResult {
    int exit_code = 0;   ///< 0..255; 128 + N when a signal N ended it
    std::string output;  ///< stdout
    std::string errors;  ///< stderr, empty when inherited
};

/// Runs programs; tests put a fake in its place.
class ProcessRunner {
public:
    virtual ~ProcessRunner() = default;
    /// Runs to the end. An exit code other than 0 is not an error here. Errors: not_found (no such
    /// program), failed (timeout, too much output), interrupted (the child got the signal too).
    virtual Result<ProcessResult> run(const Command& command) = 0;
    /// Starts it in a session of its own, with stdin from /dev/null and stdout and stderr appended
    /// to `log` (created 0600); returns its process id at once.
    virtual Result<pid_t> spawn_detached(const Command& command,
                                         const std::filesystem::path& log) = 0;
};

/// The runner over posix_spawn. `interrupt` outlives it.
class SystemProcessRunner final : public ProcessRunner {
public:
    explicit SystemProcessRunner(const Interrupt& interrupt) : m_interrupt(interrupt) {}
    Result<ProcessResult> run(const Command& command) override;
    Result<pid_t> spawn_detached(const Command& command, const std::filesystem::path& log) override;

private:
    const Interrupt& m_interrupt;
};

/// While it lives, a write to a pipe or connection whose reader is gone is an error (EPIPE) and not
/// the end of the process; afterwards `genevactl … | head` ends quietly again.
class ScopedIgnorePipe {
public:
    ScopedIgnorePipe();
    ~ScopedIgnorePipe();
    ScopedIgnorePipe(const ScopedIgnorePipe&) = delete;
    ScopedIgnorePipe& operator=(const ScopedIgnorePipe&) = delete;
};

/// The start time of a process in clock ticks since boot (field 22 of /proc/PID/stat), which with
/// the id names it for ever; nothing when there is no such process.
std::optional<long long> process_start(pid_t pid);

}  // namespace genevactl::base
