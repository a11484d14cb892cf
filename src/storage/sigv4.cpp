// SPDX-License-Identifier: Apache-2.0
#include "sigv4.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/hmac.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::storage {

namespace {

std::string_view bytes_of(const base::Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// The headers as signed, a line each, and their names.
struct CanonicalHeaders {
    std::string lines;
    std::string names;
};

CanonicalHeaders canonical_headers(NamesAndValues headers) {
    std::ranges::sort(headers);
    CanonicalHeaders canonical;
    for (const auto& [name, value] : headers) {
        canonical.lines += fmt::format("{}:{}\n", name, base::trim(value));
        canonical.names += (canonical.names.empty() ? "" : ";") + name;
    }
    return canonical;
}

base::Digest signing_key(const AwsKeys& keys, std::string_view day, std::string_view region,
                         std::string_view service) {
    const auto first = fmt::format("AWS4{}", keys.secret_access_key.reveal());
    auto key = base::hmac_sha256(first, day);
    for (const auto part : {region, service, std::string_view("aws4_request")}) {
        key = base::hmac_sha256(bytes_of(key), part);
    }
    return key;
}

}  // namespace

std::string canonical_query(const NamesAndValues& query) {
    NamesAndValues encoded;
    for (const auto& [name, value] : query) {
        encoded.emplace_back(transport::percent_encode(name), transport::percent_encode(value));
    }
    std::ranges::sort(encoded);
    std::string text;
    for (const auto& [name, value] : encoded) {
        text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, value);
    }
    return text;
}

std::string amz_date(base::WallTime time) {
    auto text = base::rfc3339(std::chrono::floor<std::chrono::seconds>(time));
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

base::Secret authorization(const SignedParts& parts, const AwsKeys& keys) {
    const auto date = amz_date(parts.time);
    const auto day = date.substr(0, 8);
    const auto headers = canonical_headers(parts.headers);
    const auto request =
        fmt::format("{}\n{}\n{}\n{}\n{}\n{}", parts.method, parts.path,
                    canonical_query(parts.query), headers.lines, headers.names, parts.payload_hash);
    const auto scope = fmt::format("{}/{}/{}/aws4_request", day, parts.region, parts.service);
    const auto to_sign =
        fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", date, scope, base::sha256_hex(request));
    const auto key = signing_key(keys, day, parts.region, parts.service);
    return base::Secret(fmt::format(
        "AWS4-HMAC-SHA256 Credential={}/{},SignedHeaders={},Signature={}", keys.access_key_id,
        scope, headers.names, base::hex(base::hmac_sha256(bytes_of(key), to_sign))));
}

}  // namespace genevactl::storage
