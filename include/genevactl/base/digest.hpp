// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"

namespace genevactl::base {

/// SHA-256 (FIPS 180-4) of the bytes as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);
/// Standard base64 with padding (RFC 4648 section 4).
std::string base64_encode(std::string_view bytes);
/// The inverse; error kind failed on any character or padding that does not belong.
Result<std::string> base64_decode(std::string_view text);
/// `bytes` random bytes from the kernel as hex digits (two a byte).
std::string random_hex(std::size_t bytes);

}  // namespace genevactl::base
