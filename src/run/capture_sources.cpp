// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include <fmt/format.h>

#include "capture_steps.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/bridge/site.hpp"
#include "inputs.hpp"
#include "throttled.hpp"

namespace genevactl::run {

namespace fs = std::filesystem;
using base::ErrorKind;

namespace {

/// git's core.excludesFile, or where git looks for one (gitignore(5)).
std::string global_ignore_file(const base::Surroundings& surroundings) {
    base::Command command{
        .arguments = {"git", "config", "--type=path", "--get", "core.excludesFile"}};
    command.working_directory = surroundings.working_directory;
    const auto asked = surroundings.process->run(command);
    if (asked && asked->exit_code == 0) {
        return std::string(base::trim(asked->output));
    }
    return (surroundings.config_home().parent_path() / "git" / "ignore").string();
}

base::Status check_upload_place(const CaptureSources& request) {
    const auto& platform = request.target_platform;
    if (platform && *platform != "linux_x86_64" && *platform != "linux_aarch64") {
        return base::fail(ErrorKind::usage,
                          fmt::format("--target-platform {}: workers run on Linux", *platform),
                          "use linux_x86_64 or linux_aarch64");
    }
    const auto& python = request.target_python;
    const auto is_version = [](const std::string& text) {
        const auto parts = base::split(text, '.');
        return parts.size() == 2 && parts[0] == "3" && !parts[1].empty() && parts[1].size() <= 2 &&
               parts[1].find_first_not_of("0123456789") == std::string::npos;
    };
    if (python && !is_version(*python)) {
        return base::fail(ErrorKind::usage,
                          fmt::format("--target-python {}: no version of Python", *python),
                          "write the minor version, for example 3.11");
    }
    return {};
}

/// The interpreter whose site-packages are meant; it need not have geneva.
base::Result<bridge::Site> site(Session& session, const CaptureSources& request) {
    const auto& surroundings = session.surroundings();
    const auto& setting = session.settings().python;
    GENEVACTL_TRY(
        const auto interpreter,
        request.from_venv
            ? bridge::find_interpreter(surroundings, request.from_venv, "--from-venv")
            : bridge::find_interpreter(surroundings, setting.value, setting.origin.place));
    return bridge::site_of(surroundings, interpreter);
}

base::Result<std::vector<capture::Workspace>> workspaces(const Session& session,
                                                         const CaptureSources& request) {
    const auto& surroundings = session.surroundings();
    std::vector<capture::Workspace> found;
    for (const auto& folder : request.workspaces) {
        const auto path = from_working_directory(session, folder).lexically_normal();
        std::error_code ignored;
        if (!fs::is_directory(path, ignored)) {
            return base::fail(ErrorKind::failed,
                              fmt::format("--workspace {}: no such folder", folder.string()),
                              "name a folder of Python code");
        }
        found.push_back(capture::named_workspace(path));
    }
    if (found.empty()) {
        const auto home = surroundings.variable("HOME");
        found.push_back(capture::find_workspace(
            surroundings.working_directory, home ? std::optional<fs::path>(*home) : std::nullopt));
    }
    return found;
}

}  // namespace

unsigned threads_of(const std::optional<unsigned>& jobs) {
    return jobs.value_or(std::max(std::thread::hardware_concurrency(), 1U));
}

base::Result<capture::Sources> gather(Session& session, const CaptureSources& request) {
    GENEVACTL_CHECK(check_upload_place(request));
    if (request.from_venv && request.skip_site_packages) {
        return base::fail(ErrorKind::usage,
                          "--from-venv and --skip-site-packages exclude each other");
    }
    capture::Sources sources;
    GENEVACTL_TRY(sources.workspaces, workspaces(session, request));
    sources.scan = {.use_gitignore = !request.no_gitignore,
                    .include = request.include,
                    .exclude = request.exclude,
                    .follow_links = request.follow_links,
                    .allow_secrets = request.allow_secrets};
    if (!request.no_gitignore) {
        sources.scan.global_ignore_file = [file = std::optional<std::string>(),
                                           &surroundings = session.surroundings()]() mutable {
            if (!file) {
                file = global_ignore_file(surroundings);
            }
            return *file;
        };
    }
    sources.target = {.platform = request.target_platform.value_or(""),
                      .python = request.target_python.value_or("")};
    if (!request.skip_site_packages || !request.target_platform || !request.target_python) {
        auto found = site(session, request);
        if (!found && request.skip_site_packages) {
            return sources;  // no interpreter: nothing to fit
        }
        if (!found) {
            auto error = std::move(found).error();
            error.hint += "; --skip-site-packages captures the workspace alone";
            return base::fail(std::move(error));
        }
        if (!request.skip_site_packages) {
            sources.site_packages = std::move(found->site_packages);
        }
        sources.target = {.platform = request.target_platform.value_or(found->platform),
                          .python = request.target_python.value_or(found->python)};
    }
    return sources;
}

base::Result<capture::Contents> examine(Session& session, const capture::Sources& sources,
                                        const std::optional<unsigned>& jobs, For purpose,
                                        std::function<bool(const capture::File&)> wanted) {
    const auto& surroundings = session.surroundings();
    Throttled progress(session, "reading");
    const capture::Means means{
        .cache_file = surroundings.cache_home() / "fingerprints",
        .threads = threads_of(jobs),
        .now = surroundings.clock->now(),
        .interrupt = surroundings.interrupt,
        .on_bytes = [&](std::uint64_t bytes) { progress.add(bytes); },
        .wanted = std::move(wanted),
        .may_be_empty = purpose == For::showing,
    };
    return capture::examine(sources, means);
}

}  // namespace genevactl::run
