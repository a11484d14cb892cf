// SPDX-License-Identifier: Apache-2.0
#include "geneva_distribution.hpp"

#include <chrono>
#include <string>
#include <system_error>

#include "child.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::bridge {

namespace {

namespace fs = std::filesystem;

/// The working directory leaves sys.path before anything of the standard library is imported: a
/// file of the user's must not run. Exit status 3 means that Python works and geneva is not there.
constexpr const char* k_question = R"(import sys
sys.path = [entry for entry in sys.path if entry]
import importlib.metadata
try:
    importlib.metadata.version("geneva")
except importlib.metadata.PackageNotFoundError:
    sys.exit(3)
)";
constexpr int k_not_there = 3;

bool site_packages_have_geneva(const fs::path& site_packages) {
    std::error_code error;
    for (fs::directory_iterator entry(site_packages, error), end; !error && entry != end;
         entry.increment(error)) {
        const auto name = entry->path().filename().string();
        if (base::starts_with(name, "geneva-") && entry->path().extension() == ".dist-info") {
            return fs::exists(entry->path() / "METADATA", error);
        }
    }
    return false;
}

bool environment_has_geneva(const fs::path& environment) {
    std::error_code error;
    if (!fs::is_regular_file(environment / "pyvenv.cfg", error)) {
        return false;
    }
    for (fs::directory_iterator entry(environment / "lib", error), end; !error && entry != end;
         entry.increment(error)) {
        if (base::starts_with(entry->path().filename().string(), "python") &&
            site_packages_have_geneva(entry->path() / "site-packages")) {
            return true;
        }
    }
    return false;
}

}  // namespace

base::Result<bool> has_geneva_distribution(const base::Surroundings& surroundings,
                                           const fs::path& interpreter) {
    if (environment_has_geneva(interpreter.parent_path().parent_path())) {
        return true;
    }
    auto command = python_command(surroundings, interpreter, {"-c", k_question});
    command.timeout = std::chrono::seconds(60);
    GENEVACTL_TRY(const auto result, surroundings.process->run(command));
    if (result.exit_code == 0 || result.exit_code == k_not_there) {
        return result.exit_code == 0;
    }
    return base::fail(broken_interpreter(interpreter, result));
}

}  // namespace genevactl::bridge
