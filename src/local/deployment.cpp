// SPDX-License-Identifier: Apache-2.0
#include "genevactl/local/deployment.hpp"

#include <iostream>

#include "supervisor.hpp"

namespace genevactl::local {

base::Result<std::optional<Endpoint>> find(const base::Surroundings& surroundings,
                                           transport::Transport& transport, const Place& place) {
    SystemProcesses processes;
    return find(Means{surroundings, transport, processes}, place);
}

base::Result<std::optional<Endpoint>> find_last_started(const base::Surroundings& surroundings,
                                                        transport::Transport& transport) {
    SystemProcesses processes;
    return find_last_started(Means{surroundings, transport, processes});
}

base::Result<std::vector<Endpoint>> find_all(const base::Surroundings& surroundings,
                                             transport::Transport& transport) {
    SystemProcesses processes;
    return find_all(Means{surroundings, transport, processes});
}

base::Result<Endpoint> start(const base::Surroundings& surroundings,
                             transport::Transport& transport, model::Reporter& reporter,
                             const StartOptions& options) {
    SystemProcesses processes;
    return start(Means{surroundings, transport, processes}, reporter, options);
}

base::Result<bool> stop(const base::Surroundings& surroundings, transport::Transport& transport,
                        const Place& place, model::Reporter* reporter) {
    SystemProcesses processes;
    return stop(Means{surroundings, transport, processes}, place, reporter);
}

base::Status run_in_foreground(const base::Surroundings& surroundings,
                               const StartOptions& options) {
    SystemProcesses processes;
    return run_in_foreground(surroundings, processes, options,
                             [](const std::string& text) { std::cerr << text << std::flush; });
}

}  // namespace genevactl::local
