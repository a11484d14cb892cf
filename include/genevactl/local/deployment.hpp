// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/secret.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/model/reporter.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::local {

enum class RootKind : std::uint8_t {
    root,      ///< every database is a folder of it, or a prefix of a bucket
    database,  ///< the folder is the one database, called "default"
};

/// A folder that is served, and where its deployment keeps its state
/// (STATE_HOME/deployments/<16 hex digits of the SHA-256 of kind and absolute path>).
struct Place {
    RootKind kind = RootKind::root;
    std::filesystem::path folder;
    std::filesystem::path state;
};

/// A running deployment, from its endpoint file.
struct Endpoint {
    std::string url;
    base::Secret api_key;
    long pid = 0;
    Place place;
    std::string started_at;
    std::string python;
    std::string geneva;
};

struct StartOptions {
    Place place;
    std::filesystem::path python;
    int port = 0;
    std::string ray = "auto";
    std::optional<std::filesystem::path> config = {};
    int max_jobs = 0;  ///< jobs at once; zero: what deployment.toml says, or else 1
    base::Microseconds idle_timeout{};  ///< zero: never
    bool detach = true;
};

/// True for a root that is not on this machine: s3://BUCKET/PREFIX.
bool is_url(const std::filesystem::path& folder);
/// The place of a folder, or of a URL; made absolute and canonical, the folder need not exist.
Place place_of(const base::Surroundings& surroundings, RootKind kind,
               const std::filesystem::path& folder);
/// The default root of `local start`: DATA_HOME/root.
std::filesystem::path default_root(const base::Surroundings& surroundings);
/// The root that was started last, whether it still runs or not; nothing if none ever was. A single
/// database's deployment does not count: it comes and goes with the commands that name its folder.
std::optional<Place> last_started_place(const base::Surroundings& surroundings);

/// The deployment of a place if one runs and answers; nothing if not (a stale endpoint file of a
/// dead process counts as nothing).
base::Result<std::optional<Endpoint>> find(const base::Surroundings& surroundings,
                                           transport::Transport& transport, const Place& place);
/// The deployment of last_started_place(), if it still runs and answers.
base::Result<std::optional<Endpoint>> find_last_started(const base::Surroundings& surroundings,
                                                        transport::Transport& transport);
/// All that run.
base::Result<std::vector<Endpoint>> find_all(const base::Surroundings& surroundings,
                                             transport::Transport& transport);

/// Starts the deployment and returns when it answers; if one runs there already, that one. Errors:
/// failed with the end of its log in `detail` when it ended instead of answering.
base::Result<Endpoint> start(const base::Surroundings& surroundings,
                             transport::Transport& transport, model::Reporter& reporter,
                             const StartOptions& options);
/// Runs the deployment in the foreground, its log on stderr, until it ends or a signal comes (then
/// it is stopped cleanly and the error is interrupted or terminated). Errors: conflict if one runs
/// there already, failed if it ends with an error.
base::Status run_in_foreground(const base::Surroundings& surroundings, const StartOptions& options);
/// Stops it, with the Ray it started, and waits until it is gone (30 s, then both are killed, which
/// `reporter` is told); true if one ran. Errors: failed if it cannot be stopped, interrupted.
base::Result<bool> stop(const base::Surroundings& surroundings, transport::Transport& transport,
                        const Place& place, model::Reporter* reporter = nullptr);
/// GET /genevactl/v1/status as JSON text.
base::Result<std::string> status(transport::Transport& transport, const Endpoint& endpoint);
/// The last `lines` lines of the deployment's log; not_found if there never was one.
base::Result<std::string> logs(const Place& place, int lines);

struct SetupOptions {
    std::optional<std::filesystem::path> base_python = {};  ///< python3 on PATH if not given
    bool recreate = false;
};
/// Makes (or completes) the managed environment with pinned geneva and friends through uv or pip;
/// returns its interpreter.
base::Result<std::filesystem::path> setup(const base::Surroundings& surroundings,
                                          model::Reporter& reporter,
                                          const std::filesystem::path& environment,
                                          const SetupOptions& options);

}  // namespace genevactl::local
