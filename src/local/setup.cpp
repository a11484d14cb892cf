// SPDX-License-Identifier: Apache-2.0
#include <system_error>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base_python.hpp"
#include "file_lock.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/local/deployment.hpp"
#include "installer.hpp"
#include "pins.hpp"

namespace genevactl::local {
namespace {

using Json = nlohmann::json;
using Path = std::filesystem::path;

constexpr int k_marker_version = 1;

/// What an environment's marker file says: whose it is, whether it is whole, what is in it.
struct Marker {
    bool there = false;
    bool complete = false;
    std::string digest;
    std::string python;
};

Path marker_path(const Path& environment) {
    return environment / ".genevactl-environment";
}

Marker read_marker(const Path& environment) {
    const auto text = base::read_file(marker_path(environment));
    if (!text) return {};
    Marker marker{true, false, {}, {}};
    const auto json = Json::parse(*text, nullptr, false);
    if (!json.is_object() || json.value("version", Json()) != k_marker_version) return marker;
    marker.complete = json.value("complete", Json()) == true;
    if (const auto found = json.find("digest"); found != json.end() && found->is_string()) {
        marker.digest = found->get<std::string>();
    }
    if (const auto found = json.find("python"); found != json.end() && found->is_string()) {
        marker.python = found->get<std::string>();
    }
    return marker;
}

base::Status write_marker(const Path& environment, const BasePython& python, bool complete) {
    const Json json{{"version", k_marker_version},
                    {"complete", complete},
                    {"digest", pins_digest()},
                    {"python", python.version}};
    return base::write_atomic(marker_path(environment), json.dump(1) + "\n");
}

Path interpreter_in(const Path& environment) {
    return environment / "bin" / "python";
}

bool is_ready(const Path& environment, const Marker& marker) {
    std::error_code error;
    return marker.complete && marker.digest == pins_digest() &&
           std::filesystem::exists(interpreter_in(environment), error);
}

/// "3.11" of "3.11.2".
std::string minor_of(const std::string& version) {
    return version.substr(0, version.rfind('.'));
}

/// An environment that is whole is kept, but one of another Python than was asked for is said.
base::Status check_same_python(const base::Surroundings& surroundings, const Path& environment,
                               const Marker& marker, const SetupOptions& options) {
    if (!options.base_python) return {};
    GENEVACTL_TRY(auto python, find_base_python(surroundings, options.base_python));
    if (minor_of(python.version) == minor_of(marker.python)) return {};
    return base::fail(base::ErrorKind::conflict,
                      fmt::format("{} has Python {}, not {}", environment.string(), marker.python,
                                  python.version),
                      "genevactl local setup --recreate makes it anew");
}

/// Leaves an empty folder there. What this did not make is never removed.
base::Status clear(const Path& environment, const Marker& marker) {
    std::error_code error;
    const bool empty = !std::filesystem::exists(environment, error) ||
                       std::filesystem::is_empty(environment, error);
    if (!empty && !marker.there) {
        return base::fail(base::ErrorKind::conflict,
                          environment.string() + " is there and was not made by genevactl",
                          "move it away, then run genevactl local setup again");
    }
    if (!empty) std::filesystem::remove_all(environment, error);
    if (!error) std::filesystem::create_directories(environment, error);
    if (error) {
        return base::fail(base::ErrorKind::failed,
                          "cannot make " + environment.string() + ": " + error.message());
    }
    return {};
}

/// The last look before the environment counts as whole.
base::Status check_geneva(const base::Surroundings& surroundings, const Path& environment) {
    base::Command command;
    command.arguments = {interpreter_in(environment).string(), "-I", "-c",
                         "import importlib.metadata as m; print(m.version('geneva'))"};
    command.timeout = std::chrono::minutes(1);
    GENEVACTL_TRY(auto result, surroundings.process->run(command));
    if (result.exit_code == 0 && base::trim(result.output) == pinned_geneva()) return {};
    base::Error error;
    error.message = fmt::format("{} has no geneva {} after the installation", environment.string(),
                                pinned_geneva());
    error.hint = "genevactl local setup --recreate makes it anew";
    error.detail = base::printable(result.errors);
    return base::fail(std::move(error));
}

base::Status make(const base::Surroundings& surroundings, model::Reporter& reporter,
                  const Path& environment, const SetupOptions& options, const Marker& marker) {
    GENEVACTL_TRY(auto python, find_base_python(surroundings, options.base_python));
    // One that a killed run left half-made is made anew rather than trusted: an installer takes
    // what has its metadata for whole. Nothing is downloaded twice, the installers keep what they
    // got.
    GENEVACTL_CHECK(clear(environment, marker));
    GENEVACTL_CHECK(write_marker(environment, python, false));
    Installer installer(surroundings, reporter, environment);
    GENEVACTL_CHECK(installer.make_environment(python));
    GENEVACTL_CHECK(installer.install(pinned_requirements()));
    GENEVACTL_CHECK(check_geneva(surroundings, environment));
    return write_marker(environment, python, true);
}

base::Result<FileLock> lock(const Path& environment) {
    std::error_code error;
    std::filesystem::create_directories(environment.parent_path(), error);
    auto path = environment;
    path += ".lock";
    auto taken = FileLock::take(path);
    if (!taken && taken.error().kind == base::ErrorKind::conflict) {
        return base::fail(base::ErrorKind::conflict,
                          "another genevactl is making " + environment.string(),
                          "wait until it is done");
    }
    return taken;
}

}  // namespace

base::Result<Path> setup(const base::Surroundings& surroundings, model::Reporter& reporter,
                         const Path& environment, const SetupOptions& options) {
    GENEVACTL_TRY(auto held, lock(environment));
    const auto marker = read_marker(environment);
    if (!options.recreate && is_ready(environment, marker)) {
        GENEVACTL_CHECK(check_same_python(surroundings, environment, marker, options));
        reporter.note(fmt::format("{} is already there, with geneva {}", environment.string(),
                                  pinned_geneva()));
        return interpreter_in(environment);
    }
    auto made = make(surroundings, reporter, environment, options, marker);
    reporter.finish();
    if (!made) return base::fail(std::move(made).error());
    return interpreter_in(environment);
}

}  // namespace genevactl::local
