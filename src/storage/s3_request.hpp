// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "genevactl/storage/options.hpp"
#include "genevactl/transport/transport.hpp"
#include "place.hpp"
#include "sigv4.hpp"

namespace genevactl::storage {

/// Where a bucket is reached, by the options of Lance: `aws_endpoint`, `aws_region`,
/// `aws_virtual_hosted_style_request`.
struct S3Address {
    std::string origin;  ///< "https://bucket.s3.eu-west-1.amazonaws.com"
    std::string host;    ///< as the header Host has it
    std::string root;    ///< "", or "/bucket" where the bucket is part of the path
    std::string region;
};

/// Path style with an endpoint and for names that no certificate covers (with dots), else the
/// bucket is in the host's name. Error usage for an endpoint that is no URL of a server.
base::Result<S3Address> s3_address(const Place& place, const StoreOptions& options);

/// What is asked of S3.
struct S3Call {
    transport::Method method = transport::Method::get;
    std::string key = {};         ///< in the bucket; "" is the bucket itself
    NamesAndValues query = {};    ///< not encoded
    NamesAndValues headers = {};  ///< lower case; they are signed
    std::string body = {};
    std::optional<transport::FileSlice> file = {};
    std::string payload_hash = {};  ///< of `file`, SHA-256 in hex; that of `body` is made here
    std::size_t response_limit = std::size_t{16} << 20U;  ///< bytes
};

/// The call as a signed request. Error failed if the options hold no keys.
base::Result<transport::Request> s3_request(const S3Call& call, const Place& place,
                                            const StoreOptions& options, base::WallTime now);

/// The error of an answer that is none of those expected, with what to do. `now` is this machine's
/// time, for clocks that differ.
base::Error s3_error(const transport::Response& response, std::string_view what, const Place& place,
                     base::WallTime now);

/// Does the answer say that the credentials have expired?
bool s3_has_expired(const transport::Response& response);

}  // namespace genevactl::storage
