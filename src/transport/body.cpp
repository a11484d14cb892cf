// SPDX-License-Identifier: Apache-2.0
#include "body.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace genevactl::transport {

base::Status Body::open() {
    if (!m_slice) {
        return {};
    }
    m_file = base::Descriptor(::open(m_slice->path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!m_file.open()) {
        return base::file_error("read", m_slice->path, errno);
    }
    return {};
}

std::size_t Body::read(char* bytes, std::size_t most) {
    const auto wanted = std::min<std::uint64_t>(most, m_slice->length - m_next);
    if (wanted == 0) {
        return 0;
    }
    ssize_t got = -1;
    do {
        got = ::pread(m_file.get(), bytes, wanted, static_cast<off_t>(m_slice->offset + m_next));
    } while (got < 0 && errno == EINTR);
    if (got <= 0) {
        m_error = got < 0 ? errno : 0;
        m_too_short = got == 0;
        return CURL_READFUNC_ABORT;
    }
    m_next += static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
}

std::size_t Body::on_read(char* bytes, std::size_t size, std::size_t count, void* user) {
    return static_cast<Body*>(user)->read(bytes, size * count);
}

int Body::on_seek(void* user, curl_off_t offset, int origin) {
    auto& body = *static_cast<Body*>(user);
    if (origin != SEEK_SET || offset < 0 ||
        static_cast<std::uint64_t>(offset) > body.m_slice->length) {
        return CURL_SEEKFUNC_FAIL;
    }
    body.m_next = static_cast<std::uint64_t>(offset);
    return CURL_SEEKFUNC_OK;
}

std::optional<base::Error> Body::failure() const {
    if (m_error != 0) {
        return base::file_error("read", m_slice->path, m_error).value();
    }
    if (m_too_short) {
        return base::Error{
            .message = fmt::format("{} became shorter while it was sent", m_slice->path.string())};
    }
    return std::nullopt;
}

}  // namespace genevactl::transport
