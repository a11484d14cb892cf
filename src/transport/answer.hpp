// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "genevactl/transport/transport.hpp"

namespace genevactl::transport {

/// Collects an answer as libcurl hands it over, up to the limits. The callbacks never throw: an
/// exception must not pass through libcurl.
class Answer {
public:
    explicit Answer(std::size_t body_limit) : m_body_limit(body_limit) {}

    /// For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION; `user` is the Answer.
    static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* user);
    static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* user);

    bool too_large() const { return m_too_large; }
    bool started() const { return m_started; }
    std::size_t received() const { return m_body.size(); }
    Headers take_headers() { return std::move(m_headers); }
    std::string take_body() { return std::move(m_body); }

private:
    bool add_body(std::string_view bytes);
    bool add_header(std::string_view line);

    std::size_t m_body_limit;
    std::size_t m_header_bytes = 0;
    std::size_t m_announced = 0;  ///< Content-Length: what to make room for, and no more than that
    bool m_started = false;
    bool m_too_large = false;
    Headers m_headers;
    std::string m_body;
};

}  // namespace genevactl::transport
