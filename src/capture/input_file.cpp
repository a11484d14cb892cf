// SPDX-License-Identifier: Apache-2.0
#include "input_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace genevactl::capture {

namespace {

tl::unexpected<base::Error> unreadable(const File& file, int number) {
    auto error = base::file_error("read", file.source, number).value();
    error.kind = base::ErrorKind::failed;
    error.hint = "make it readable, or leave it out with --exclude";
    return base::fail(std::move(error));
}

}  // namespace

tl::unexpected<base::Error> changed_meanwhile(const File& file) {
    return base::fail(base::ErrorKind::failed,
                      fmt::format("{} changed while it was captured", file.source),
                      "capture again when nothing writes to it, or leave it out with --exclude");
}

base::Result<InputFile> InputFile::open(const File& file) {
    base::Descriptor descriptor(::open(file.source.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (!descriptor.open() || ::fstat(descriptor.get(), &status) != 0) {
        return unreadable(file, errno);
    }
    if (status.st_ino != file.identity.inode || status.st_dev != file.identity.device ||
        static_cast<std::uint64_t>(status.st_size) != file.identity.size) {
        return changed_meanwhile(file);
    }
    return InputFile(std::move(descriptor), file);
}

base::Result<std::string_view> InputFile::read_at(std::uint64_t offset,
                                                  std::span<char> buffer) const {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        const auto got = ::pread(m_descriptor.get(), buffer.data() + filled, buffer.size() - filled,
                                 static_cast<off_t>(offset + filled));
        if (got < 0 && errno != EINTR) {
            return unreadable(*m_file, errno);
        }
        if (got == 0) {
            break;
        }
        filled += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    return std::string_view(buffer.data(), filled);
}

}  // namespace genevactl::capture
