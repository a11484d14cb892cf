// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "genevactl/base/files.hpp"
#include "genevactl/base/process.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/settings/settings.hpp"
#include "support/catch.hpp"

namespace settings_test {

namespace fs = std::filesystem;
using namespace genevactl;

class FakeProcess final : public base::ProcessRunner {
public:
    base::Result<base::ProcessResult> answer = base::ProcessResult{};
    std::vector<base::Command> commands;

    base::Result<base::ProcessResult> run(const base::Command& command) override {
        commands.push_back(command);
        return answer;
    }
    base::Result<pid_t> spawn_detached(const base::Command&, const fs::path&) override {
        return base::fail(base::ErrorKind::internal, "not in these tests");
    }
};

/// A home and a project of its own in a temporary folder.
struct World {
    base::TemporaryDirectory directory =
        std::move(base::TemporaryDirectory::create("genevactl-test-").value());
    FakeProcess process;
    base::Surroundings surroundings;

    World() {
        fs::create_directories(project() / "deep/inside");
        fs::create_directories(config());
        surroundings.working_directory = project();
        surroundings.environment = {{"HOME", home().string()}};
        surroundings.process = &process;
    }
    fs::path home() const { return directory.path() / "home"; }
    fs::path project() const { return home() / "project"; }
    fs::path config() const { return home() / ".config/genevactl"; }
    void set(const std::string& name, const std::string& value) {
        surroundings.environment[name] = value;
    }
    fs::path file(const fs::path& path, const std::string& text, unsigned mode = 0644) const {
        fs::create_directories(path.parent_path());
        fs::remove(path);
        REQUIRE(base::write_atomic(path, text, mode).has_value());
        return path;
    }
    fs::path geneva_toml(const std::string& text) const {
        return file(project() / "geneva.toml", text);
    }
    fs::path config_toml(const std::string& text) const {
        return file(config() / "config.toml", text, 0600);
    }
    fs::path credentials_toml(const std::string& text) const {
        return file(config() / "credentials.toml", text, 0600);
    }
    base::Result<settings::Settings> load(const settings::Flags& flags = {}) const {
        return settings::load(surroundings, flags);
    }
    settings::Settings loaded(const settings::Flags& flags = {}) const {
        auto settings = load(flags);
        if (!settings) {
            FAIL(settings.error().message);
        }
        return std::move(*settings);
    }
    base::Error error(const settings::Flags& flags = {}) const {
        auto settings = load(flags);
        REQUIRE_FALSE(settings.has_value());
        return std::move(settings).error();
    }
};

inline std::string content(const fs::path& file) {
    return base::read_file(file).value();
}

}  // namespace settings_test
