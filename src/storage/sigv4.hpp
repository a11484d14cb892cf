// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/secret.hpp"

namespace genevactl::storage {

struct AwsKeys {
    std::string access_key_id;
    base::Secret secret_access_key;
    base::Secret session_token;  ///< empty: the keys are not temporary
};

using NamesAndValues = std::vector<std::pair<std::string, std::string>>;

/// What Signature Version 4 covers of a request.
struct SignedParts {
    std::string_view method;
    std::string path;             ///< percent-encoded as it is sent
    NamesAndValues query = {};    ///< not encoded
    NamesAndValues headers = {};  ///< those that are signed, `host` among them; lower case
    std::string payload_hash;     ///< SHA-256 of the body, hex
    std::string region;
    std::string service = "s3";
    base::WallTime time{};
};

/// Names and values percent-encoded and sorted: a query that is sent and signed alike.
std::string canonical_query(const NamesAndValues& query);

/// "20260102T030405Z", the value of x-amz-date.
std::string amz_date(base::WallTime time);

/// The value of the header Authorization (AWS General Reference, "Signature Version 4 signing
/// process"; of S3: the path is encoded once).
base::Secret authorization(const SignedParts& parts, const AwsKeys& keys);

}  // namespace genevactl::storage
