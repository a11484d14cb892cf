// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"

namespace genevactl::capture {

/// How an entry's bytes are kept (APPNOTE 4.4.5).
enum class Method : std::uint8_t { stored = 0, deflated = 8 };

/// Writes a zip archive of ready-made entries to a new file, which goes away again unless finish()
/// was reached. Nothing in it depends on the time, the user or the machine. Errors name it.
class ZipWriter {
public:
    static base::Result<ZipWriter> create(const std::filesystem::path& archive);
    ZipWriter(ZipWriter&& other) noexcept;
    ZipWriter& operator=(ZipWriter&&) = delete;
    ZipWriter(const ZipWriter&) = delete;
    ZipWriter& operator=(const ZipWriter&) = delete;
    ~ZipWriter();

    /// Begins an entry; `size` is that of the file, in bytes. Its bytes follow in add().
    base::Status begin(const std::string& name, Method method, std::uint64_t size);
    base::Status add(std::string_view bytes);
    /// Ends the entry with its size and CRC before compression.
    base::Status end(std::uint64_t size, std::uint32_t crc32);
    /// Flushes to the disk and closes; the size of the archive in bytes.
    base::Result<std::uint64_t> finish();

private:
    ZipWriter(std::filesystem::path archive, void* zip)
        : m_archive(std::move(archive)), m_zip(zip) {}
    base::Status check(int status) const;

    std::filesystem::path m_archive;
    void* m_zip;
    bool m_is_whole = false;
};

}  // namespace genevactl::capture
