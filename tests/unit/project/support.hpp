// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "genevactl/base/files.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/project/file.hpp"
#include "support/catch.hpp"

namespace project_test {

namespace fs = std::filesystem;
using namespace genevactl;

/// A home with a project of its own in a temporary folder.
struct World {
    base::TemporaryDirectory directory =
        std::move(base::TemporaryDirectory::create("genevactl-test-").value());
    base::Surroundings surroundings;

    World() {
        fs::create_directories(folder() / "deep");
        surroundings.working_directory = folder();
        surroundings.environment = {{"HOME", home().string()}};
    }
    fs::path home() const { return directory.path() / "home"; }
    fs::path folder() const { return home() / "project"; }
    fs::path file() const { return folder() / "geneva.toml"; }
    void write(const std::string& text) const {
        REQUIRE(base::write_atomic(file(), text).has_value());
    }
    project::File loaded(const std::string& text) const {
        write(text);
        auto file = project::load(surroundings);
        if (!file) {
            FAIL(file.error().message);
        }
        return std::move(*file);
    }
    /// The error without the path of the file.
    base::Error error(const std::string& text) const {
        write(text);
        auto loaded = project::load(surroundings);
        REQUIRE_FALSE(loaded.has_value());
        auto error = std::move(loaded).error();
        const auto path = file().string() + ":";
        CHECK(error.message.find(path) == 0);
        error.message.erase(0, path.size());
        return error;
    }
};

}  // namespace project_test
