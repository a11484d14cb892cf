// SPDX-License-Identifier: Apache-2.0
#include "genevactl/bridge/site.hpp"

#include <sys/stat.h>

#include <chrono>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "child.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::bridge {

namespace {

namespace fs = std::filesystem;

/// The working directory leaves sys.path before anything is imported: no file of the user's runs.
constexpr const char* k_site_question = R"(import sys
sys.path = [entry for entry in sys.path if entry]
import json, os, platform, site
folders = site.getsitepackages() + ([site.getusersitepackages()] if site.ENABLE_USER_SITE else [])
print(json.dumps({
    "python": "%d.%d" % sys.version_info[:2],
    "platform": "%s_%s" % (sys.platform, platform.machine()),
    "site_packages": [f for f in dict.fromkeys(map(os.path.realpath, folders)) if os.path.isdir(f)],
}))
)";

/// What must stay the same for an answer to count, or nothing if the interpreter is not there.
std::optional<std::string> interpreter_identity(const base::Surroundings& surroundings,
                                                const fs::path& interpreter) {
    std::string text = interpreter.string();
    const auto add = [&](const fs::path& path) {
        struct stat status {};
        const bool there = ::stat(path.c_str(), &status) == 0;
        if (there) {
            text += fmt::format("\n{} {} {} {}", status.st_ino, status.st_size,
                                status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
        }
        return there;
    };
    if (!add(interpreter)) {
        return std::nullopt;
    }
    add(interpreter.parent_path().parent_path() / "pyvenv.cfg");
    for (const auto* name : {"PYTHONNOUSERSITE", "PYTHONUSERBASE", "PYTHONHOME", "HOME"}) {
        text += "\n" + surroundings.variable(name).value_or("");
    }
    return base::sha256_hex(text);
}

std::optional<Site> parse_site(const std::string& text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    const auto is_text = [&](const char* key) {
        return json.contains(key) && json[key].is_string();
    };
    if (!json.is_object() || !is_text("python") || !is_text("platform") ||
        !json.contains("site_packages") || !json["site_packages"].is_array()) {
        return std::nullopt;
    }
    Site site{.python = json["python"], .platform = json["platform"], .site_packages = {}};
    for (const auto& folder : json["site_packages"]) {
        if (!folder.is_string()) {
            return std::nullopt;
        }
        site.site_packages.push_back(folder);
    }
    return site;
}

base::Result<std::string> ask_for_site(const base::Surroundings& surroundings,
                                       const Interpreter& interpreter) {
    auto command = python_command(surroundings, interpreter.executable, {"-c", k_site_question});
    command.timeout = std::chrono::seconds(60);
    GENEVACTL_TRY(auto result, surroundings.process->run(command));
    if (result.exit_code != 0) {
        return base::fail(broken_interpreter(interpreter.executable, result));
    }
    return std::move(result.output);
}

}  // namespace

base::Result<Site> site_of(const base::Surroundings& surroundings, const Interpreter& interpreter) {
    const auto identity = interpreter_identity(surroundings, interpreter.executable);
    const auto file =
        surroundings.cache_home() / "interpreters" / (identity.value_or("") + ".json");
    if (identity) {
        if (const auto known = base::read_file(file)) {
            if (auto site = parse_site(*known)) {
                return std::move(*site);
            }
        }
    }
    GENEVACTL_TRY(const auto answer, ask_for_site(surroundings, interpreter));
    auto site = parse_site(answer);
    if (!site) {
        return base::fail(base::ErrorKind::failed,
                          fmt::format("the Python interpreter {} gave no answer that is one",
                                      interpreter.executable.string()),
                          "name another one with --python");
    }
    std::error_code ignored;
    fs::create_directories(file.parent_path(), ignored);
    // Without a place for it the next command asks again.
    [[maybe_unused]] const auto saved = base::write_atomic(file, answer, 0600);
    return std::move(*site);
}

}  // namespace genevactl::bridge
