// SPDX-License-Identifier: Apache-2.0
#include "slice.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "genevactl/base/descriptor.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::storage {

base::Status read_slice(const transport::FileSlice& slice,
                        const std::function<void(std::string_view)>& take) {
    constexpr std::size_t k_buffer = std::size_t{256} << 10U;  // bytes
    const base::Descriptor file(::open(slice.path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.open()) {
        return base::file_error("read", slice.path, errno);
    }
    std::string buffer(k_buffer, '\0');
    for (std::uint64_t done = 0; done < slice.length;) {
        const auto wanted = std::min<std::uint64_t>(buffer.size(), slice.length - done);
        const auto got =
            ::pread(file.get(), buffer.data(), wanted, static_cast<off_t>(slice.offset + done));
        if (got < 0 && errno != EINTR) {
            return base::file_error("read", slice.path, errno);
        }
        if (got == 0) {
            return base::fail(
                base::ErrorKind::failed,
                fmt::format("{} became shorter while it was read", slice.path.string()));
        }
        const auto count = got > 0 ? static_cast<std::size_t>(got) : 0;
        take(std::string_view(buffer).substr(0, count));
        done += count;
    }
    return {};
}

base::Result<base::Digest> sha256_of(const transport::FileSlice& slice) {
    base::Sha256 sha;
    GENEVACTL_CHECK(read_slice(slice, [&](std::string_view bytes) { sha.add(bytes); }));
    return sha.finish();
}

base::Result<std::uint64_t> size_of_file(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) {
        return base::file_error("read", path, error.value());
    }
    return size;
}

std::string base64_of(const base::Digest& digest) {
    return base::base64_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::vector<transport::FileSlice> slices_of(const std::filesystem::path& path, std::uint64_t size,
                                            std::uint64_t part) {
    std::vector<transport::FileSlice> slices;
    for (std::uint64_t offset = 0; offset < size; offset += part) {
        slices.push_back({path, offset, std::min(part, size - offset)});
    }
    return slices;
}

}  // namespace genevactl::storage
