// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "curl_library.hpp"
#include "genevactl/base/error.hpp"
#include "url.hpp"

namespace genevactl::transport {

/// Where a Location header of an answer from `from` points at (RFC 3986 section 5, by libcurl);
/// error kind failed if that is no http or https URL.
base::Result<Url> resolve_location(const CurlLibrary& curl, const Url& from,
                                   const std::string& location);

}  // namespace genevactl::transport
