// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "genevactl/base/files.hpp"
#include "genevactl/base/process.hpp"
#include "genevactl/base/surroundings.hpp"
#include "support/catch.hpp"

namespace bridge_test {

namespace fs = std::filesystem;
using namespace genevactl;

/// A runner that calls the test instead of starting programs.
class FakeProcess final : public base::ProcessRunner {
public:
    std::function<base::Result<base::ProcessResult>(const base::Command&)> answer =
        [](const base::Command&) { return base::ProcessResult{}; };
    std::vector<base::Command> commands;

    base::Result<base::ProcessResult> run(const base::Command& command) override {
        commands.push_back(command);
        return answer(command);
    }
    base::Result<pid_t> spawn_detached(const base::Command&, const fs::path&) override {
        return base::fail(base::ErrorKind::internal, "not in these tests");
    }
};

/// A home of its own in a temporary folder, and a process runner that starts nothing.
struct World {
    base::TemporaryDirectory directory =
        std::move(base::TemporaryDirectory::create("genevactl-test").value());
    FakeProcess process;
    base::Surroundings surroundings;

    World() {
        surroundings.working_directory = directory.path() / "work";
        fs::create_directories(surroundings.working_directory);
        surroundings.environment = {{"HOME", (directory.path() / "home").string()},
                                    {"PATH", (directory.path() / "path").string()}};
        surroundings.process = &process;
    }
    fs::path root() const { return directory.path(); }
    void set(const std::string& name, const std::string& value) {
        surroundings.environment[name] = value;
    }
    fs::path file(const fs::path& path, const std::string& text, unsigned mode = 0644) const {
        fs::create_directories(path.parent_path());
        REQUIRE(base::write_atomic(path, text, mode).has_value());
        return path;
    }
    fs::path program(const fs::path& path) const { return file(path, "#!/bin/sh\n", 0755); }
    /// A virtual environment as far as the search looks at it; its bin/python.
    fs::path environment(const fs::path& folder, bool with_geneva) const {
        file(folder / "pyvenv.cfg", "home = /usr/bin\n");
        if (with_geneva) {
            file(folder / "lib/python3.11/site-packages/geneva-0.17.0.dist-info/METADATA", "");
        }
        return program(folder / "bin/python");
    }
};

}  // namespace bridge_test
