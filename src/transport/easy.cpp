// SPDX-License-Identifier: Apache-2.0
#include "easy.hpp"

#include <fmt/format.h>

namespace genevactl::transport {

base::Status HeaderList::append(const std::string& line) {
    curl_slist* longer = m_curl.slist_append(m_list, line.c_str());
    if (longer == nullptr) {
        return base::fail(base::ErrorKind::failed, "out of memory");
    }
    m_list = longer;
    return {};
}

base::Status Easy::check() const {
    if (m_code == CURLE_OK) {
        return {};
    }
    return base::fail(base::ErrorKind::internal,
                      fmt::format("libcurl refused option {}: {}", static_cast<int>(m_option),
                                  m_curl.easy_strerror(m_code)));
}

}  // namespace genevactl::transport
