// SPDX-License-Identifier: Apache-2.0
#include "s3_request.hpp"

#include <fmt/format.h>

#include "fault.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/transport/method.hpp"

namespace genevactl::storage {

namespace {

constexpr const char* k_default_region = "us-east-1";

/// Can the bucket's name be a label of a host that a wildcard certificate covers?
bool is_one_label(std::string_view bucket) {
    constexpr std::string_view k_letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    return bucket.find_first_not_of(k_letters) == std::string_view::npos;
}

base::Result<S3Address> address_at_endpoint(const Place& place, std::string endpoint,
                                            const StoreOptions& options) {
    while (endpoint.ends_with('/')) {
        endpoint.pop_back();
    }
    const auto mark = endpoint.find("://");
    const auto scheme = base::lower(endpoint.substr(0, mark == std::string::npos ? 0 : mark));
    auto host = mark == std::string::npos ? std::string() : base::lower(endpoint.substr(mark + 3));
    if ((scheme != "https" && scheme != "http") || host.empty() ||
        host.find_first_of("/?#@ ") != std::string::npos) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("the deployment says that {} is at '{}', which is no address "
                                      "of a server",
                                      place.uri_of(""), base::printable(endpoint)),
                          "its storage options want aws_endpoint=https://HOST[:PORT]");
    }
    const std::string_view own_port = scheme == "https" ? ":443" : ":80";
    if (host.ends_with(own_port)) {
        host.resize(host.size() - own_port.size());
    }
    const bool in_host =
        options.flag({"aws_virtual_hosted_style_request", "virtual_hosted_style_request"});
    return S3Address{.origin = fmt::format("{}://{}", scheme, host),
                     .host = host,
                     .root = in_host ? "" : "/" + transport::percent_encode(place.bucket),
                     .region = {}};
}

S3Address address_at_amazon(const Place& place, const std::string& region) {
    const auto* const domain =
        base::starts_with(region, "cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    S3Address address;
    if (is_one_label(place.bucket)) {
        address.host = fmt::format("{}.s3.{}.{}", place.bucket, region, domain);
    } else {
        address.host = fmt::format("s3.{}.{}", region, domain);
        address.root = "/" + transport::percent_encode(place.bucket);
    }
    address.origin = "https://" + address.host;
    return address;
}

base::Result<AwsKeys> keys_of(const Place& place, const StoreOptions& options) {
    AwsKeys keys{
        .access_key_id = options.text({"aws_access_key_id", "access_key_id"}).value_or(""),
        .secret_access_key = options.secret({"aws_secret_access_key", "secret_access_key"}),
        .session_token =
            options.secret({"aws_session_token", "aws_token", "session_token", "token"})};
    if (keys.access_key_id.empty() || keys.secret_access_key.empty()) {
        return base::fail(
            base::ErrorKind::failed,
            fmt::format("the deployment gives out no credentials for {}", place.uri_of("")),
            "it must vend aws_access_key_id and aws_secret_access_key; or write the "
            "archives with --no-upload and copy them there");
    }
    return keys;
}

bool is_signed(std::string_view name) {
    return name == "host" || name == "range" || name.starts_with("x-amz-");
}

}  // namespace

base::Result<S3Address> s3_address(const Place& place, const StoreOptions& options) {
    const auto region =
        options.text({"aws_region", "region", "aws_default_region"}).value_or(k_default_region);
    if (region.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("the deployment says that {} is in the region '{}', which is "
                                      "none",
                                      place.uri_of(""), base::printable(region)));
    }
    const auto endpoint = options.text({"aws_endpoint", "aws_endpoint_url", "endpoint"});
    auto address = endpoint ? address_at_endpoint(place, *endpoint, options)
                            : base::Result<S3Address>(address_at_amazon(place, region));
    if (address) {
        address->region = region;
    }
    return address;
}

base::Result<transport::Request> s3_request(const S3Call& call, const Place& place,
                                            const StoreOptions& options, base::WallTime now) {
    GENEVACTL_TRY(const auto keys, keys_of(place, options));
    GENEVACTL_TRY(const auto address, s3_address(place, options));
    const auto path = fmt::format("{}/{}", address.root, encode_key(call.key));
    const auto hash = call.file ? call.payload_hash : base::sha256_hex(call.body);
    auto headers = call.headers;
    headers.emplace_back("x-amz-content-sha256", hash);
    headers.emplace_back("x-amz-date", amz_date(now));
    SignedParts parts{.method = transport::name_of(call.method),
                      .path = path,
                      .query = call.query,
                      .payload_hash = hash,
                      .region = address.region,
                      .time = now};
    for (const auto& [name, value] : headers) {
        if (is_signed(name)) {
            parts.headers.emplace_back(name, value);
        }
    }
    parts.headers.emplace_back("host", address.host);
    transport::Request request{.method = call.method,
                               .url = address.origin + path,
                               .headers = {headers.begin(), headers.end()},
                               .body = call.body,
                               .file = call.file,
                               .response_limit = call.response_limit};
    if (!call.query.empty()) {
        request.url += "?" + canonical_query(call.query);
    }
    if (!keys.session_token.empty()) {
        parts.headers.emplace_back("x-amz-security-token", keys.session_token.reveal());
        request.secret_headers.emplace_back("x-amz-security-token", keys.session_token);
    }
    request.secret_headers.emplace_back("Authorization", authorization(parts, keys));
    return request;
}

bool s3_has_expired(const transport::Response& response) {
    if (response.status != 400 && response.status != 401 && response.status != 403) {
        return false;
    }
    const auto code = fault_of(response).code;
    return code == "ExpiredToken" || code == "ExpiredTokenException" ||
           code == "TokenRefreshRequired" || code == "RequestExpired";
}

namespace {

/// Does the store not accept the keys or their token? Some say so with status 400.
bool is_about_keys(std::string_view code) {
    return code == "InvalidAccessKeyId" || code == "SignatureDoesNotMatch" ||
           code == "InvalidToken" || code == "InvalidTokenId" || code == "ExpiredToken" ||
           code == "ExpiredTokenException";
}

std::string hint_of(const Fault& fault, const transport::Response& response, const Place& place,
                    base::WallTime now) {
    const auto& code = fault.code;
    if (code == "RequestTimeTooSkewed") {
        return fmt::format("set this machine's clock: it says {}, the store says {}",
                           base::rfc3339(std::chrono::floor<std::chrono::seconds>(now)),
                           base::printable(response.header("date").value_or("another time")));
    }
    if (code == "ExpiredToken" || code == "ExpiredTokenException") {
        return "the deployment gave out credentials that have expired: its clock or its "
               "credential vending is wrong";
    }
    if (is_about_keys(code)) {
        return "the store does not know the credentials that the deployment gives out: its "
               "storage configuration is wrong";
    }
    const auto region = response.header("x-amz-bucket-region");
    if (region && (fault.status / 100 == 3 || code == "AuthorizationHeaderMalformed" ||
                   code == "IllegalLocationConstraintException")) {
        return fmt::format("the bucket {} is in {}: the deployment must vend aws_region={}",
                           place.bucket, base::printable(*region), base::printable(*region));
    }
    if (code == "NoSuchBucket") {
        return fmt::format(
            "the deployment keeps its files in the bucket {}, which is not there: "
            "its storage configuration, or aws_endpoint, is wrong",
            place.bucket);
    }
    if (fault.status == 401 || fault.status == 403) {
        return fmt::format(
            "the credentials that the deployment gives out must allow s3:GetObject, "
            "s3:PutObject and s3:ListBucket below {}",
            place.uri_of(""));
    }
    return {};
}

}  // namespace

base::Error s3_error(const transport::Response& response, std::string_view what, const Place& place,
                     base::WallTime now) {
    const auto fault = fault_of(response);
    auto error = error_of(fault, what);
    if (is_about_keys(fault.code) || fault.code == "AuthorizationHeaderMalformed") {
        error.kind = base::ErrorKind::permission;  // sent with status 400
    }
    if (auto hint = hint_of(fault, response, place, now); !hint.empty()) {
        error.hint = std::move(hint);
    }
    return error;
}

}  // namespace genevactl::storage
