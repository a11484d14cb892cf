// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/descriptor.hpp"
#include "genevactl/base/error.hpp"

namespace genevactl::capture {

/// How an entry's bytes are kept (APPNOTE 4.4.5).
enum class Method : std::uint8_t { stored = 0, deflated = 8 };

/// Writes a zip archive of ready-made entries (PKWARE's APPNOTE 6.3.10) to a new file, which goes
/// away again unless finish() was reached. Nothing in it depends on the time, the user or the
/// machine. Errors name it.
class ZipWriter {
public:
    /// `stays`: see Packing.
    static base::Result<ZipWriter> create(const std::filesystem::path& archive, bool stays = false);
    ZipWriter(ZipWriter&& other) noexcept;
    ZipWriter& operator=(ZipWriter&&) = delete;
    ZipWriter(const ZipWriter&) = delete;
    ZipWriter& operator=(const ZipWriter&) = delete;
    ~ZipWriter();

    /// Begins an entry of a file with this size in bytes and this CRC-32. What it is kept as
    /// follows in add().
    base::Status begin(const std::string& name, Method method, std::uint64_t size,
                       std::uint32_t crc32);
    base::Status add(std::string_view bytes);
    base::Status end();
    /// Writes the directory and closes; the size of the archive in bytes.
    base::Result<std::uint64_t> finish();

private:
    struct Entry {
        std::string name;
        std::uint64_t offset = 0;
        std::uint64_t size = 0;
        std::uint64_t kept = 0;  ///< bytes in the archive
        std::uint32_t crc32 = 0;
        Method method = Method::stored;
        bool is_large = false;  ///< its header has room for sizes beyond 32 bits
    };
    ZipWriter(std::filesystem::path archive, base::Descriptor file, bool stays);
    static std::string local_header(const Entry& entry);
    static std::string directory_entry(const Entry& entry);
    std::string end_records(std::uint64_t directory_size) const;
    std::uint64_t position() const { return m_written + m_buffer.size(); }
    base::Status append(std::string_view bytes);
    base::Status flush();
    base::Status write_at(std::string_view bytes, std::uint64_t offset);
    void send_to_disk();

    std::filesystem::path m_archive;
    base::Descriptor m_file;
    std::string m_buffer;
    std::uint64_t m_written = 0;       ///< bytes in the file
    std::uint64_t m_on_their_way = 0;  ///< bytes of them that the disk was told to write
    bool m_stays = false;
    std::vector<Entry> m_entries;
};

}  // namespace genevactl::capture
