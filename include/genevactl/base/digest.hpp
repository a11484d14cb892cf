// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"

namespace genevactl::base {

/// A SHA-256 digest (FIPS 180-4).
using Digest = std::array<unsigned char, 32>;

/// SHA-256 of bytes that come piece by piece.
class Sha256 {
public:
    Sha256();
    Sha256(Sha256&& other) noexcept;
    Sha256& operator=(Sha256&& other) noexcept;
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    ~Sha256();

    void add(std::string_view bytes);
    /// The digest of all that was added; begins anew.
    Digest finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// 64 lower-case hex digits.
std::string hex(const Digest& digest);
/// SHA-256 of the bytes as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);
/// Standard base64 with padding (RFC 4648 section 4).
std::string base64_encode(std::string_view bytes);
/// The inverse; error kind failed on any character or padding that does not belong.
Result<std::string> base64_decode(std::string_view text);
/// `bytes` random bytes from the kernel as hex digits (two a byte).
std::string random_hex(std::size_t bytes);

}  // namespace genevactl::base
