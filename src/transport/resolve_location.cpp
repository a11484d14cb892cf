// SPDX-License-Identifier: Apache-2.0
#include "resolve_location.hpp"

#include <fmt/format.h>

#include <memory>

#include "genevactl/base/secret.hpp"
#include "genevactl/base/text.hpp"

namespace genevactl::transport {

base::Result<Url> resolve_location(const CurlLibrary& curl, const Url& from,
                                   const std::string& location) {
    const std::unique_ptr<CURLU, decltype(curl.url_cleanup)> handle(curl.url(), curl.url_cleanup);
    char* text = nullptr;
    const bool resolved =
        handle && curl.url_set(handle.get(), CURLUPART_URL, from.text.c_str(), 0) == CURLUE_OK &&
        curl.url_set(handle.get(), CURLUPART_URL, location.c_str(), CURLU_URLENCODE) == CURLUE_OK &&
        curl.url_get(handle.get(), CURLUPART_URL, &text, 0) == CURLUE_OK;
    const std::unique_ptr<char, decltype(curl.free)> owner(text, curl.free);
    if (resolved) {
        if (auto url = parse_url(text)) {
            return url;
        }
    }
    return base::fail(base::ErrorKind::failed,
                      fmt::format("{} redirects to '{}', which is no http or https URL",
                                  from.origin(), base::printable(base::redact_url(location))));
}

}  // namespace genevactl::transport
