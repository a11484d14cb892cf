// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::storage {

/// MD5 (RFC 1321), by which stores verify what was sent to them; it protects against accidents
/// only.
class Md5 {
public:
    Md5();
    Md5(const Md5&) = delete;
    Md5& operator=(const Md5&) = delete;
    ~Md5();

    void add(std::string_view bytes);
    /// The 16 bytes of the digest of all that was added; begins anew.
    std::string finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The MD5 of a slice of a file in base64, as in Content-MD5 (RFC 1864).
base::Result<std::string> md5_of(const transport::FileSlice& slice);

}  // namespace genevactl::storage
