// SPDX-License-Identifier: Apache-2.0
#include "upload_record.hpp"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "genevactl/base/digest.hpp"
#include "genevactl/base/files.hpp"

namespace genevactl::storage {

namespace {

/// Is the locked file still the one of that name? Another process may have removed it meanwhile.
bool is_still_there(const base::Descriptor& file, const std::filesystem::path& path) {
    struct stat mine {};
    struct stat named {};
    return ::fstat(file.get(), &mine) == 0 && ::stat(path.c_str(), &named) == 0 &&
           mine.st_ino == named.st_ino && mine.st_dev == named.st_dev;
}

}  // namespace

std::optional<UploadRecord> UploadRecord::open(const std::filesystem::path& folder,
                                               std::string_view uri) {
    if (folder.empty() || !base::create_private_directory(folder)) {
        return std::nullopt;
    }
    const auto path = folder / base::sha256_hex(uri);
    base::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.open() || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0 ||
        !is_still_there(file, path)) {
        return std::nullopt;
    }
    return UploadRecord(std::move(file), path);
}

std::string UploadRecord::text() const {
    std::array<char, 4096> bytes{};
    const auto got = ::pread(m_file.get(), bytes.data(), bytes.size(), 0);
    return {bytes.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

base::Status UploadRecord::write(std::string_view text) {
    if (::ftruncate(m_file.get(), 0) != 0 ||
        ::pwrite(m_file.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
        return base::file_error("write", m_path, errno);
    }
    return {};
}

void UploadRecord::remove() {
    ::unlink(m_path.c_str());
    m_file.close();
}

}  // namespace genevactl::storage
