// SPDX-License-Identifier: Apache-2.0
#include "fault.hpp"

#include "genevactl/storage/open.hpp"
#include "place.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

using namespace genevactl;
using namespace genevactl::storage;
using base::ErrorKind;

namespace {

transport::Response answer(long status, std::string body, transport::Headers headers = {}) {
    transport::Response response;
    response.status = status;
    response.body = std::move(body);
    response.headers = std::move(headers);
    response.request_id = "ours";
    return response;
}

struct NoTransport final : transport::Transport {
    base::Result<transport::Response> send(const transport::Request& request) override {
        FAIL("nobody expected " << request.url);
        return transport::Response{};
    }
};

}  // namespace

TEST_CASE("an XML error is read, wherever the server puts it") {
    for (const auto* text : {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied"
                             "</Code><Message>Not\n for you.</Message></Error>",
                             "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not for "
                             "you.</Message></Error></ErrorResponse>"}) {
        const auto fault = fault_of(answer(403, text, {{"x-amz-request-id", "theirs"}}));
        CHECK(fault.code == "AccessDenied");
        CHECK(fault.request_id == "theirs");
        const auto error = error_of(fault, "write s3://b/k");
        CHECK(error.kind == ErrorKind::permission);
        CHECK(error.message.starts_with("cannot write s3://b/k: AccessDenied (HTTP 403): Not"));
        CHECK(error.message.ends_with("for you"));
        CHECK(error.message.find('\n') == std::string::npos);
    }
}

TEST_CASE("a JSON error is read in the forms of Google's services") {
    auto fault = fault_of(answer(
        403, R"({"error":{"code":403,"message":"No access","errors":[{"reason":"forbidden"}]}})"));
    CHECK(fault.code == "forbidden");
    CHECK(fault.message == "No access");
    fault = fault_of(answer(401, R"({"error":{"status":"UNAUTHENTICATED","message":"m"}})"));
    CHECK(fault.code == "UNAUTHENTICATED");
    fault = fault_of(answer(400, R"({"error":"invalid_grant","error_description":"d"})"));
    CHECK(fault.code == "invalid_grant");
    CHECK(fault.message == "d");
}

TEST_CASE("answers that say little or nonsense are told by their status") {
    for (const auto* text : {"", "not found", "<html><p>x", "[1]", "{\"error\":7}", "{\"a\":1}",
                             "<Error/>", "{\"error\":{\"errors\":[1]}}"}) {
        INFO(text);
        const auto fault = fault_of(answer(404, text));
        CHECK(fault.code.empty());
        CHECK(fault.request_id == "ours");
        CHECK(error_of(fault, "read s3://b/k").message == "cannot read s3://b/k: HTTP 404");
    }
    CHECK(fault_of(answer(403, "", {{"x-ms-error-code", "AuthenticationFailed"}})).code ==
          "AuthenticationFailed");
}

TEST_CASE("what a server says cannot move the cursor of a terminal") {
    const auto fault = fault_of(answer(403, "{\"error\":{\"message\":\"a\\u001b[2Jb\"}}"));
    CHECK(fault.message.find('\x1b') == std::string::npos);
}

TEST_CASE("the kind of an error follows from the status") {
    const auto kind = [](long status) { return error_of({.status = status}, "x").kind; };
    CHECK(kind(401) == ErrorKind::permission);
    CHECK(kind(404) == ErrorKind::not_found);
    CHECK(kind(412) == ErrorKind::conflict);
    CHECK(kind(429) == ErrorKind::throttled);
    CHECK(kind(503) == ErrorKind::throttled);
    CHECK(kind(500) == ErrorKind::unreachable);
    CHECK(kind(400) == ErrorKind::failed);
    CHECK(error_of({.status = 503}, "x").retryable);
    CHECK_FALSE(error_of({.status = 403}, "x").retryable);
}

TEST_CASE("a location is a scheme, a bucket and a prefix") {
    const auto place = parse_place("S3://My-Bucket/a/b.lance/_geneva_uploads/").value();
    CHECK(place.scheme == "s3");
    CHECK(place.bucket == "My-Bucket");
    CHECK(place.prefix == "a/b.lance/_geneva_uploads");
    CHECK(place.key_of("x.zip") == "a/b.lance/_geneva_uploads/x.zip");
    CHECK(place.uri_of("x.zip") == "s3://My-Bucket/a/b.lance/_geneva_uploads/x.zip");
    CHECK(parse_place("gs://b").value().key_of("x") == "x");
    CHECK(parse_place("gs://b/").value().uri_of("x") == "gs://b/x");
    CHECK(parse_place("s3:///a").error().kind == ErrorKind::usage);
    CHECK(parse_place("bucket/a").error().kind == ErrorKind::usage);
    CHECK(encode_key("a b/c+d/ä$~.zip") == "a%20b/c%2Bd/%C3%A4%24~.zip");
}

TEST_CASE("a store is chosen by the scheme of its location") {
    NoTransport transport;
    test::FakeClock clock;
    test::ManualInterrupt interrupt;
    const StoreContext context{
        .transport = transport, .clock = clock, .interrupt = interrupt, .state = {}};
    const auto folder = open_store("file:///data/x", {}, {}, context).value();
    CHECK(folder->uri_of("k") == "file:///data/x/k");
    CHECK_FALSE(folder->is_remote());
    CHECK_FALSE(open_store("/data/x", {}, {}, context).value()->is_remote());
    const auto unknown = open_store("hdfs://x/y", {}, {}, context);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().kind == ErrorKind::usage);
    CHECK(unknown.error().message.find("hdfs://x/y") != std::string::npos);
    CHECK(open_store("s3://", {}, {}, context).error().kind == ErrorKind::usage);
}
