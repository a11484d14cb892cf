// SPDX-License-Identifier: Apache-2.0
#include "sigv4.hpp"

#include "genevactl/base/digest.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using namespace genevactl::storage;

namespace {

// The examples of the Amazon S3 API Reference, "Signature Calculations for the Authorization
// Header", with the keys that Amazon made for them.
const AwsKeys k_keys{.access_key_id = "AKIAIOSFODNN7EXAMPLE",
                     .secret_access_key = base::Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
                     .session_token = {}};

std::string signature_of(std::string_view method, const std::string& path,
                         const NamesAndValues& query, NamesAndValues headers,
                         const std::string& body) {
    const auto hash = base::sha256_hex(body);
    headers.insert(headers.end(), {{"host", "examplebucket.s3.amazonaws.com"},
                                   {"x-amz-content-sha256", hash},
                                   {"x-amz-date", "20130524T000000Z"}});
    const auto text = authorization({.method = method,
                                     .path = path,
                                     .query = query,
                                     .headers = headers,
                                     .payload_hash = hash,
                                     .region = "us-east-1",
                                     .time = base::parse_rfc3339("2013-05-24T00:00:00Z").value()},
                                    k_keys);
    const std::string all(text.reveal());
    return all.substr(all.find("Signature=") + 10);
}

}  // namespace

TEST_CASE("signatures equal Amazon's examples") {
    CHECK(signature_of("GET", "/test.txt", {}, {{"range", "bytes=0-9"}}, "") ==
          "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    CHECK(signature_of("PUT", "/test%24file.text", {},
                       {{"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                        {"date", "Fri, 24 May 2013 00:00:00 GMT"}},
                       "Welcome to Amazon S3.") ==
          "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    CHECK(signature_of("GET", "/", {{"lifecycle", ""}}, {}, "") ==
          "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    CHECK(signature_of("GET", "/", {{"prefix", "J"}, {"max-keys", "2"}}, {}, "") ==
          "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_CASE("the header names the key, the scope and what is signed") {
    const auto text = authorization({.method = "GET",
                                     .path = "/",
                                     .headers = {{"x-amz-date", "d"}, {"host", "h"}},
                                     .payload_hash = "",
                                     .region = "eu-west-1",
                                     .time = base::parse_rfc3339("2026-01-02T03:04:05Z").value()},
                                    k_keys);
    CHECK(text.reveal().starts_with(
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260102/eu-west-1/s3/aws4_request,"
        "SignedHeaders=host;x-amz-date,Signature="));
}

TEST_CASE("a query is sent sorted and encoded, as it is signed") {
    CHECK(canonical_query({{"uploads", ""}}) == "uploads=");
    CHECK(canonical_query({{"b", "x y"}, {"a", "1/2+3"}, {"B", "~"}, {"a-b", "ä"}}) ==
          "B=~&a=1%2F2%2B3&a-b=%C3%A4&b=x%20y");
    CHECK(canonical_query({}).empty());
}

TEST_CASE("dates are written as AWS wants them") {
    CHECK(amz_date(base::parse_rfc3339("2026-01-02T03:04:05.678Z").value()) == "20260102T030405Z");
}
