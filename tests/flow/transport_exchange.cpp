// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/secret.hpp"
#include "transport_support.hpp"

using namespace genevactl;
using namespace genevactl::test;
using transport::Method;
using transport::Repeat;

TEST_CASE("a request arrives as it was written and its answer comes back") {
    HttpServer server([](const HttpRequest& request) {
        auto response = json_response(202, "{\"echo\":\"" + request.body + "\"}");
        response.headers.emplace_back("X-Answer", "yes");
        return response;
    });
    Wire wire({.user_agent = "genevactl/test"});
    transport::Request request{.method = Method::post, .url = server.url() + "/v1/a%20b?x=%24"};
    request.headers = {{"Content-Type", "application/json"}, {"x-empty", ""}};
    request.secret_headers = {{"x-api-key", base::Secret("k3y")}, {"x-none", base::Secret()}};
    request.body = std::string("a\0b", 3);
    const auto response = wire.transport->send(request).value();
    CHECK(response.status == 202);
    CHECK(response.body == "{\"echo\":\"" + request.body + "\"}");
    CHECK(response.header("x-answer") == "yes");

    const auto seen = server.requests().at(0);
    CHECK(seen.method == "POST");
    CHECK(seen.target == "/v1/a%20b?x=%24");
    CHECK(seen.path == "/v1/a b");
    CHECK(seen.body == request.body);
    CHECK(seen.header("content-type") == "application/json");
    CHECK(seen.header("x-api-key") == "k3y");
    CHECK(seen.header("user-agent") == "genevactl/test");
    CHECK(seen.has_header("x-empty"));
    CHECK_FALSE(seen.has_header("x-none"));
    CHECK_FALSE(seen.has_header("expect"));
    CHECK(seen.header("x-request-id") == response.request_id);
    CHECK(response.request_id.size() == 32);
}

TEST_CASE("every method is sent as what it is") {
    HttpServer server({plain(200, "body")});
    Wire wire;
    for (const auto method :
         {Method::get, Method::head, Method::post, Method::put, Method::delete_}) {
        const auto response =
            wire.transport->send({.method = method, .url = server.url() + "/x"}).value();
        CHECK(response.body == (method == Method::head ? "" : "body"));
    }
    const auto seen = server.requests();
    REQUIRE(seen.size() == 5);
    CHECK(seen[0].method == "GET");
    CHECK(seen[1].method == "HEAD");
    CHECK(seen[2].method == "POST");
    CHECK(seen[3].method == "PUT");
    CHECK(seen[4].method == "DELETE");
    CHECK(seen[2].header("content-length") == "0");
    for (const auto& request : seen) {
        CHECK_FALSE(request.has_header("content-type"));
    }
}

TEST_CASE("a large body goes up and a large answer comes down whole") {
    HttpServer server([](const HttpRequest& request) { return plain(200, request.body); });
    Wire wire;
    std::string body(5'000'000, 'x');
    for (std::size_t i = 0; i < body.size(); i += 1'000) {
        body[i] = static_cast<char>(i / 1'000 % 256);
    }
    const auto response =
        wire.transport->send({.method = Method::put, .url = server.url(), .body = body}).value();
    CHECK((response.body == body));
}

TEST_CASE("a connection is used again") {
    HttpServer server({plain(200, "x")});
    Wire wire;
    for (int i = 0; i < 5; ++i) {
        REQUIRE(wire.get(server.url()));
    }
    CHECK(server.requests().size() == 5);
    CHECK(server.connections() == 1);
}

TEST_CASE("every request has an id of its own, and the server's is kept if it answers one") {
    auto named = plain(200);
    named.headers = {{"X-Request-Id", "server-7"}};
    auto hostile = plain(200);
    hostile.headers = {{"X-Request-Id", "\x1b[31mred"}};
    HttpServer server({plain(200), plain(200), named, hostile});
    Wire wire;
    const auto first = wire.get(server.url()).value().request_id;
    CHECK(wire.get(server.url()).value().request_id != first);
    CHECK(wire.get(server.url()).value().request_id == "server-7");
    CHECK(wire.get(server.url()).value().request_id == "red");
}

TEST_CASE("a compressed answer is unpacked") {
    // gzip of "hello"
    const std::string packed(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05"
        "\x00"
        "\x00\x00",
        25);
    auto response = plain(200, packed);
    response.headers = {{"Content-Encoding", "gzip"}};
    HttpServer server({response});
    Wire wire;
    CHECK(wire.get(server.url()).value().body == "hello");
    CHECK(server.requests()[0].header("accept-encoding").find("gzip") != std::string::npos);
}

TEST_CASE("an interim answer is not taken for the answer") {
    HttpResponse response;
    response.raw =
        "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"
        "HTTP/1.1 200 OK\r\nX-Late: 1\r\nContent-Length: 2\r\n\r\nok";
    HttpServer server({response});
    Wire wire;
    const auto answer = wire.get(server.url()).value();
    CHECK(answer.status == 200);
    CHECK(answer.body == "ok");
    CHECK(answer.header("x-late") == "1");
    CHECK_FALSE(answer.header("x-early"));
}

TEST_CASE("chunked answers and answers without a body are read") {
    auto chunked = plain(200, "in chunks");
    chunked.chunked = true;
    HttpServer server({chunked, plain(204), plain(404, "gone")});
    Wire wire;
    CHECK(wire.get(server.url()).value().body == "in chunks");
    CHECK(wire.get(server.url()).value().status == 204);
    CHECK(wire.get(server.url()).value().status == 404);
    CHECK(server.connections() == 1);
}
