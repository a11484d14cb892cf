// SPDX-License-Identifier: Apache-2.0
#include "md5.hpp"

#include <new>

#include <openssl/evp.h>

#include "genevactl/base/digest.hpp"
#include "genevactl/base/try.hpp"
#include "slice.hpp"

namespace genevactl::storage {

struct Md5::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MD_CTX_free(context); }
    void check(bool done) const {
        if (context == nullptr || !done) {
            throw std::bad_alloc();
        }
    }
    void begin() { check(EVP_DigestInit_ex(context, EVP_md5(), nullptr) == 1); }
};

Md5::Md5() : m_state(std::make_unique<State>()) {
    m_state->begin();
}
Md5::~Md5() = default;

void Md5::add(std::string_view bytes) {
    m_state->check(EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size()) == 1);
}

std::string Md5::finish() {
    std::string digest(16, '\0');
    unsigned int length = 0;
    m_state->check(EVP_DigestFinal_ex(m_state->context,
                                      reinterpret_cast<unsigned char*>(digest.data()),
                                      &length) == 1);
    m_state->begin();
    return digest;
}

base::Result<std::string> md5_of(const transport::FileSlice& slice) {
    Md5 md5;
    GENEVACTL_CHECK(read_slice(slice, [&](std::string_view bytes) { md5.add(bytes); }));
    return base::base64_encode(md5.finish());
}

}  // namespace genevactl::storage
