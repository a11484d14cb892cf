// SPDX-License-Identifier: Apache-2.0
#include "url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "genevactl/base/secret.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::transport {

namespace {

constexpr std::string_view k_letters_digits =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

tl::unexpected<base::Error> bad_url(std::string_view text, std::string_view why) {
    return base::fail(base::ErrorKind::usage,
                      fmt::format("'{}' is no URL that genevactl can use: {}",
                                  base::printable(base::redact_url(text)), why),
                      "write it as https://HOST or http://127.0.0.1:PORT");
}

bool consists_of(std::string_view text, std::string_view more) {
    return std::all_of(text.begin(), text.end(), [more](char c) {
        return k_letters_digits.find(c) != std::string_view::npos ||
               more.find(c) != std::string_view::npos;
    });
}

/// 127.0.0.0/8 in the one form that every reader understands: four decimal numbers without leading
/// zeros (elsewhere "010" is eight).
bool is_loopback_v4(std::string_view host) {
    const auto parts = base::split(host, '.');
    if (parts.size() != 4 || parts.front() != "127") {
        return false;
    }
    return std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
        int value = -1;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        return error == std::errc() && end == part.data() + part.size() && value >= 0 &&
               value <= 255 && std::to_string(value) == part;
    });
}

base::Status read_port(std::string_view port, std::string_view text, Url& url) {
    if (port.empty()) {
        return {};
    }
    int value = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), value);
    if (error != std::errc() || end != port.data() + port.size() || value < 1 || value > 65535) {
        return bad_url(text, "its port is no number from 1 to 65535");
    }
    url.port = value;
    return {};
}

/// "host", "host:port", "[address]" or "[address]:port".
base::Status read_authority(std::string_view authority, std::string_view text, Url& url) {
    std::string_view host = authority.substr(0, authority.find(':'));
    std::string_view rest = authority.substr(host.size());
    if (base::starts_with(authority, "[")) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos) {
            return bad_url(text, "its address has no closing bracket");
        }
        host = authority.substr(1, end - 1);
        rest = authority.substr(end + 1);
        if (host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) {
            return bad_url(text, "its address is no IPv6 address");
        }
    } else if (!consists_of(host, ".-_")) {
        return bad_url(text, "its host has characters that do not belong there");
    }
    if (host.empty()) {
        return bad_url(text, "it has no host");
    }
    if (!rest.empty() && rest.front() != ':') {
        return bad_url(text, "its host has characters that do not belong there");
    }
    url.host = base::lower(host);
    return read_port(rest.empty() ? rest : rest.substr(1), text, url);
}

}  // namespace

bool Url::is_loopback() const {
    return host == "localhost" || host == "::1" || is_loopback_v4(host);
}

bool Url::same_origin(const Url& other) const {
    return secure == other.secure && host == other.host && port == other.port;
}

std::string Url::origin() const {
    const bool is_v6 = host.find(':') != std::string::npos;
    auto result =
        fmt::format("{}://{}", secure ? "https" : "http", is_v6 ? fmt::format("[{}]", host) : host);
    if (port != (secure ? 443 : 80)) {
        result += fmt::format(":{}", port);
    }
    return result;
}

base::Result<Url> parse_url(std::string_view text) {
    for (const char c : text) {
        if (c <= ' ' || c > '~' || c == '\\') {
            return bad_url(text, "it holds a space, a backslash or a letter beyond ASCII");
        }
    }
    const auto mark = text.find("://");
    const auto scheme = base::lower(text.substr(0, mark == std::string_view::npos ? 0 : mark));
    if (scheme != "http" && scheme != "https") {
        return bad_url(text, "it does not begin with https:// or http://");
    }
    Url url;
    url.secure = scheme == "https";
    url.port = url.secure ? 443 : 80;
    url.text = text.substr(0, text.find('#'));
    const auto rest = text.substr(mark + 3);
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    if (authority.find('@') != std::string_view::npos) {
        return bad_url(text, "it holds a user name or a password");
    }
    GENEVACTL_CHECK(read_authority(authority, text, url));
    return url;
}

std::string percent_encode(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (k_letters_digits.find(c) != std::string_view::npos ||
            std::string_view("-._~").find(c) != std::string_view::npos) {
            result += c;
        } else {
            result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return result;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string bytes;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            bytes += text[at];
            continue;
        }
        const auto digits = text.substr(at + 1, 2);
        if (digits.size() != 2 ||
            digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) {
            return std::nullopt;
        }
        bytes += static_cast<char>(std::stoi(std::string(digits), nullptr, 16));
        at += 2;
    }
    return bytes;
}

bool is_loopback(std::string_view url) {
    const auto parsed = parse_url(url);
    return parsed && parsed->is_loopback();
}

}  // namespace genevactl::transport
