// SPDX-License-Identifier: Apache-2.0
#include "server_command.hpp"

#include "genevactl/base/embedded.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/try.hpp"
#include "state.hpp"

namespace genevactl::embedded {
extern const std::vector<base::EmbeddedFile> local_files;
}  // namespace genevactl::embedded

namespace genevactl::local {
namespace {

/// Whole seconds, rounded up so that a short timeout does not become "never".
std::string seconds_text(base::Microseconds duration) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

/// The interpreter's path from anywhere: links are kept, because a virtual environment is one.
std::string absolute(const base::Surroundings& surroundings, const std::filesystem::path& path) {
    return (surroundings.working_directory / path).string();
}

std::string interpreter_of(const base::Surroundings& surroundings,
                           const std::filesystem::path& python) {
    return python.has_parent_path() ? absolute(surroundings, python) : python.string();
}

}  // namespace

base::Result<base::Command> server_command(const base::Surroundings& surroundings,
                                           const StartOptions& options) {
    GENEVACTL_TRY(auto folder,
                  base::unpack(embedded::local_files, "local", surroundings.cache_home()));
    base::Command command;
    const bool is_root = options.place.kind == RootKind::root;
    command.arguments = {interpreter_of(surroundings, options.python),
                         (folder / "genevactl_local" / "__main__.py").string(),
                         "serve",
                         "--state",
                         options.place.state.string(),
                         is_root ? "--root" : "--database",
                         options.place.folder.string(),
                         "--port",
                         std::to_string(options.port),
                         "--ray",
                         options.ray};
    const auto add = [&](const char* flag, const std::string& value) {
        command.arguments.emplace_back(flag);
        command.arguments.push_back(value);
    };
    if (options.config) add("--config", absolute(surroundings, *options.config));
    if (options.max_jobs > 0) add("--max-jobs", std::to_string(options.max_jobs));
    if (options.idle_timeout.count() > 0) add("--idle-timeout", seconds_text(options.idle_timeout));
    command.working_directory = options.place.state;
    command.environment["PYTHONUNBUFFERED"] = "1";
    command.unset = {"LANCEDB_API_KEY", "LANCEDB_URI", "GENEVACTL_API_KEY", "PYTHONSTARTUP"};
    return command;
}

std::optional<base::ErrorKind> unfit_kind(int code) {
    switch (code) {
        case k_exit_unfit:
            return base::ErrorKind::failed;
        case k_exit_unauthenticated:
            return base::ErrorKind::unauthenticated;
        case k_exit_no_bucket:
            return base::ErrorKind::not_found;
        case k_exit_unreachable:
            return base::ErrorKind::unreachable;
        case k_exit_forbidden:
            return base::ErrorKind::permission;
        default:
            return std::nullopt;
    }
}

base::Status make_state_folder(const base::Surroundings& surroundings, const Place& place) {
    GENEVACTL_CHECK(base::create_private_directory(deployments_folder(surroundings)));
    return base::create_private_directory(place.state);
}

base::Status make_usual_root(const base::Surroundings& surroundings, const Place& place) {
    const auto usual = place_of(surroundings, RootKind::root, default_root(surroundings));
    if (place.kind != RootKind::root || place.folder != usual.folder) return {};
    return base::create_private_directory(place.folder);
}

}  // namespace genevactl::local
