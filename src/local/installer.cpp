// SPDX-License-Identifier: Apache-2.0
#include "installer.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "log.hpp"
#include "pins.hpp"

namespace genevactl::local {
namespace {

constexpr base::Microseconds k_install_within = std::chrono::hours(2);
constexpr int k_last_words = 20;

/// A setting of pip and the variables of uv that mean the same; the first one is set, and only if
/// none of them is. `separator` stands between several values.
struct Translation {
    std::string_view pip;
    std::array<std::string_view, 2> uv;
    char separator;
};
constexpr std::array k_translations{
    Translation{"index-url", {"UV_DEFAULT_INDEX", "UV_INDEX_URL"}, ' '},
    Translation{"extra-index-url", {"UV_INDEX", "UV_EXTRA_INDEX_URL"}, ' '},
    Translation{"find-links", {"UV_FIND_LINKS", "UV_FIND_LINKS"}, ','},
    Translation{"trusted-host", {"UV_INSECURE_HOST", "UV_INSECURE_HOST"}, ' '},
    Translation{"cert", {"SSL_CERT_FILE", "SSL_CERT_FILE"}, ' '},
    Translation{"proxy", {"ALL_PROXY", "HTTPS_PROXY"}, ' '},
};

/// What pip is set to, by setting: the environment's variables beat [install], which beats
/// [global].
std::map<std::string, std::string> pip_settings(std::string_view pip_config) {
    constexpr std::array<std::string_view, 3> k_sections{"global.", "install.", ":env:."};
    std::map<std::string, std::string> settings;
    for (const auto section : k_sections) {
        for (const auto& line : base::split(pip_config, '\n')) {
            const auto equals = line.find('=');
            if (equals == std::string::npos || !base::starts_with(line, section)) continue;
            auto value = line.substr(equals + 1);
            if (value.size() >= 2) value = value.substr(1, value.size() - 2);  // its quotes
            for (auto at = value.find("\\n"); at != std::string::npos; at = value.find("\\n")) {
                value.replace(at, 2, " ");
            }
            settings[line.substr(section.size(), equals - section.size())] = value;
        }
    }
    return settings;
}

std::string joined(const std::string& values, char separator) {
    std::string text;
    for (const auto& word : base::split(values, ' ')) {
        if (word.empty()) continue;
        if (!text.empty()) text += separator;
        text += word;
    }
    return text;
}

/// What pip takes from the environment, in the form of `pip config list`, for a Python without pip.
std::string pip_variables(const std::map<std::string, std::string>& environment) {
    std::string lines;
    for (const auto& [name, value] : environment) {
        if (!base::starts_with(name, "PIP_")) continue;
        auto setting = base::lower(name.substr(4));
        std::ranges::replace(setting, '_', '-');
        lines += fmt::format(":env:.{}='{}'\n", setting, value);
    }
    return lines;
}

bool is_true(const std::string& text) {
    const auto word = base::lower(text);
    return word == "1" || word == "true" || word == "yes" || word == "on";
}

}  // namespace

std::map<std::string, std::string> uv_variables(
    std::string_view pip_config, const std::map<std::string, std::string>& environment) {
    const auto settings = pip_settings(pip_config);
    std::map<std::string, std::string> variables;
    for (const auto& translation : k_translations) {
        const auto setting = settings.find(std::string(translation.pip));
        if (setting == settings.end()) continue;
        const bool has_own = std::ranges::any_of(translation.uv, [&](std::string_view name) {
            return environment.contains(std::string(name));
        });
        const auto value = joined(setting->second, translation.separator);
        if (!has_own && !value.empty()) variables.emplace(translation.uv.front(), value);
    }
    // pip takes the best version of all indexes, uv by default the first index that has the
    // package.
    if (variables.contains("UV_INDEX") && !environment.contains("UV_INDEX_STRATEGY")) {
        variables.emplace("UV_INDEX_STRATEGY", "unsafe-best-match");
    }
    return variables;
}

std::string without_url_credentials(std::string text) {
    for (auto at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
        const auto begin = at + 3;
        const auto end = text.find_first_of("/ \t\n\"'`<>", begin);
        const auto sign =
            text.substr(begin, end == std::string::npos ? end : end - begin).rfind('@');
        if (sign != std::string::npos) text.erase(begin, sign + 1);
    }
    return text;
}

base::Command Installer::command(std::vector<std::string> arguments) const {
    base::Command command;
    command.arguments = std::move(arguments);
    // Settings of a project that happens to lie in the working directory have no say here.
    command.working_directory = m_environment;
    command.unset = {"VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME", "UV_PYTHON"};
    command.environment["PYTHONUNBUFFERED"] = "1";
    command.timeout = k_install_within;
    return command;
}

base::Status Installer::run(base::Command command, const std::string& what) {
    command.on_stderr_line = [this](const std::string& line) {
        const auto text = base::trim(line);
        // uv ends with a list of a hundred " + NAME==VERSION": no news.
        if (!text.empty() && !base::starts_with(text, "+ ")) {
            m_reporter.step(base::printable(without_url_credentials(std::string(text))));
        }
    };
    m_reporter.step(what);
    GENEVACTL_TRY(auto result, m_surroundings.process->run(command));
    if (result.exit_code == 0) return {};
    base::Error error;
    error.message = fmt::format("{} failed with exit code {}", what, result.exit_code);
    error.hint = m_hint;
    const auto& words = base::trim(result.errors).empty() ? result.output : result.errors;
    const auto last = last_lines_of(std::string(base::trim(words)), k_last_words);
    error.detail = base::printable(without_url_credentials(last));
    return base::fail(std::move(error));
}

base::Result<std::string> Installer::find_uv() {
    std::vector<std::string> places = {"uv"};
    if (!m_uv_folder.empty()) places.push_back((m_uv_folder / "uv").string());
    for (const auto& uv : places) {
        GENEVACTL_TRY(const bool found, runs(uv));
        if (found) return uv;
    }
    return std::string();
}

base::Result<bool> Installer::runs(const std::string& uv) {
    auto result = m_surroundings.process->run(command({uv, "--version"}));
    if (result) return result->exit_code == 0;
    if (result.error().kind == base::ErrorKind::interrupted ||
        result.error().kind == base::ErrorKind::terminated) {
        return base::fail(std::move(result).error());
    }
    return false;
}

/// Not having it is no failure: pip can do everything, slowly.
base::Status Installer::get_uv() {
    auto got = run(command({interpreter().string(), "-m", "pip", "--disable-pip-version-check",
                            "install", std::string(k_pinned_uv)}),
                   fmt::format("installing {} into the environment", k_pinned_uv));
    if (got) {
        m_uv = (m_environment / "bin" / "uv").string();
        return {};
    }
    if (got.error().kind != base::ErrorKind::failed) return got;
    m_reporter.note("uv could not be installed: going on with pip, which takes longer");
    return {};
}

base::Status Installer::read_pip_config(const std::filesystem::path& python) {
    auto list = command({python.string(), "-m", "pip", "config", "list"});
    list.timeout = std::chrono::seconds(60);
    GENEVACTL_TRY(auto result, m_surroundings.process->run(list));
    const auto config =
        result.exit_code == 0 ? result.output : pip_variables(m_surroundings.environment);
    m_uv_environment = uv_variables(config, m_surroundings.environment);
    const auto settings = pip_settings(config);
    const auto no_index = settings.find("no-index");
    m_no_index = no_index != settings.end() && is_true(no_index->second);
    return {};
}

base::Status Installer::make_environment(const BasePython& python) {
    const auto what =
        fmt::format("making {} with Python {}", m_environment.string(), python.version);
    GENEVACTL_TRY(m_uv, find_uv());
    if (!m_uv.empty()) {
        GENEVACTL_CHECK(read_pip_config(python.executable));
        return run(
            command({m_uv, "venv", "--no-project", "--allow-existing", "--no-python-downloads",
                     "--python", python.executable.string(), m_environment.string()}),
            what);
    }
    if (!python.can_make_venv) {
        return base::fail(
            base::ErrorKind::failed,
            fmt::format("{} (Python {}) cannot make an environment: it lacks venv or ensurepip, "
                        "and there is no uv on PATH",
                        python.executable.string(), python.version),
            fmt::format("install uv, or the venv module of Python (on Debian and Ubuntu: apt-get "
                        "install python3.{}-venv)",
                        python.minor));
    }
    GENEVACTL_CHECK(
        run(command({python.executable.string(), "-m", "venv", m_environment.string()}), what));
    GENEVACTL_CHECK(get_uv());
    return read_pip_config(interpreter());
}

std::vector<std::string> Installer::install_words(bool compile) const {
    if (m_uv.empty()) {
        return {interpreter().string(), "-m", "pip", "--disable-pip-version-check", "install"};
    }
    std::vector<std::string> words = {m_uv, "pip", "install"};
    if (compile) words.emplace_back("--compile-bytecode");
    words.insert(words.end(), {"--python", interpreter().string()});
    if (m_no_index) words.emplace_back("--no-index");
    return words;
}

base::Status Installer::install_file(const std::filesystem::path& file) {
    auto words = install_words(false);
    words.insert(words.end(), {"-r", file.string()});
    auto install = command(std::move(words));
    if (!m_uv.empty()) {
        install.environment.insert(m_uv_environment.begin(), m_uv_environment.end());
        // The file may name indexes too; uv would stop at the first that has a package.
        if (!m_surroundings.environment.contains("UV_INDEX_STRATEGY")) {
            install.environment.emplace("UV_INDEX_STRATEGY", "unsafe-best-match");
        }
    }
    return run(std::move(install), fmt::format("installing the packages with {}", name()));
}

base::Status Installer::install(const std::vector<std::string>& requirements) {
    auto arguments = install_words(true);
    arguments.insert(arguments.end(), requirements.begin(), requirements.end());
    auto install = command(std::move(arguments));
    if (!m_uv.empty()) {
        install.environment.insert(m_uv_environment.begin(), m_uv_environment.end());
    }
    return run(std::move(install),
               fmt::format("installing geneva {} and the packages it needs with {}",
                           pinned_geneva(), m_uv.empty() ? "pip" : "uv"));
}

}  // namespace genevactl::local
