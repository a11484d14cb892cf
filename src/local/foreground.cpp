// SPDX-License-Identifier: Apache-2.0
#include <csignal>

#include <fmt/format.h>

#include "genevactl/base/try.hpp"
#include "log.hpp"
#include "server_command.hpp"
#include "supervisor.hpp"

namespace genevactl::local {
namespace {

constexpr base::Microseconds k_copy_every = std::chrono::milliseconds(100);
constexpr base::Microseconds k_last_wait = std::chrono::seconds(5);
constexpr base::Microseconds k_end_within = std::chrono::seconds(30);

/// What the end of the deployment means, after its exit code.
base::Status outcome(const base::Surroundings& surroundings, const StartOptions& options,
                     int code) {
    const auto root = root_argument(surroundings, options.place);
    const auto folder = options.place.folder.string();
    if (code == k_exit_locked) {
        return base::fail(base::ErrorKind::conflict,
                          fmt::format("a local deployment for {} runs already", folder),
                          fmt::format("genevactl local status{0} shows it, genevactl local stop{0} "
                                      "stops it",
                                      root));
    }
    if (code != 0) {
        return base::fail(
            unfit_kind(code).value_or(base::ErrorKind::failed),
            fmt::format("the local deployment for {} ended with exit code {}", folder, code),
            fmt::format("the whole log: genevactl local logs{}", root));
    }
    return {};
}

/// Asks the deployment to stop and waits for that; returns its exit code.
int end_it(Processes& processes, const ProcessName& child, const StartOptions& options,
           const std::function<void()>& copy_log) {
    processes.send(child, SIGTERM);
    for (base::Microseconds waited{}; waited < k_end_within; waited += k_copy_every) {
        const bool ended = processes.wait_for_end(child, k_copy_every);
        copy_log();
        if (ended) return processes.reap_ended(child.pid);
    }
    processes.send(child, SIGKILL);
    kill_ray(processes, options.place.state);
    return processes.wait_for_end(child, k_last_wait) ? processes.reap_ended(child.pid) : -1;
}

}  // namespace

// The child writes to its log as it does in the background, which is copied from there: so `local
// logs` works, and the child may take its time to stop Ray when this process is asked to end.
base::Status run_in_foreground(const base::Surroundings& surroundings, Processes& processes,
                               const StartOptions& options,
                               const std::function<void(const std::string&)>& show) {
    const auto& state = options.place.state;
    GENEVACTL_CHECK(make_state_folder(surroundings, options.place));
    GENEVACTL_CHECK(make_usual_root(surroundings, options.place));
    GENEVACTL_TRY(auto command, server_command(surroundings, options));
    GENEVACTL_CHECK(rotate_log(state));
    GENEVACTL_CHECK(remember_as_last(surroundings, options.place));
    LogFollower log(log_path(state), log_size(state));
    const auto copy_log = [&] {
        for (auto text = log.next(); !text.empty(); text = log.next())
            show(text);
    };
    GENEVACTL_TRY(auto pid, surroundings.process->spawn_detached(command, log_path(state)));
    const auto child = processes.named(pid).value_or(ProcessName{pid, std::nullopt});
    while (true) {
        const auto code = processes.reap(pid);
        copy_log();
        if (code) return outcome(surroundings, options, *code);
        if (auto interrupted = check_interrupt(surroundings, "serving"); !interrupted) {
            GENEVACTL_CHECK(
                outcome(surroundings, options, end_it(processes, child, options, copy_log)));
            return interrupted;
        }
        surroundings.clock->sleep_for(k_copy_every);
    }
}

}  // namespace genevactl::local
