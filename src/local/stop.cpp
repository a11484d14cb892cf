// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <system_error>

#include <fmt/format.h>

#include "genevactl/base/try.hpp"
#include "supervisor.hpp"

namespace genevactl::local {
namespace {

constexpr base::Microseconds k_stop_within = std::chrono::seconds(30);
constexpr base::Microseconds k_slice = std::chrono::milliseconds(50);
constexpr int k_rounds = 20;
constexpr base::Microseconds k_after_kill = std::chrono::seconds(5);

/// Waits for the end, at most `timeout`; a signal ends the waiting, not the stopping.
base::Result<bool> wait_for_end(const Means& means, const ProcessName& process,
                                base::Microseconds timeout) {
    const auto end = means.surroundings.clock->monotonic() + timeout;
    while (!means.processes.wait_for_end(process, k_slice)) {
        GENEVACTL_CHECK(check_interrupt(means.surroundings,
                                        "waiting for the local deployment to stop (it goes on)"));
        if (means.surroundings.clock->monotonic() >= end) return false;
    }
    return true;
}

/// Removes what a killed process could not. The file is only removed if it is still that one's.
void remove_stale_files(Processes& processes, const std::filesystem::path& state) {
    const auto file = read_endpoint_file(state);
    if (!file || !*file || processes.alive((*file)->process)) return;
    std::error_code error;
    std::filesystem::remove(state / "endpoint.json", error);
}

void say(model::Reporter* reporter, const std::string& text) {
    if (reporter != nullptr) reporter->warn(text, "");
}

base::Status kill_it(const Means& means, const Place& place, const ProcessName& process,
                     model::Reporter* reporter) {
    means.processes.send(process, SIGKILL);
    const int ray = kill_ray(means.processes, place.state);
    GENEVACTL_TRY(const bool gone, wait_for_end(means, process, k_after_kill));
    if (!gone) {
        return base::fail(base::ErrorKind::failed,
                          fmt::format("process {} of the local deployment for {} cannot be ended",
                                      process.pid, place.folder.string()),
                          "it may be another user's, or hang in the kernel");
    }
    say(reporter, fmt::format("the local deployment for {} did not stop within {} and was killed "
                              "(process {}, {} of its Ray)",
                              place.folder.string(), base::format_duration(k_stop_within),
                              process.pid, processes_text(ray)));
    return {};
}

/// Where the system gives no start time a process is only taken for the deployment if it answers
/// as one.
base::Result<bool> is_surely_ours(const Means& means, const Place& place,
                                  const EndpointFile& file) {
    if (file.process.start) return true;
    GENEVACTL_TRY(auto endpoint, find(means, place));
    return endpoint.has_value();
}

}  // namespace

int kill_ray(Processes& processes, const std::filesystem::path& state) {
    const auto session = read_ray_file(state);
    if (!session) return 0;
    int killed = 0;
    // Again until none is left: one may just have started another.
    for (int round = 0; round < k_rounds; ++round) {
        const auto left = processes.members_of(*session);
        for (const auto& process : left) {
            if (processes.send(process, SIGKILL)) ++killed;
        }
        if (left.empty()) break;
        for (const auto& process : left)
            processes.wait_for_end(process, k_slice);
    }
    return killed;
}

std::string processes_text(int count) {
    return count == 1 ? "1 process" : fmt::format("{} processes", count);
}

base::Result<bool> stop(const Means& means, const Place& place, model::Reporter* reporter) {
    GENEVACTL_TRY(auto file, find_process(means.processes, place.state));
    bool ours = false;
    if (file) {
        GENEVACTL_TRY(ours, is_surely_ours(means, place, *file));
    }
    if (!ours) {
        if (const int ray = kill_ray(means.processes, place.state); ray > 0) {
            say(reporter, fmt::format("the local deployment for {} had ended and left {} of its "
                                      "Ray running: killed",
                                      place.folder.string(), processes_text(ray)));
        }
        remove_stale_files(means.processes, place.state);
        return false;
    }
    if (reporter != nullptr) reporter->step("stopping the local deployment");
    if (!means.processes.send(file->process, SIGTERM) && means.processes.alive(file->process)) {
        return base::fail(base::ErrorKind::permission,
                          fmt::format("process {} of the local deployment for {} cannot be "
                                      "signalled: it is another user's",
                                      file->process.pid, place.folder.string()));
    }
    GENEVACTL_TRY(const bool gone, wait_for_end(means, file->process, k_stop_within));
    if (!gone) GENEVACTL_CHECK(kill_it(means, place, file->process, reporter));
    remove_stale_files(means.processes, place.state);
    if (reporter != nullptr) reporter->finish();
    return true;
}

}  // namespace genevactl::local
