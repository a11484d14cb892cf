// SPDX-License-Identifier: Apache-2.0
#include "zip_writer.hpp"

#include <minizip/zip.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "genevactl/base/descriptor.hpp"

namespace genevactl::capture {

namespace {

constexpr std::size_t k_buffer = std::size_t{256} << 10U;              // bytes
constexpr std::uint64_t k_zip64_from = (std::uint64_t{1} << 32U) - 1;  // bytes of a file
constexpr uLong k_date = 0x00210000;                                   // 1980-01-01 00:00, MS-DOS
constexpr uLong k_attributes = 0100644UL << 16U;                       // a regular file
constexpr uLong k_made_by = 3UL << 8U | 20;                            // Unix, version 2.0
constexpr uLong k_utf8_names = 1UL << 11U;

// minizip's own functions neither flush to the disk nor tell whether closing went well.
void* open_file(void*, const void* path, int) {
    auto* file = std::fopen(static_cast<const char*>(path), "wbxe");
    if (file != nullptr) {
        std::setvbuf(file, nullptr, _IOFBF, k_buffer);
    }
    return file;
}

int close_file(void*, void* stream) {
    auto* file = static_cast<std::FILE*>(stream);
    const bool flushed =
        std::fflush(file) == 0 && std::ferror(file) == 0 && ::fsync(::fileno(file)) == 0;
    return std::fclose(file) == 0 && flushed ? 0 : -1;
}

zlib_filefunc64_def file_functions() {
    zlib_filefunc64_def functions{};
    fill_fopen64_filefunc(&functions);
    functions.zopen64_file = open_file;
    functions.zclose_file = close_file;
    return functions;
}

}  // namespace

base::Result<ZipWriter> ZipWriter::create(const std::filesystem::path& archive) {
    auto functions = file_functions();
    auto* zip = ::zipOpen2_64(archive.c_str(), APPEND_STATUS_CREATE, nullptr, &functions);
    if (zip == nullptr) {
        return base::file_error("write", archive, errno);
    }
    return ZipWriter(archive, zip);
}

ZipWriter::ZipWriter(ZipWriter&& other) noexcept
    : m_archive(std::move(other.m_archive)),
      m_zip(std::exchange(other.m_zip, nullptr)),
      m_is_whole(std::exchange(other.m_is_whole, true)) {}

ZipWriter::~ZipWriter() {
    if (m_zip != nullptr) {
        ::zipClose(m_zip, nullptr);
    }
    if (!m_is_whole) {
        ::unlink(m_archive.c_str());
    }
}

base::Status ZipWriter::check(int status) const {
    if (status == ZIP_OK) {
        return {};
    }
    return base::file_error("write", m_archive, errno != 0 ? errno : EIO);
}

base::Status ZipWriter::begin(const std::string& name, Method method, std::uint64_t size) {
    zip_fileinfo info{};
    info.dosDate = k_date;
    info.external_fa = k_attributes;
    constexpr int k_level = 6;  // no more than a mark in the header: the bytes come ready-made
    errno = 0;
    return check(::zipOpenNewFileInZip4_64(
        m_zip, name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr, static_cast<int>(method),
        k_level, 1, -MAX_WBITS, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY, nullptr, 0, k_made_by,
        k_utf8_names, size >= k_zip64_from ? 1 : 0));
}

base::Status ZipWriter::add(std::string_view bytes) {
    errno = 0;
    return check(::zipWriteInFileInZip(m_zip, bytes.data(), static_cast<unsigned>(bytes.size())));
}

base::Status ZipWriter::end(std::uint64_t size, std::uint32_t crc32) {
    errno = 0;
    return check(::zipCloseFileInZipRaw64(m_zip, size, crc32));
}

base::Result<std::uint64_t> ZipWriter::finish() {
    errno = 0;
    if (auto closed = check(::zipClose(std::exchange(m_zip, nullptr), nullptr)); !closed) {
        return base::fail(std::move(closed).error());
    }
    struct stat status {};
    if (::stat(m_archive.c_str(), &status) != 0) {
        return base::file_error("write", m_archive, errno);
    }
    m_is_whole = true;
    return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace genevactl::capture
