// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "genevactl/base/descriptor.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::base {

namespace {

namespace fs = std::filesystem;

/// Makes a folder and its parents, each 0700 (as the XDG specification wants); 0 or an errno.
int make_directories(const fs::path& path) {
    if (path.empty() || ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) {
        return 0;
    }
    if (errno != ENOENT || !path.has_parent_path() || path.parent_path() == path) {
        return errno;
    }
    if (const int error = make_directories(path.parent_path()); error != 0) {
        return error;
    }
    return ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST ? 0 : errno;
}

Status refused(const fs::path& path, std::string_view why, std::string hint) {
    return fail(ErrorKind::refused, fmt::format("{} is not private: {}", path.string(), why),
                std::move(hint));
}

}  // namespace

Status create_private_directory(const fs::path& given) {
    const auto path = given.has_filename() ? given : given.parent_path();  // "a/" is "a"
    if (const int error = make_directories(path); error != 0) {
        return file_error("make the folder", path, error);
    }
    struct stat link {};
    struct stat status {};
    if (::lstat(path.c_str(), &link) != 0 || ::stat(path.c_str(), &status) != 0) {
        return file_error("look at", path, errno);
    }
    if (!S_ISDIR(status.st_mode)) {
        return file_error("use the folder", path, ENOTDIR);
    }
    // A link of somebody else's could point at a folder of ours.
    if (link.st_uid != ::geteuid() || status.st_uid != ::geteuid()) {
        return refused(path, "it belongs to someone else", "name a folder of your own");
    }
    if ((status.st_mode & 077U) != 0) {
        return refused(
            path, fmt::format("others may enter it (its mode is {:04o})", status.st_mode & 07777U),
            fmt::format("chmod 700 {}", shell_quote(path.string())));
    }
    return {};
}

Result<TemporaryDirectory> TemporaryDirectory::create(std::string_view prefix) {
    std::error_code error;
    const auto base = fs::temp_directory_path(error);
    if (error) {
        return fail(ErrorKind::failed,
                    fmt::format("there is no temporary directory: {}", error.message()),
                    "set TMPDIR to a folder that you may write to");
    }
    auto name = (base / fmt::format("{}XXXXXX", prefix)).string();
    if (::mkdtemp(name.data()) == nullptr) {
        return file_error("make a temporary folder in", base, errno);
    }
    return TemporaryDirectory(name);
}

TemporaryDirectory::TemporaryDirectory(TemporaryDirectory&& other) noexcept
    : m_path(std::move(other.m_path)) {
    other.m_path.clear();
}

TemporaryDirectory& TemporaryDirectory::operator=(TemporaryDirectory&& other) noexcept {
    m_path.swap(other.m_path);
    return *this;
}

TemporaryDirectory::~TemporaryDirectory() {
    if (!m_path.empty()) {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
}

}  // namespace genevactl::base
