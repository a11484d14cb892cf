// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>

#include "genevactl/base/descriptor.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::base {

tl::unexpected<Error> file_error(std::string_view what, const std::filesystem::path& path,
                                 int number) {
    const auto kind =
        number == ENOENT || number == ENOTDIR ? ErrorKind::not_found : ErrorKind::failed;
    return fail(kind, fmt::format("cannot {} {}: {}", what, path.string(), reason(number)));
}

namespace {

Result<Descriptor> open_to_read(const std::filesystem::path& path, struct stat& status) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.open() || ::fstat(file.get(), &status) != 0) {
        return file_error("read", path, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return file_error("read", path, EISDIR);
    }
    return file;
}

Result<std::string> read_all(const Descriptor& file, const struct stat& status,
                             const std::filesystem::path& path, std::size_t limit) {
    const auto too_large = [&] {
        return fail(ErrorKind::failed, fmt::format("cannot read {}: it is larger than {} bytes",
                                                   path.string(), limit));
    };
    std::string content;
    if (S_ISREG(status.st_mode)) {
        const auto size = static_cast<std::size_t>(status.st_size);
        if (size > limit) {
            return too_large();
        }
        content.reserve(size);
    }
    std::array<char, 65536> buffer{};
    while (true) {
        const auto got = ::read(file.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return file_error("read", path, errno);
        }
        if (got == 0) {
            return content;
        }
        content.append(buffer.data(), static_cast<std::size_t>(got));
        if (content.size() > limit) {
            return too_large();
        }
    }
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
    struct stat status {};
    GENEVACTL_TRY(const auto file, open_to_read(path, status));
    return read_all(file, status, path, limit);
}

Result<std::string> read_private_file(const std::filesystem::path& path) {
    struct stat status {};
    GENEVACTL_TRY(const auto file, open_to_read(path, status));
    if (status.st_uid != ::geteuid()) {
        return fail(ErrorKind::refused,
                    fmt::format("{} holds a secret and belongs to someone else", path.string()),
                    "use a file of your own");
    }
    if ((status.st_mode & 077U) != 0) {
        return fail(ErrorKind::refused,
                    fmt::format("{} holds a secret and others can read it (its mode is {:04o})",
                                path.string(), status.st_mode & 07777U),
                    fmt::format("chmod 600 {}, and replace the secret if others may have seen it",
                                shell_quote(path.string())));
    }
    return read_all(file, status, path, std::size_t{1} << 20U);
}

}  // namespace genevactl::base
