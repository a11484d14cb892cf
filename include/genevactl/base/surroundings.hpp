// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/log.hpp"
#include "genevactl/base/process.hpp"

namespace genevactl::base {

/// Everything about the process that a command may depend on, handed in by main (and by tests), so
/// that whole commands run in-process. Nothing else reads getenv, the working directory or the
/// clock.
struct Surroundings {
    std::map<std::string, std::string> environment;
    std::filesystem::path working_directory;
    bool stdin_is_terminal = false;
    bool stdout_is_terminal = false;
    bool stderr_is_terminal = false;
    Clock* clock = nullptr;
    ProcessRunner* process = nullptr;
    const Interrupt* interrupt = nullptr;
    std::istream* input = nullptr;  ///< standard input
    Log* log = nullptr;             ///< null: no log is kept

    /// The variable's value if it is set and not empty.
    std::optional<std::string> variable(std::string_view name) const;
    /// XDG base directories with "genevactl" appended (XDG Base Directory Specification 0.8); a
    /// relative or unset variable falls back to the default below HOME, and without HOME to a
    /// private folder below the temporary directory.
    std::filesystem::path config_home() const;
    std::filesystem::path cache_home() const;
    std::filesystem::path state_home() const;
    std::filesystem::path data_home() const;
};

/// The surroundings of this process. The pointers are left for the caller to fill.
Surroundings surroundings_of_process();

/// "0.1.0".
std::string_view version();

}  // namespace genevactl::base
