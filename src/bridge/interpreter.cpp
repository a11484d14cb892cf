// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

#include <fmt/format.h>

#include "geneva_distribution.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/bridge/bridge.hpp"

namespace genevactl::bridge {

namespace {

namespace fs = std::filesystem;
using base::ErrorKind;

constexpr std::string_view k_install = "pip install geneva==0.17.0";

bool is_program(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

/// The interpreter of a virtual environment. Its own path, not what the link points at: Python
/// finds the environment by it.
std::optional<fs::path> program_of_environment(const fs::path& folder) {
    for (const char* name : {"bin/python", "bin/python3"}) {
        if (is_program(folder / name)) {
            return folder / name;
        }
    }
    return std::nullopt;
}

std::optional<fs::path> program_on_path(const base::Surroundings& surroundings,
                                        const std::string& name) {
    for (const auto& folder : base::split(surroundings.variable("PATH").value_or(""), ':')) {
        // An empty entry means the working directory by POSIX; a relative one starts there too.
        const auto candidate = surroundings.working_directory / folder / name;
        if (is_program(candidate)) {
            return candidate.lexically_normal();
        }
    }
    return std::nullopt;
}

/// What the user named: an executable, an environment's folder, or a program on PATH.
base::Result<Interpreter> named(const base::Surroundings& surroundings, const std::string& name,
                                std::string_view origin) {
    if (name.find('/') == std::string::npos) {
        if (const auto found = program_on_path(surroundings, name)) {
            return Interpreter{*found, std::string(origin)};
        }
    }
    const auto path = (surroundings.working_directory / name).lexically_normal();
    std::error_code error;
    if (fs::is_directory(path, error)) {
        if (const auto found = program_of_environment(path)) {
            return Interpreter{*found, std::string(origin)};
        }
        return base::fail(
            ErrorKind::not_found,
            fmt::format("{} names {}, which has no bin/python", origin, path.string()),
            "name a virtual environment or a Python interpreter");
    }
    if (is_program(path)) {
        return Interpreter{path, std::string(origin)};
    }
    const bool there = fs::exists(path, error);
    return base::fail(ErrorKind::not_found,
                      fmt::format("{} names {}, which {}", origin, there ? path.string() : name,
                                  there ? "is no program" : "is not there"),
                      "name a Python interpreter, a virtual environment or a program on PATH");
}

struct Candidate {
    Interpreter interpreter;
    bool named = false;  ///< for genevactl: by the option or by GENEVACTL_PYTHON
};

/// Every interpreter of the search, in its order.
base::Result<std::vector<Candidate>> candidates(const base::Surroundings& surroundings,
                                                const std::optional<std::string>& option,
                                                std::string_view option_origin) {
    std::vector<Candidate> result;
    if (option && !option->empty()) {
        GENEVACTL_TRY(auto found, named(surroundings, *option, option_origin));
        result.push_back({std::move(found), true});
        return result;
    }
    if (const auto variable = surroundings.variable("GENEVACTL_PYTHON")) {
        GENEVACTL_TRY(auto found, named(surroundings, *variable, "GENEVACTL_PYTHON"));
        result.push_back({std::move(found), true});
        return result;
    }
    if (const auto active = surroundings.variable("VIRTUAL_ENV")) {
        const auto found = program_of_environment(surroundings.working_directory / *active);
        if (!found) {
            return base::fail(ErrorKind::not_found,
                              fmt::format("VIRTUAL_ENV names {}, which has no bin/python", *active),
                              "run `deactivate`, or name another interpreter with --python");
        }
        result.push_back({{*found, "VIRTUAL_ENV"}, false});
    }
    const std::array<std::pair<fs::path, const char*>, 2> folders = {{
        {surroundings.working_directory / ".venv", "./.venv"},
        {managed_environment(surroundings), "managed environment"},
    }};
    for (const auto& [folder, origin] : folders) {
        if (const auto found = program_of_environment(folder)) {
            result.push_back({{*found, origin}, false});
        }
    }
    return result;
}

tl::unexpected<base::Error> none_found() {
    return base::fail(ErrorKind::not_found,
                      "no Python environment found: no --python, GENEVACTL_PYTHON, VIRTUAL_ENV, "
                      "./.venv or managed environment",
                      "run `genevactl local setup`, or name your interpreter with --python");
}

}  // namespace

fs::path managed_environment(const base::Surroundings& surroundings) {
    return surroundings.data_home() / "environment";
}

base::Result<Interpreter> find_interpreter(const base::Surroundings& surroundings,
                                           const std::optional<std::string>& python_option,
                                           std::string_view option_origin) {
    GENEVACTL_TRY(auto found, candidates(surroundings, python_option, option_origin));
    return found.empty() ? base::Result<Interpreter>(none_found())
                         : std::move(found.front().interpreter);
}

base::Result<Interpreter> find_interpreter_with_geneva(
    const base::Surroundings& surroundings, const std::optional<std::string>& python_option,
    std::string_view option_origin) {
    GENEVACTL_TRY(auto found, candidates(surroundings, python_option, option_origin));
    if (found.empty()) {
        return none_found();
    }
    std::vector<std::string> without;
    for (auto& candidate : found) {
        const auto& program = candidate.interpreter.executable;
        GENEVACTL_TRY(const bool has_geneva, has_geneva_distribution(surroundings, program));
        if (has_geneva) {
            return std::move(candidate.interpreter);
        }
        const auto hint = base::shell_quote(program.string()) + " -m " + std::string(k_install);
        if (candidate.named) {
            return base::fail(ErrorKind::usage,
                              fmt::format("{} has no geneva ({})", program.string(),
                                          candidate.interpreter.origin),
                              hint);
        }
        without.push_back(fmt::format("{} ({})", program.string(), candidate.interpreter.origin));
    }
    return base::fail(ErrorKind::usage, "no geneva in " + base::join(without, ", "),
                      "run `genevactl local setup`, or install it: " + std::string(k_install));
}

}  // namespace genevactl::bridge
