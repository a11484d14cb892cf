// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"

namespace genevactl::transport {

/// The parts of a URL that decide where a request goes.
struct Url {
    bool secure = false;  ///< https
    std::string host;     ///< lower case, an IPv6 address without its brackets
    int port = 0;         ///< 80 or 443 if none is given
    std::string text;     ///< the whole URL as it is sent, the fragment cut off

    bool is_loopback() const;
    bool same_origin(const Url& other) const;  ///< RFC 6454 section 4
    /// "https://host:8443", without a port that is the scheme's own.
    std::string origin() const;
};

/// Reads an http or https URL. Stricter than RFC 3986, so that no two readers (this one, libcurl, a
/// proxy) can see different hosts in one text: no user or password, no backslash, no spaces, only
/// ASCII, hosts of letters, digits, dots, dashes and underscores or a bracketed IPv6 address. Error
/// kind usage, without what may be a password.
base::Result<Url> parse_url(std::string_view text);

}  // namespace genevactl::transport
