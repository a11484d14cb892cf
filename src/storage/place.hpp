// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"

namespace genevactl::storage {

/// A prefix of a bucket or container: "s3://bucket/a/b" is {s3, bucket, a/b}.
struct Place {
    std::string scheme;
    std::string bucket;  ///< what stands where a URL has its host, as written
    std::string prefix;  ///< without a slash at its ends; may be empty

    /// The key of an object below the prefix, in the bucket: "a/b/KEY".
    std::string key_of(std::string_view key) const;
    /// "s3://bucket/a/b/KEY"; without the key's slash if it is empty.
    std::string uri_of(std::string_view key) const;
};

/// Error usage if there is no bucket.
base::Result<Place> parse_place(std::string_view location);

/// A key as a URL's path has it: each part percent-encoded (RFC 3986 unreserved stay), slashes
/// kept.
std::string encode_key(std::string_view key);

}  // namespace genevactl::storage
