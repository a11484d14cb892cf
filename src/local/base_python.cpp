// SPDX-License-Identifier: Apache-2.0
#include "base_python.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "pins.hpp"

namespace genevactl::local {
namespace {

using Json = nlohmann::json;

// Runs on every Python since 2.7, so that an old one can say how old it is.
constexpr std::string_view k_probe =
    "import json, sys\n"
    "def has(name):\n"
    "    try:\n"
    "        __import__(name)\n"
    "        return True\n"
    "    except ImportError:\n"
    "        return False\n"
    "print(json.dumps({'version': list(sys.version_info[:3]),\n"
    "    'executable': getattr(sys, '_base_executable', None) or sys.executable,\n"
    "    'venv': has('venv') and has('ensurepip')}))\n";

std::string supported() {
    return fmt::format("geneva {} runs on Python 3.{} to 3.{}", pinned_geneva(), k_oldest_python,
                       k_newest_python);
}

std::string install_hint() {
    return fmt::format(
        "install Python 3.{0} (with its venv module; on Debian and Ubuntu: apt-get install "
        "python3.{0}-venv) or name one with --python",
        k_newest_python);
}

bool fits(const BasePython& python) {
    return python.minor >= k_oldest_python && python.minor <= k_newest_python;
}

std::optional<BasePython> python_of(const Json& json) {
    if (!json.is_object() || !json.contains("version") || !json.contains("executable") ||
        !json.contains("venv")) {
        return std::nullopt;
    }
    const auto& version = json["version"];
    if (!version.is_array() || version.size() != 3 || !version[0].is_number_integer() ||
        !version[1].is_number_integer() || !version[2].is_number_integer() ||
        !json["executable"].is_string() || !json["venv"].is_boolean()) {
        return std::nullopt;
    }
    BasePython python;
    python.executable = json["executable"].get<std::string>();
    // Anything but a Python 3 is as unfit as one that is too old.
    python.minor = version[0] == 3 ? version[1].get<int>() : -1;
    python.version = fmt::format("{}.{}.{}", version[0].get<int>(), version[1].get<int>(),
                                 version[2].get<int>());
    python.can_make_venv = json["venv"].get<bool>();
    return python;
}

base::Result<BasePython> probe(const base::Surroundings& surroundings, const std::string& program) {
    base::Command command;
    command.arguments = {program, "-c", std::string(k_probe)};
    command.unset = {"PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__"};
    command.timeout = std::chrono::seconds(60);
    GENEVACTL_TRY(auto result, surroundings.process->run(command));
    const auto python = python_of(Json::parse(result.output, nullptr, false));
    if (result.exit_code != 0 || !python) {
        base::Error error;
        error.message = fmt::format("{} did not say which Python it is (exit code {})", program,
                                    result.exit_code);
        error.hint = install_hint();
        error.detail = base::printable(result.errors);
        return base::fail(std::move(error));
    }
    return *python;
}

base::Result<BasePython> named_python(const base::Surroundings& surroundings,
                                      const std::filesystem::path& named) {
    const auto program = named.has_parent_path() ? surroundings.working_directory / named : named;
    GENEVACTL_TRY(auto python, probe(surroundings, program.string()));
    if (!fits(python)) {
        return base::fail(
            base::ErrorKind::usage,
            fmt::format("{} is Python {}, but {}", named.string(), python.version, supported()),
            install_hint());
    }
    return python;
}

}  // namespace

base::Result<BasePython> find_base_python(const base::Surroundings& surroundings,
                                          const std::optional<std::filesystem::path>& named) {
    if (named) return named_python(surroundings, *named);
    std::vector<std::string> programs{"python3"};
    for (int minor = k_newest_python; minor >= k_oldest_python; --minor) {
        programs.push_back(fmt::format("python3.{}", minor));
    }
    std::string unfit;
    for (const auto& program : programs) {
        auto python = probe(surroundings, program);
        if (python && fits(*python)) return python;
        if (!python && python.error().kind == base::ErrorKind::interrupted) return python;
        if (python && unfit.empty()) unfit = fmt::format(" ({} is {})", program, python->version);
    }
    return base::fail(base::ErrorKind::not_found,
                      "there is no suitable Python on PATH" + unfit + ": " + supported(),
                      install_hint());
}

}  // namespace genevactl::local
