// SPDX-License-Identifier: Apache-2.0
#include "zip_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "genevactl/base/try.hpp"

namespace genevactl::capture {

namespace {

constexpr std::size_t k_write_at_once = std::size_t{256} << 10U;      // bytes
constexpr std::uint64_t k_to_disk_at_once = std::uint64_t{8} << 20U;  // bytes
// APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16, 4.4 and 4.5.3.
constexpr std::uint64_t k_max16 = 0xffff;
constexpr std::uint64_t k_max32 = 0xffffffff;
/// A file from this size on gets a Zip64 header: deflate may make it somewhat larger.
constexpr std::uint64_t k_large_entry = 0xf0000000;
constexpr std::uint64_t k_date = 0x00210000;             // 1980-01-01 00:00, MS-DOS
constexpr std::uint64_t k_attributes = 0100644U << 16U;  // a regular file
constexpr std::uint64_t k_made_by = 3U << 8U | 45U;      // Unix, version 4.5
constexpr std::uint64_t k_utf8_names = 1U << 11U;
constexpr std::uint64_t k_needs = 20;    // version 2.0
constexpr std::uint64_t k_needs64 = 45;  // version 4.5

/// A little-endian number of `width` bytes.
void put_number(std::string& bytes, std::uint64_t number, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) {
        bytes += static_cast<char>(number & 0xffU);
        number >>= 8U;
    }
}

}  // namespace

ZipWriter::ZipWriter(std::filesystem::path archive, base::Descriptor file, bool stays)
    : m_archive(std::move(archive)), m_file(std::move(file)), m_stays(stays) {
    m_buffer.reserve(k_write_at_once);
}

base::Result<ZipWriter> ZipWriter::create(const std::filesystem::path& archive, bool stays) {
    base::Descriptor file(::open(archive.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file.open()) {
        return base::file_error("write", archive, errno);
    }
    return ZipWriter(archive, std::move(file), stays);
}

ZipWriter::ZipWriter(ZipWriter&& other) noexcept = default;

ZipWriter::~ZipWriter() {
    if (m_file.open()) {
        ::unlink(m_archive.c_str());
    }
}

base::Status ZipWriter::write_at(std::string_view bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
        const auto done =
            ::pwrite(m_file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (done < 0 && errno != EINTR) {
            return base::file_error("write", m_archive, errno);
        }
        bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(done, 0)));
        offset += static_cast<std::uint64_t>(std::max<ssize_t>(done, 0));
    }
    return {};
}

base::Status ZipWriter::append(std::string_view bytes) {
    GENEVACTL_CHECK(write_at(bytes, m_written));
    m_written += bytes.size();
    if (m_stays && m_written - m_on_their_way >= k_to_disk_at_once) {
        send_to_disk();
    }
    return {};
}

base::Status ZipWriter::flush() {
    GENEVACTL_CHECK(append(m_buffer));
    m_buffer.clear();
    return {};
}

/// Begins to write to the disk what is new, without waiting; whoever flushes the file is told of
/// errors.
void ZipWriter::send_to_disk() {
    ::sync_file_range(m_file.get(), static_cast<off_t>(m_on_their_way),
                      static_cast<off_t>(m_written - m_on_their_way), SYNC_FILE_RANGE_WRITE);
    m_on_their_way = m_written;
}

std::string ZipWriter::local_header(const Entry& entry) {
    std::string bytes = "PK\x03\x04";
    put_number(bytes, entry.is_large ? k_needs64 : k_needs, 2);
    put_number(bytes, k_utf8_names, 2);
    put_number(bytes, static_cast<std::uint64_t>(entry.method), 2);
    put_number(bytes, k_date, 4);
    put_number(bytes, entry.crc32, 4);
    put_number(bytes, entry.is_large ? k_max32 : entry.kept, 4);
    put_number(bytes, entry.is_large ? k_max32 : entry.size, 4);
    put_number(bytes, entry.name.size(), 2);
    put_number(bytes, entry.is_large ? 20 : 0, 2);
    bytes += entry.name;
    if (entry.is_large) {
        put_number(bytes, 1, 2);
        put_number(bytes, 16, 2);
        put_number(bytes, entry.size, 8);
        put_number(bytes, entry.kept, 8);
    }
    return bytes;
}

std::string ZipWriter::directory_entry(const Entry& entry) {
    std::string large;  // in this order, and only what does not fit
    for (const auto value : {entry.size, entry.kept, entry.offset}) {
        if (value >= k_max32) {
            put_number(large, value, 8);
        }
    }
    std::string bytes = "PK\x01\x02";
    put_number(bytes, k_made_by, 2);
    put_number(bytes, entry.is_large || !large.empty() ? k_needs64 : k_needs, 2);
    put_number(bytes, k_utf8_names, 2);
    put_number(bytes, static_cast<std::uint64_t>(entry.method), 2);
    put_number(bytes, k_date, 4);
    put_number(bytes, entry.crc32, 4);
    put_number(bytes, std::min(entry.kept, k_max32), 4);
    put_number(bytes, std::min(entry.size, k_max32), 4);
    put_number(bytes, entry.name.size(), 2);
    put_number(bytes, large.empty() ? 0 : 4 + large.size(), 2);
    put_number(bytes, 0, 2);  // comment
    put_number(bytes, 0, 2);  // disk
    put_number(bytes, 0, 2);  // internal attributes
    put_number(bytes, k_attributes, 4);
    put_number(bytes, std::min(entry.offset, k_max32), 4);
    bytes += entry.name;
    if (!large.empty()) {
        put_number(bytes, 1, 2);
        put_number(bytes, large.size(), 2);
        bytes += large;
    }
    return bytes;
}

std::string ZipWriter::end_records(std::uint64_t directory_size) const {
    const auto end = position();
    const auto offset = end - directory_size;
    const std::uint64_t count = m_entries.size();
    std::string bytes;
    if (count >= k_max16 || offset >= k_max32 || directory_size >= k_max32) {
        bytes = "PK\x06\x06";
        put_number(bytes, 44, 8);  // of this record behind here
        put_number(bytes, k_made_by, 2);
        put_number(bytes, k_needs64, 2);
        put_number(bytes, 0, 8);  // disks
        put_number(bytes, count, 8);
        put_number(bytes, count, 8);
        put_number(bytes, directory_size, 8);
        put_number(bytes, offset, 8);
        bytes += "PK\x06\x07";
        put_number(bytes, 0, 4);
        put_number(bytes, end, 8);
        put_number(bytes, 1, 4);
    }
    bytes += "PK\x05\x06";
    put_number(bytes, 0, 4);  // disks
    put_number(bytes, std::min(count, k_max16), 2);
    put_number(bytes, std::min(count, k_max16), 2);
    put_number(bytes, std::min(directory_size, k_max32), 4);
    put_number(bytes, std::min(offset, k_max32), 4);
    put_number(bytes, 0, 2);  // comment
    return bytes;
}

base::Status ZipWriter::begin(const std::string& name, Method method, std::uint64_t size,
                              std::uint32_t crc32) {
    if (name.size() > k_max16) {
        return base::fail(
            base::ErrorKind::failed,
            fmt::format("{}: {} is too long a path for an archive", m_archive.string(), name));
    }
    m_entries.push_back({.name = name,
                         .offset = position(),
                         .size = size,
                         .kept = method == Method::stored ? size : 0,
                         .crc32 = crc32,
                         .method = method,
                         .is_large = size >= k_large_entry});
    return add(local_header(m_entries.back()));
}

base::Status ZipWriter::add(std::string_view bytes) {
    if (m_buffer.size() + bytes.size() > k_write_at_once) {
        GENEVACTL_CHECK(flush());
    }
    if (bytes.size() < k_write_at_once) {
        m_buffer += bytes;
        return {};
    }
    return append(bytes);
}

base::Status ZipWriter::end() {
    auto& entry = m_entries.back();
    const auto header = local_header(entry).size();
    const auto kept = position() - entry.offset - header;
    if (kept == entry.kept) {
        return {};
    }
    // The header comes again, now with the size that is kept.
    entry.kept = kept;
    if (entry.offset >= m_written) {
        m_buffer.replace(entry.offset - m_written, header, local_header(entry));
        return {};
    }
    if (entry.offset + header > m_written) {
        GENEVACTL_CHECK(flush());
    }
    return write_at(local_header(entry), entry.offset);
}

base::Result<std::uint64_t> ZipWriter::finish() {
    const auto start = position();
    for (const auto& entry : m_entries) {
        GENEVACTL_CHECK(add(directory_entry(entry)));
    }
    GENEVACTL_CHECK(add(end_records(position() - start)));
    GENEVACTL_CHECK(flush());
    if (const auto error = m_file.close(); error != 0) {
        ::unlink(m_archive.c_str());
        return base::file_error("write", m_archive, error);
    }
    return m_written;
}

}  // namespace genevactl::capture
