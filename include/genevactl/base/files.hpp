// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"

namespace genevactl::base {

/// The whole file as bytes. Errors: not_found if it is not there, failed if unreadable, a
/// directory, or larger than `limit` bytes; each names the path. "-" is not special here.
Result<std::string> read_file(const std::filesystem::path& path,
                              std::size_t limit = std::size_t{256} << 20U);

/// Like read_file, for a file that holds a key: refused (kind refused) unless it is the user's own
/// and no one else can read it (mode 0600 or stricter).
Result<std::string> read_private_file(const std::filesystem::path& path);

/// Writes to a temporary file beside `path`, flushes, closes with the result checked, renames: a
/// kill at any moment leaves the old content or the new. `mode` is the permission bits of the new
/// file.
Status write_atomic(const std::filesystem::path& path, std::string_view bytes,
                    unsigned mode = 0644);

/// Makes the folder and its parents, the last one 0700 and the user's own; refused if it exists and
/// belongs to someone else or others can enter it.
Status create_private_directory(const std::filesystem::path& path);

/// A new private folder below the system's temporary directory, removed with its content when this
/// goes out of scope.
class TemporaryDirectory {
public:
    static Result<TemporaryDirectory> create(std::string_view prefix);
    TemporaryDirectory(TemporaryDirectory&& other) noexcept;
    TemporaryDirectory& operator=(TemporaryDirectory&& other) noexcept;
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory();
    const std::filesystem::path& path() const { return m_path; }

private:
    explicit TemporaryDirectory(std::filesystem::path path) : m_path(std::move(path)) {}
    std::filesystem::path m_path;
};

}  // namespace genevactl::base
