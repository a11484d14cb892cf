// SPDX-License-Identifier: Apache-2.0
#include "place.hpp"

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::storage {

namespace {

std::string_view without_slashes(std::string_view text) {
    while (text.starts_with('/')) {
        text.remove_prefix(1);
    }
    while (text.ends_with('/')) {
        text.remove_suffix(1);
    }
    return text;
}

}  // namespace

std::string Place::key_of(std::string_view key) const {
    return prefix.empty() ? std::string(key) : fmt::format("{}/{}", prefix, key);
}

std::string Place::uri_of(std::string_view key) const {
    return fmt::format("{}://{}/{}", scheme, bucket,
                       key.empty() ? std::string_view(prefix) : std::string_view(key_of(key)));
}

base::Result<Place> parse_place(std::string_view location) {
    const auto mark = location.find("://");
    if (mark == std::string_view::npos) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("{}: no place in a bucket", base::printable(location)));
    }
    const auto rest = location.substr(mark + 3);
    const auto bucket = rest.substr(0, rest.find('/'));
    if (bucket.empty()) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("{}: it names no bucket", base::printable(location)));
    }
    return Place{base::lower(location.substr(0, mark)), std::string(bucket),
                 std::string(without_slashes(rest.substr(bucket.size())))};
}

std::string encode_key(std::string_view key) {
    auto parts = base::split(std::string(key), '/');
    for (auto& part : parts) {
        part = transport::percent_encode(part);
    }
    return base::join(parts, "/");
}

}  // namespace genevactl::storage
