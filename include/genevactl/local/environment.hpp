// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/model/reporter.hpp"

namespace genevactl::local {

struct EnvironmentOrder {
    std::filesystem::path folder;                      ///< there, and empty
    std::optional<std::filesystem::path> python = {};  ///< whose Python it gets; any that fits
    std::string requirements;                          ///< the text of a requirements file
    std::string hint;                                  ///< of the error when that fails
};

struct MadeEnvironment {
    std::filesystem::path python;
    std::string version;    ///< "3.11.2"
    std::string installer;  ///< "uv" or "pip"
};

/// Makes a virtual environment and installs a requirements file into it, with uv (on PATH or beside
/// the interpreter) or else with venv and pip. Indexes are those of the user's pip and uv settings
/// and of the file. Errors: failed with the installer's own last words in `detail`, what to install
/// where there is neither; those of the process runner.
base::Result<MadeEnvironment> make_environment(const base::Surroundings& surroundings,
                                               model::Reporter& reporter,
                                               const EnvironmentOrder& order);

/// The version of geneva that environments get where nothing says another.
std::string_view default_geneva();

}  // namespace genevactl::local
