// SPDX-License-Identifier: Apache-2.0
#include "transport_support.hpp"

using namespace genevactl;
using namespace genevactl::test;
using base::ErrorKind;
using transport::Method;

namespace {

transport::Request with_key(Method method, const std::string& url) {
    transport::Request request{.method = method, .url = url};
    request.headers = {{"x-plain", "1"}};
    request.secret_headers = {{"x-api-key", base::Secret("hunter2")}};
    return request;
}

}  // namespace

TEST_CASE("a redirect of the same origin is followed with the key, relative or not") {
    HttpServer server([](const HttpRequest& request) {
        if (request.path == "/a/b") {
            return redirect(302, "../c?d=1");
        }
        return request.path == "/c" ? redirect(307, "/e") : plain(200, request.target);
    });
    Wire wire;
    const auto response = wire.transport->send(with_key(Method::get, server.url() + "/a/b"));
    CHECK(response.value().body == "/e");
    const auto seen = server.requests();
    REQUIRE(seen.size() == 3);
    CHECK(seen[1].target == "/c?d=1");
    for (const auto& request : seen) {
        CHECK(request.header("x-api-key") == "hunter2");
        CHECK(request.header("x-request-id") == seen[0].header("x-request-id"));
    }
}

TEST_CASE("a redirect to another port is followed without the key") {
    HttpServer other({plain(200, "other")});
    HttpServer server({redirect(302, other.url() + "/x")});
    Wire wire;
    CHECK(wire.transport->send(with_key(Method::get, server.url())).value().body == "other");
    const auto seen = other.requests().at(0);
    CHECK_FALSE(seen.has_header("x-api-key"));
    CHECK(seen.header("x-plain") == "1");
}

TEST_CASE("a key does not come back with a redirect that returns") {
    std::string back;
    HttpServer other([&back](const HttpRequest&) { return redirect(302, back); });
    HttpServer server([&other](const HttpRequest& request) {
        return request.path == "/1" ? redirect(302, other.url()) : plain(200);
    });
    back = server.url() + "/2";
    Wire wire;
    REQUIRE(wire.transport->send(with_key(Method::get, server.url() + "/1")));
    CHECK(server.requests().at(0).has_header("x-api-key"));
    CHECK_FALSE(server.requests().at(1).has_header("x-api-key"));
}

TEST_CASE("a write is not sent to another origin nor turned into a read") {
    HttpServer other({plain(200)});
    HttpServer elsewhere({redirect(307, other.url())});
    HttpServer turning({redirect(302, "/x")});
    Wire wire;
    const auto moved = wire.transport->send(with_key(Method::post, elsewhere.url()));
    REQUIRE_FALSE(moved);
    CHECK(moved.error().kind == ErrorKind::refused);
    CHECK(other.requests().empty());
    const auto turned = wire.transport->send(with_key(Method::post, turning.url()));
    REQUIRE_FALSE(turned);
    CHECK(turned.error().kind == ErrorKind::failed);
    CHECK(turning.requests().size() == 1);
}

TEST_CASE("a write follows a 308 of the same origin with its body") {
    HttpServer server([](const HttpRequest& request) {
        return request.path == "/a" ? redirect(308, "/b")
                                    : plain(200, request.method + request.body);
    });
    Wire wire;
    auto request = with_key(Method::put, server.url() + "/a");
    request.body = "body";
    CHECK(wire.transport->send(request).value().body == "PUTbody");
}

TEST_CASE("redirects that never end are an error") {
    HttpServer server({redirect(302, "/again")});
    Wire wire;
    const auto result = wire.get(server.url());
    REQUIRE_FALSE(result);
    CHECK(result.error().message.find("more than 10 times") != std::string::npos);
    CHECK(server.requests().size() == 11);
}

TEST_CASE("a redirect to what is no http URL is an error") {
    for (const auto* location : {"file:///etc/passwd", "ftp://127.0.0.1/",
                                 "http://user:pw@127.0.0.1/", "http://", "gopher://x"}) {
        INFO(location);
        HttpServer server({redirect(302, location)});
        Wire wire;
        const auto result = wire.get(server.url());
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::failed);
        CHECK(result.error().message.find("pw") == std::string::npos);
    }
}

TEST_CASE("a redirect without a location is an answer") {
    HttpServer server({plain(302, "where?")});
    Wire wire;
    CHECK(wire.get(server.url()).value().body == "where?");
}
