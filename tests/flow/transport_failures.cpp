// SPDX-License-Identifier: Apache-2.0
#include <csignal>

#include "genevactl/base/process.hpp"
#include "transport_support.hpp"

using namespace genevactl;
using namespace genevactl::test;
using namespace std::chrono_literals;
using base::ErrorKind;
using transport::Repeat;

namespace {

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("nothing listening on this machine is told at once, with what to start") {
    const auto url = "http://127.0.0.1:" + std::to_string(unused_port());
    Wire wire;
    const auto result = wire.get(url + "/v1/x?token=hunter2");
    REQUIRE_FALSE(result);
    const auto& error = result.error();
    CHECK(error.kind == ErrorKind::unreachable);
    CHECK(error.message == "no connection to " + url + ": Connection refused");
    CHECK(contains(error.hint, "genevactl local start"));
    CHECK(error.retryable);
    CHECK(wire.clock.sleeps.empty());
    REQUIRE(error.context.size() == 1);
    CHECK(error.context[0] == "sending GET " + url + "/v1/x?token=[redacted]");
    CHECK(error.request_id.value_or("").size() == 32);
    CHECK(wire.post(url, Repeat::unaccepted).error().retryable);
    CHECK(wire.post(url, Repeat::unaccepted).error().not_sent);
}

TEST_CASE("a write that broke off may have arrived, whatever the attempts after it find") {
    HttpServer server({faulty(Fault::drop)});
    Wire wire({.retries = 0});
    CHECK_FALSE(wire.post(server.url(), Repeat::unaccepted).error().not_sent);

    // Of a request that is sent again, the first attempt counts: here the server goes away.
    auto gone =
        std::make_unique<HttpServer>([](const HttpRequest&) { return faulty(Fault::drop); });
    const auto url = gone->url();
    class LastClock final : public base::Clock {
    public:
        std::unique_ptr<HttpServer>* server = nullptr;
        base::WallTime now() override { return {}; }
        base::Monotonic monotonic() override { return {}; }
        bool sleep_for(base::Microseconds) override {
            server->reset();
            return false;
        }
    } clock;
    clock.server = &gone;
    const auto again = transport::make_transport({}, clock, base::no_interrupt());
    const auto result = again->send({.url = url});
    REQUIRE_FALSE(result);
    CHECK(contains(result.error().message, "no connection"));
    CHECK_FALSE(result.error().not_sent);
}

TEST_CASE("a name without an address is told and tried again") {
    Wire wire({.retries = 1});
    const auto result = wire.post("https://" + unresolvable_host() + "/", Repeat::unaccepted);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::unreachable);
    CHECK(contains(result.error().message, "the address of " + unresolvable_host()));
    CHECK(contains(result.error().hint, "--host-override"));
    CHECK(result.error().retryable);
    CHECK(result.error().not_sent);
    CHECK(wire.clock.sleeps.size() == 1);
}

TEST_CASE("a silent server is given up at the deadline, saying what was waited for") {
    Wire wire({.deadline = 60s});
    HttpServer server([&wire](const HttpRequest&) {
        wire.clock.go_on_by_itself(10s);
        return faulty(Fault::stall);
    });
    auto result = wire.get(server.url());
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::unreachable);
    CHECK(result.error().message ==
          "no answer from " + server.url() + " within 1m00s (waiting for the answer)");
    CHECK(contains(result.error().hint, "request_timeout"));
    CHECK(result.error().retryable);
    wire.clock.go_on_by_itself(0s);
    result = wire.post(server.url(), Repeat::unaccepted);
    REQUIRE_FALSE(result);
    CHECK(contains(result.error().hint, "may have been carried out"));
    CHECK_FALSE(result.error().retryable);
    CHECK_FALSE(result.error().not_sent);
}

TEST_CASE("an answer that stops midway is given up at the deadline") {
    Wire wire({.deadline = 60s});
    HttpServer server([&wire](const HttpRequest&) {
        auto response = faulty(Fault::hang, std::string(1'000, 'x'));
        response.when_sent = [&wire] { wire.clock.go_on_by_itself(10s); };
        return response;
    });
    const auto result = wire.get(server.url());
    REQUIRE_FALSE(result);
    CHECK(contains(result.error().message, "(500 bytes of the answer had come)"));
}

TEST_CASE("an answer that is cut off is an error and not half an answer") {
    HttpServer server({faulty(Fault::cut_off, std::string(1'000, 'x'))});
    Wire wire({.retries = 1});
    const auto result = wire.get(server.url());
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::unreachable);
    CHECK(contains(result.error().message, "was cut off after 500 bytes"));
    CHECK(server.requests().size() == 2);
}

TEST_CASE("a chunked answer without its end is an error") {
    HttpResponse response;
    response.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
    HttpServer server({response});
    Wire wire({.retries = 0});
    CHECK(contains(wire.get(server.url()).error().message, "was cut off after 5 bytes"));
}

TEST_CASE("a closed or reset connection is told as such") {
    for (const auto fault : {Fault::drop, Fault::reset}) {
        HttpServer server({faulty(fault)});
        Wire wire({.retries = 0});
        const auto result = wire.get(server.url());
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::unreachable);
        CHECK(contains(result.error().message, "closed the connection without an answer"));
    }
}

TEST_CASE("an answer that is no HTTP is told as such and not asked for again") {
    HttpResponse response;
    response.raw = "SSH-2.0-OpenSSH_9.2\r\n\r\n";
    HttpServer server({response});
    Wire wire;
    const auto result = wire.get(server.url());
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::failed);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("an answer over its limit is refused however it comes") {
    auto honest = plain(200, std::string(2'001, 'x'));
    auto chunked = honest;
    chunked.chunked = true;
    auto small = plain(200, "x");
    small.declared_length = 4'000'000'000'000;
    for (const auto& response : {honest, chunked, faulty(Fault::endless, std::string(512, 'x'))}) {
        HttpServer server({response});
        Wire wire;
        const auto result = wire.transport->send({.url = server.url(), .response_limit = 2'000});
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::failed);
        CHECK(contains(result.error().message, "larger than the 2000 bytes allowed"));
        CHECK(server.requests().size() == 1);
    }
    HttpServer server({plain(200, std::string(2'000, 'x'))});
    Wire wire;
    CHECK(wire.transport->send({.url = server.url(), .response_limit = 2'000}));
    HttpServer liar({small});
    CHECK_FALSE(wire.transport->send({.url = liar.url(), .response_limit = 2'000}));
}

TEST_CASE("a small answer that unpacks to a large one is refused") {
    base::SystemProcessRunner runner(base::no_interrupt());
    const base::Command gzip{.arguments = {"gzip", "-9", "-c"},
                             .input = std::string(1'000'000, '\0')};
    auto response = plain(200, runner.run(gzip).value().output);
    REQUIRE(response.body.size() < 2'000);
    response.headers = {{"Content-Encoding", "gzip"}};
    HttpServer server({response});
    Wire wire;
    const auto result = wire.transport->send({.url = server.url(), .response_limit = 100'000});
    REQUIRE_FALSE(result);
    CHECK(contains(result.error().message, "larger than the 100000 bytes allowed"));
    CHECK(wire.get(server.url()).value().body == std::string(1'000'000, '\0'));
}

TEST_CASE("headers without end are refused") {
    HttpResponse response;
    response.raw = "HTTP/1.1 200 OK\r\n";
    while (response.raw.size() < 2'000'000) {
        response.raw += "X-More: " + std::string(1'000, 'x') + "\r\n";
    }
    HttpServer server({response});
    Wire wire;
    CHECK(wire.get(server.url()).error().kind == ErrorKind::failed);
}

TEST_CASE("a length that lies is an error") {
    auto longer = plain(200, "short");
    longer.declared_length = 10;
    HttpServer server({longer});
    Wire wire({.retries = 0});
    CHECK(contains(wire.get(server.url()).error().message, "was cut off after 5 bytes"));
}

TEST_CASE("the length that a HEAD tells may be larger than any limit") {
    HttpServer server([](const HttpRequest&) {
        auto response = plain(200);
        response.declared_length = 5'000'000'000;
        return response;
    });
    Wire wire;
    const auto response =
        wire.transport
            ->send({.method = transport::Method::head, .url = server.url(), .response_limit = 100})
            .value();
    CHECK(response.header("content-length") == "5000000000");
}

TEST_CASE("an interrupt ends a request that is waited for") {
    ManualInterrupt interrupt;
    FakeClock clock;
    HttpServer server([&interrupt](const HttpRequest&) {
        interrupt.number = SIGINT;
        return faulty(Fault::stall);
    });
    const auto wire = transport::make_transport({}, clock, interrupt);
    const auto result = wire->send(
        {.method = transport::Method::post, .url = server.url(), .repeat = Repeat::unaccepted});
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::interrupted);
    CHECK(contains(result.error().hint, "may have been carried out"));
    interrupt.number = SIGTERM;
    CHECK(wire->send({.url = server.url()}).error().kind == ErrorKind::terminated);
}

TEST_CASE("nothing is sent for a URL or a header that cannot be") {
    HttpServer server({plain(200)});
    Wire wire;
    CHECK(wire.get("127.0.0.1:1").error().kind == ErrorKind::usage);
    CHECK(wire.get("ftp://127.0.0.1/").error().kind == ErrorKind::usage);
    transport::Request request{.url = server.url()};
    request.secret_headers = {{"x-api-key", base::Secret("hunter2\n")}};
    const auto result = wire.transport->send(request);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::usage);
    CHECK_FALSE(contains(result.error().message, "hunter2"));
    CHECK(result.error().not_sent);
    request.url = "http://192.0.2.1/";
    request.secret_headers = {{"x-api-key", base::Secret("hunter2")}};
    CHECK(wire.transport->send(request).error().kind == ErrorKind::refused);
    CHECK(wire.transport->send(request).error().not_sent);
    CHECK(server.requests().empty());
}
