// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "genevactl/base/surroundings.hpp"
#include "genevactl/local/deployment.hpp"
#include "processes.hpp"
#include "state.hpp"

namespace genevactl::local {

/// What finding, starting and stopping work with; the public functions fill it with the real
/// things.
struct Means {
    const base::Surroundings& surroundings;
    transport::Transport& transport;
    Processes& processes;
};

/// The endpoint file of a state folder if the process that wrote it still runs.
base::Result<std::optional<EndpointFile>> find_process(Processes& processes,
                                                       const std::filesystem::path& state);

/// The deployment of a place if it runs and answers. Errors: unauthenticated (it does not take the
/// key in the state folder), failed (it answers something else than its status), refused (others
/// can read the key).
base::Result<std::optional<Endpoint>> find(const Means& means, const Place& place);
base::Result<std::optional<Endpoint>> find_last_started(const Means& means);
base::Result<std::vector<Endpoint>> find_all(const Means& means);

base::Result<Endpoint> start(const Means& means, model::Reporter& reporter,
                             const StartOptions& options);
base::Result<bool> stop(const Means& means, const Place& place, model::Reporter* reporter);

/// `show` gets the pieces of the deployment's log as they come.
base::Status run_in_foreground(const base::Surroundings& surroundings, Processes& processes,
                               const StartOptions& options,
                               const std::function<void(const std::string&)>& show);

/// Ends with SIGKILL what is left of the Ray that a deployment started; how many processes.
int kill_ray(Processes& processes, const std::filesystem::path& state);
/// "1 process", "2 processes".
std::string processes_text(int count);

/// The error of a command that a signal ended; nothing if none came.
base::Status check_interrupt(const base::Surroundings& surroundings, const std::string& what);

/// `--root DIR` as a hint needs it after `genevactl local VERB`: empty for the default root.
std::string root_argument(const base::Surroundings& surroundings, const Place& place);

}  // namespace genevactl::local
