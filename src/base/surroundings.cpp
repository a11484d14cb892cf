// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/surroundings.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace genevactl::base {

namespace {

namespace fs = std::filesystem;

fs::path xdg(const Surroundings& surroundings, std::string_view variable,
             std::string_view below_home, std::string_view kind) {
    if (const auto value = surroundings.variable(variable)) {
        if (fs::path path(*value); path.is_absolute()) {
            return path / "genevactl";
        }
    }
    if (const auto home = surroundings.variable("HOME")) {
        if (const fs::path path(*home); path.is_absolute()) {
            return path / below_home / "genevactl";
        }
    }
    fs::path temporary = surroundings.variable("TMPDIR").value_or("/tmp");
    if (!temporary.is_absolute()) {
        temporary = "/tmp";
    }
    return temporary / fmt::format("genevactl-{}", ::geteuid()) / kind;
}

}  // namespace

std::optional<std::string> Surroundings::variable(std::string_view name) const {
    const auto found = environment.find(std::string(name));
    if (found == environment.end() || found->second.empty()) {
        return std::nullopt;
    }
    return found->second;
}

fs::path Surroundings::config_home() const {
    return xdg(*this, "XDG_CONFIG_HOME", ".config", "config");
}

fs::path Surroundings::cache_home() const {
    return xdg(*this, "XDG_CACHE_HOME", ".cache", "cache");
}

fs::path Surroundings::state_home() const {
    return xdg(*this, "XDG_STATE_HOME", ".local/state", "state");
}

fs::path Surroundings::data_home() const {
    return xdg(*this, "XDG_DATA_HOME", ".local/share", "data");
}

Surroundings surroundings_of_process() {
    Surroundings result;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        if (const auto equals = text.find('='); equals != std::string_view::npos) {
            result.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    std::error_code error;
    result.working_directory = fs::current_path(error);
    if (error) {
        result.working_directory = "/";  // the folder was removed under us
    }
    result.stdin_is_terminal = ::isatty(STDIN_FILENO) != 0;
    result.stdout_is_terminal = ::isatty(STDOUT_FILENO) != 0;
    result.stderr_is_terminal = ::isatty(STDERR_FILENO) != 0;
    return result;
}

std::string_view version() {
    return GENEVACTL_VERSION;
}

}  // namespace genevactl::base
