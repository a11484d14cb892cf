// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "genevactl/base/descriptor.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::base {

namespace {

namespace fs = std::filesystem;

/// 0 or an errno.
int write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return errno;
        }
        bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return 0;
}

/// The file that a chain of symbolic links ends at (which need not exist), so that a link in a
/// user's folder of settings stays a link.
Result<fs::path> follow_links(fs::path path) {
    constexpr int k_longest_chain = 40;  // as in the kernel
    for (int i = 0; i < k_longest_chain; ++i) {
        std::error_code error;
        const auto target = fs::read_symlink(path, error);
        if (error) {
            return path;
        }
        path = target.is_absolute() ? target : path.parent_path() / target;
    }
    return file_error("write", path, ELOOP);
}

/// A pipe, a terminal, /dev/null: written in place, because a rename would replace the device.
bool is_written_in_place(const fs::path& path) {
    const auto text = path.lexically_normal().string();
    if (starts_with(text, "/proc/") || starts_with(text, "/dev/fd/") || text == "/dev/stdout" ||
        text == "/dev/stderr") {
        return true;
    }
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

Status write_in_place(const fs::path& path, std::string_view bytes) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    if (!file.open()) {
        return file_error("write", path, errno);
    }
    int error = write_all(file.get(), bytes);
    const int close_error = file.close();
    error = error != 0 ? error : close_error;
    return error == 0 ? Status() : file_error("write", path, error);
}

/// Writes, flushes and closes; 0 or an errno.
int fill(Descriptor file, std::string_view bytes) {
    if (const int error = write_all(file.get(), bytes); error != 0) {
        return error;
    }
    if (::fsync(file.get()) != 0) {
        return errno;
    }
    return file.close();
}

/// A new file never shows more to others than the one it replaces.
unsigned permissions(const fs::path& path, unsigned mode) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? mode & status.st_mode & 07777U : mode;
}

void flush_directory(const fs::path& path) {
    const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.open()) {
        // Not every file system can, and the rename is atomic all the same.
        [[maybe_unused]] const int ignored = ::fsync(directory.get());
    }
}

}  // namespace

Status write_atomic(const fs::path& path, std::string_view bytes, unsigned mode) {
    if (is_written_in_place(path)) {
        return write_in_place(path, bytes);
    }
    GENEVACTL_TRY(const auto target, follow_links(path));
    const auto folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    const auto temporary = folder / fmt::format(".genevactl-{}.tmp", random_hex(8));
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                           permissions(target, mode)));
    if (!file.open()) {
        const int error = errno;
        auto result = file_error("write", path, error);
        result.value().kind = ErrorKind::failed;
        result.value().hint = error == ENOENT ? "the folder must be there first" : "";
        return result;
    }
    int error = fill(std::move(file), bytes);
    if (error == 0 && ::rename(temporary.c_str(), target.c_str()) != 0) {
        error = errno;
    }
    if (error != 0) {
        ::unlink(temporary.c_str());
        return file_error("write", path, error);
    }
    flush_directory(folder);
    return {};
}

}  // namespace genevactl::base
