// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/hmac.hpp"

#include <new>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace genevactl::base {

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
    Digest digest{};
    unsigned int size = 0;
    const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
    const auto* const made = ::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data,
                                    bytes.size(), digest.data(), &size);
    if (made == nullptr || size != digest.size()) {
        throw std::bad_alloc();  // the only way it fails: SHA-256 is always there
    }
    return digest;
}

}  // namespace genevactl::base
