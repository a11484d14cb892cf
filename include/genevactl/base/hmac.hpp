// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "genevactl/base/digest.hpp"

namespace genevactl::base {

/// HMAC-SHA256 (RFC 2104).
Digest hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace genevactl::base
