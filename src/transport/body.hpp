// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include <curl/curl.h>

#include "genevactl/base/descriptor.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::transport {

/// The slice of a file that is the body of one attempt, read as libcurl asks for it. The callbacks
/// never throw.
class Body {
public:
    explicit Body(const std::optional<FileSlice>& slice) : m_slice(slice) {}

    /// Opens the file, if the body is one.
    base::Status open();
    /// For CURLOPT_READFUNCTION and CURLOPT_SEEKFUNCTION; `user` is the Body.
    static std::size_t on_read(char* bytes, std::size_t size, std::size_t count, void* user);
    static int on_seek(void* user, curl_off_t offset, int origin);

    /// Why the file could not be read, if it could not.
    std::optional<base::Error> failure() const;

private:
    std::size_t read(char* bytes, std::size_t most);

    const std::optional<FileSlice>& m_slice;
    base::Descriptor m_file;
    std::uint64_t m_next = 0;  ///< relative to the slice
    int m_error = 0;           ///< an errno
    bool m_too_short = false;
};

}  // namespace genevactl::transport
