// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

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
    std::size_t expected = 0;
    if (S_ISREG(status.st_mode)) {
        expected = static_cast<std::size_t>(status.st_size);
        if (expected > limit) {
            return too_large();
        }
    }
    constexpr std::size_t k_least = 4096;
    std::string content(std::max(expected + 1, k_least), '\0');  // one more, to see the end
    std::size_t filled = 0;
    while (true) {
        const auto got = ::read(file.get(), content.data() + filled, content.size() - filled);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return file_error("read", path, errno);
        }
        if (got == 0) {
            content.resize(filled);
            return content;
        }
        filled += static_cast<std::size_t>(got);
        if (filled > limit) {
            return too_large();
        }
        if (filled == content.size()) {
            content.resize(2 * filled);
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
