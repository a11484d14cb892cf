// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "genevactl/base/surroundings.hpp"
#include "genevactl/local/deployment.hpp"
#include "processes.hpp"

namespace genevactl::local {

/// What a deployment writes into endpoint.json of its state folder once it listens.
struct EndpointFile {
    ProcessName process;
    std::string url;
    RootKind kind = RootKind::root;
    std::string root;
    std::string python;
    std::string geneva;
    std::string started_at;
};

/// STATE_HOME/deployments, where every deployment has its state folder.
std::filesystem::path deployments_folder(const base::Surroundings& surroundings);

/// Reads endpoint.json; nothing if it is not there. Errors (failed): it is no JSON, has another
/// version, or lacks a field; refused: its URL is not on loopback.
base::Result<std::optional<EndpointFile>> read_endpoint_file(const std::filesystem::path& state);

/// Remembers a root as the one that was started last. A deployment of a single database is not
/// remembered: it comes and goes with the commands that name its folder.
base::Status remember_as_last(const base::Surroundings& surroundings, const Place& place);

/// The Ray that the deployment started, as ray.json has it; nothing if none was started.
std::optional<RaySession> read_ray_file(const std::filesystem::path& state);

}  // namespace genevactl::local
