// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/clock.hpp"

namespace genevactl::local {

/// A process by its id and its start time (base::process_start), which together name it for ever;
/// without a start time, where the system has none, the id alone.
struct ProcessName {
    long pid = 0;
    std::optional<long long> start = {};
};

/// How the processes of one Ray are told. Neither sign alone is on all of them: one that renames
/// itself overwrites its environment, one that leads a session of its own left the first one's.
struct RaySession {
    std::string variable;               ///< NAME=VALUE in their environment
    std::optional<ProcessName> leader;  ///< the process whose session they were started in
    std::string boot;                   ///< the boot id of the machine that `leader` is from
};

/// What this room asks of the operating system about processes; tests put a fake in its place.
class Processes {
public:
    virtual ~Processes() = default;
    /// The name of the process that has this id now; nothing if none has.
    virtual std::optional<ProcessName> named(long pid) = 0;
    /// True while that very process runs (one that ended and was not reaped does not).
    virtual bool alive(const ProcessName& process) = 0;
    /// Sends the signal to that very process and never to a later one of the same id; false if it
    /// is gone or is not ours to signal.
    virtual bool send(const ProcessName& process, int signal) = 0;
    /// Waits until it has ended, at most `timeout`, whatever signals come; true if it has.
    virtual bool wait_for_end(const ProcessName& process, base::Microseconds timeout) = 0;
    /// This user's other processes that belong to the session by either sign; none where the system
    /// does not show them.
    virtual std::vector<ProcessName> members_of(const RaySession& session) = 0;
    /// The exit code of a child of ours that ended (128 + N after a signal N, -1 if the system does
    /// not say); nothing while it runs.
    virtual std::optional<int> reap(long pid) = 0;
    /// The same for one that wait_for_end() saw end; waits a moment more while its last threads go.
    virtual int reap_ended(long pid) = 0;
};

/// The real thing, by pidfd_open(2) where the kernel has it.
class SystemProcesses final : public Processes {
public:
    std::optional<ProcessName> named(long pid) override;
    bool alive(const ProcessName& process) override;
    bool send(const ProcessName& process, int signal) override;
    bool wait_for_end(const ProcessName& process, base::Microseconds timeout) override;
    std::vector<ProcessName> members_of(const RaySession& session) override;
    std::optional<int> reap(long pid) override;
    int reap_ended(long pid) override;
};

}  // namespace genevactl::local
