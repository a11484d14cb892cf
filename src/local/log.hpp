// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "genevactl/base/error.hpp"

namespace genevactl::local {

/// STATE/server.log, which spawn_detached makes and the deployment writes.
std::filesystem::path log_path(const std::filesystem::path& state);

/// Moves a log of more than 5 MB to server.log.1 (which is replaced).
base::Status rotate_log(const std::filesystem::path& state);

/// The size of the log in bytes; 0 if there is none.
std::uintmax_t log_size(const std::filesystem::path& state);

/// The last `lines` lines of a file after its first `from` bytes; "" if it is not there. Of a file
/// whose last megabyte has fewer lines, those.
std::string last_lines(const std::filesystem::path& path, int lines, std::uintmax_t from = 0);

/// The last `lines` lines of a text.
std::string last_lines_of(const std::string& text, int lines);

/// Reads what is added to a log, from a given place on.
class LogFollower {
public:
    LogFollower(std::filesystem::path path, std::uintmax_t from)
        : m_path(std::move(path)), m_position(from) {}
    /// What came since the last call, at most a megabyte of it; a log that became shorter is read
    /// from its beginning.
    std::string next();

private:
    std::filesystem::path m_path;
    std::uintmax_t m_position;
};

}  // namespace genevactl::local
