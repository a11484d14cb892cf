// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <utility>

#include "genevactl/base/error.hpp"

namespace genevactl::local {

/// Holds an advisory lock (flock(2)) on a file as long as it lives. The file stays.
class FileLock {
public:
    /// Errors: conflict if another process holds it, failed if the file cannot be made.
    static base::Result<FileLock> take(const std::filesystem::path& path);
    FileLock(FileLock&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    FileLock& operator=(FileLock&& other) noexcept {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock();

private:
    explicit FileLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor = -1;
};

}  // namespace genevactl::local
