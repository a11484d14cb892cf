// SPDX-License-Identifier: Apache-2.0
#include "policy.hpp"

#include "support/catch.hpp"

using namespace genevactl::transport;
using genevactl::base::ErrorKind;
using genevactl::base::Secret;

namespace {

Request with_key(Method method, const std::string& url) {
    Request request{.method = method, .url = url};
    request.headers = {{"accept", "*/*"}, {"Cookie", "c"}};
    request.secret_headers = {{"x-api-key", Secret("hunter2")}};
    return request;
}

genevactl::base::Status check(const Request& request) {
    return check_request(request, parse_url(request.url).value());
}

genevactl::base::Result<Request> follow(const Request& request, long status,
                                        const std::string& to) {
    return redirected(request, parse_url(request.url).value(), status, parse_url(to).value());
}

}  // namespace

TEST_CASE("a key travels by https, or in plain text to this machine only") {
    CHECK(check(with_key(Method::get, "https://host/")));
    CHECK(check(with_key(Method::get, "http://127.0.0.1:1/")));
    CHECK(check(with_key(Method::get, "http://localhost/")));
    for (const auto* url : {"http://host/", "http://10.0.0.1/", "http://127.1/"}) {
        const auto result = check(with_key(Method::get, url));
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::refused);
        CHECK(result.error().message.find("hunter2") == std::string::npos);
    }
    CHECK(check({.url = "http://host/"}));
}

TEST_CASE("a header that is secret by its name counts as a key, an empty key as none") {
    Request request{.url = "http://host/"};
    request.headers = {{"Authorization", "Bearer x"}};
    CHECK(check(request).error().kind == ErrorKind::refused);
    request.headers.clear();
    request.secret_headers = {{"x-api-key", Secret()}};
    CHECK(check(request));
}

TEST_CASE("headers that could be read as two are refused without showing their value") {
    for (const auto* value : {"hunter2\n", "a\r\nHost: evil", "a\x01", "a\x7f"}) {
        Request request{.url = "https://host/"};
        request.secret_headers = {{"x-api-key", Secret(value)}};
        const auto result = check(request);
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::usage);
        CHECK(result.error().message.find("hunter2") == std::string::npos);
        CHECK(result.error().message.find("x-api-key") != std::string::npos);
        request = {.url = "https://host/"};
        request.headers = {{"x-a", value}};
        CHECK_FALSE(check(request));
    }
    for (const auto* name : {"", "a b", "a:b", "a\n"}) {
        Request request{.url = "https://host/"};
        request.headers = {{name, "x"}};
        CHECK_FALSE(check(request));
    }
    Request request{.url = "https://host/"};
    request.headers = {{"x-lancedb-database", "caf\xC3\xA9\tx"}, {"x-empty", ""}};
    CHECK(check(request));
}

TEST_CASE("names of headers that are never shown are known") {
    for (const auto* name :
         {"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-API-Key",
          "x-amz-security-token", "x-goog-signature", "X-Vault-Token", "x-session-id"}) {
        CHECK(is_sensitive_header(name));
    }
    for (const auto* name : {"accept", "content-type", "x-lancedb-database", "x-request-id",
                             "x-lancedb-min-read-version", "retry-after", "date"}) {
        CHECK_FALSE(is_sensitive_header(name));
    }
}

TEST_CASE("a read follows a redirect of the same origin with its key") {
    for (const long status : {301L, 302L, 303L, 307L, 308L}) {
        CHECK(is_redirect(status));
        const auto next =
            follow(with_key(Method::get, "https://host/a"), status, "https://HOST:443/b").value();
        CHECK(next.url == "https://HOST:443/b");
        CHECK(next.secret_headers.size() == 1);
        CHECK(next.headers.size() == 2);
    }
    for (const long status : {200L, 300L, 304L, 305L, 400L}) {
        CHECK_FALSE(is_redirect(status));
    }
}

TEST_CASE("a read follows a redirect to another host, scheme or port without its key") {
    for (const auto* to : {"https://other/b", "https://host:444/b"}) {
        const auto next = follow(with_key(Method::head, "https://host/a"), 302, to).value();
        CHECK(next.url == to);
        CHECK(next.method == Method::head);
        CHECK_FALSE(carries_secret(next));
        CHECK(next.headers == Headers{{"accept", "*/*"}});
    }
    CHECK_FALSE(carries_secret(
        follow(with_key(Method::get, "http://127.0.0.1/a"), 302, "https://127.0.0.1/a").value()));
}

TEST_CASE("nothing is followed from https to plain http") {
    for (const auto method : {Method::get, Method::post}) {
        const auto result = follow(with_key(method, "https://host/a"), 307, "http://host/a");
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::refused);
    }
    CHECK_FALSE(follow({.url = "https://host/a"}, 302, "http://host/a"));
}

TEST_CASE("a write follows 307 and 308 of the same origin and nothing else") {
    for (const auto method : {Method::post, Method::put, Method::delete_}) {
        auto request = with_key(method, "https://host/a");
        request.body = "b";
        for (const long status : {307L, 308L}) {
            const auto next = follow(request, status, "https://host/b").value();
            CHECK(next.method == method);
            CHECK(next.body == "b");
            CHECK(carries_secret(next));
            const auto elsewhere = follow(request, status, "https://other/b");
            REQUIRE_FALSE(elsewhere);
            CHECK(elsewhere.error().kind == ErrorKind::refused);
            CHECK(elsewhere.error().hint.find("https://other") != std::string::npos);
        }
        for (const long status : {301L, 302L, 303L}) {
            const auto turned = follow(request, status, "https://host/b");
            REQUIRE_FALSE(turned);
            CHECK(turned.error().kind == ErrorKind::failed);
        }
    }
}

TEST_CASE("methods have their names") {
    CHECK(name_of(Method::get) == "GET");
    CHECK(name_of(Method::head) == "HEAD");
    CHECK(name_of(Method::post) == "POST");
    CHECK(name_of(Method::put) == "PUT");
    CHECK(name_of(Method::delete_) == "DELETE");
}

TEST_CASE("a response's headers are found whatever their case") {
    Response response;
    response.headers = {{"Retry-After", "1"}, {"retry-after", "2"}};
    CHECK(response.header("RETRY-AFTER") == "1");
    CHECK_FALSE(response.header("retry"));
}

TEST_CASE("what of a secret may be quoted alone is left out as well") {
    Request request{.url = "https://host/"};
    request.secret_headers = {{"authorization", Secret("Bearer ya29.0123456789abcdef")}};
    request.secret_query = Secret("sv=2020-12-06&sig=0123456789abcdef%2B%3D");
    CHECK(without_secrets_of(request, "for ya29.0123456789abcdef of 2020-12-06") ==
          "for [redacted] of 2020-12-06");
    CHECK(without_secrets_of(request, "sig=0123456789abcdef%2B%3D") == "sig=[redacted]");
    CHECK(without_secrets_of(request, "0123456789abcdef+= is wrong") == "[redacted] is wrong");
    CHECK(is_sensitive_header("X-GUploader-UploadID"));
}
