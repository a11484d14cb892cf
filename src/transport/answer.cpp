// SPDX-License-Identifier: Apache-2.0
#include "answer.hpp"

#include <algorithm>
#include <charconv>
#include <new>

#include "genevactl/base/text.hpp"

namespace genevactl::transport {

namespace {

// Below libcurl's own limit (300 KiB), which it calls a broken connection.
constexpr std::size_t k_header_limit = std::size_t{256} << 10U;
constexpr std::size_t k_stop = 0;  // fewer than it was given: libcurl ends the transfer

}  // namespace

std::size_t Answer::on_body(char* bytes, std::size_t size, std::size_t count, void* user) {
    const std::string_view part(bytes, size * count);
    return static_cast<Answer*>(user)->add_body(part) ? part.size() : k_stop;
}

std::size_t Answer::on_header(char* bytes, std::size_t size, std::size_t count, void* user) {
    const std::string_view line(bytes, size * count);
    return static_cast<Answer*>(user)->add_header(line) ? line.size() : k_stop;
}

bool Answer::add_body(std::string_view bytes) {
    m_too_large = bytes.size() > m_body_limit - m_body.size();
    if (m_too_large) {
        return false;
    }
    try {
        if (m_body.empty()) {
            m_body.reserve(std::min(m_announced, m_body_limit));
        }
        m_body.append(bytes);
    } catch (const std::bad_alloc&) {
        m_too_large = true;
    }
    return !m_too_large;
}

bool Answer::add_header(std::string_view line) {
    m_started = true;
    m_header_bytes += line.size();
    m_too_large = m_header_bytes > k_header_limit;
    if (m_too_large) {
        return false;
    }
    if (base::starts_with(line, "HTTP/")) {
        m_headers.clear();  // an interim answer (100 Continue) came before
        return true;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !m_body.empty()) {
        return true;  // the empty line at the end, or a trailer
    }
    const auto value = base::trim(line.substr(colon + 1));
    try {
        const auto& name = m_headers.emplace_back(base::trim(line.substr(0, colon)), value).first;
        if (base::lower(name) == "content-length") {
            std::from_chars(value.data(), value.data() + value.size(), m_announced);
        }
    } catch (const std::bad_alloc&) {
        m_too_large = true;
    }
    return !m_too_large;
}

}  // namespace genevactl::transport
