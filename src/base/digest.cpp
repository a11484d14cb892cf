// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/digest.hpp"

#include <openssl/evp.h>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <span>
#include <system_error>

namespace genevactl::base {

namespace {

constexpr std::string_view k_hex_digits = "0123456789abcdef";
constexpr std::string_view k_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string hex_of(std::span<const unsigned char> bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += k_hex_digits[byte >> 4U];
        text += k_hex_digits[byte & 15U];
    }
    return text;
}

tl::unexpected<Error> no_base64() {
    return fail(ErrorKind::failed, "the text is not base64 (RFC 4648)");
}

}  // namespace

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MD_CTX_free(context); }
    void check(bool done) const {
        if (context == nullptr || !done) {
            throw std::bad_alloc();  // the only way it fails: SHA-256 is always there
        }
    }
    void begin() { check(EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1); }
};

Sha256::Sha256() : m_state(std::make_unique<State>()) {
    m_state->begin();
}
Sha256::Sha256(Sha256&& other) noexcept = default;
Sha256& Sha256::operator=(Sha256&& other) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
    m_state->check(EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size()) == 1);
}

Digest Sha256::finish() {
    Digest digest{};
    unsigned int length = 0;
    m_state->check(EVP_DigestFinal_ex(m_state->context, digest.data(), &length) == 1);
    m_state->begin();
    return digest;
}

std::string hex(const Digest& digest) {
    return hex_of(digest);
}

std::string sha256_hex(std::string_view bytes) {
    Sha256 sha256;
    sha256.add(bytes);
    return hex(sha256.finish());
}

std::string base64_encode(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto have = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = group << 8U | (i < have ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            text += i <= have ? k_alphabet[group >> (18U - 6U * i) & 63U] : '=';
        }
    }
    return text;
}

Result<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) {
        return no_base64();
    }
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t at = 0; at < text.size(); at += 4) {
        auto quad = text.substr(at, 4);
        const bool last = at + 4 == text.size();
        while (last && quad.size() > 2 && quad.back() == '=') {
            quad.remove_suffix(1);
        }
        std::uint32_t group = 0;
        for (const char c : quad) {
            const auto value = k_alphabet.find(c);
            if (value == std::string_view::npos) {
                return no_base64();
            }
            group = group << 6U | static_cast<std::uint32_t>(value);
        }
        group <<= 6U * (4 - quad.size());
        const auto count = quad.size() - 1;
        if ((group & ((1U << (8U * (3 - count))) - 1U)) != 0) {
            return no_base64();  // bits beyond the last byte: two texts would mean one thing
        }
        for (std::size_t i = 0; i < std::min<std::size_t>(count, 3); ++i) {
            bytes += static_cast<char>(group >> (16U - 8U * i) & 255U);
        }
    }
    return bytes;
}

std::string random_hex(std::size_t bytes) {
    std::string buffer(bytes, '\0');
    std::size_t filled = 0;
    while (filled < bytes) {
        const auto got = ::getrandom(buffer.data() + filled, bytes - filled, 0);
        if (got < 0 && errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "getrandom");
        }
        filled += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    return hex_of({reinterpret_cast<const unsigned char*>(buffer.data()), buffer.size()});
}

}  // namespace genevactl::base
