// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include "transport_support.hpp"

using namespace genevactl;
using namespace genevactl::test;
using namespace std::chrono_literals;
using transport::Repeat;

namespace {

HttpResponse busy(int status, const std::string& retry_after) {
    auto response = plain(status, "busy");
    response.headers = {{"Retry-After", retry_after}};
    return response;
}

}  // namespace

TEST_CASE("a read is sent again until it is answered") {
    HttpServer server({faulty(Fault::drop), plain(503), plain(429), plain(200, "at last")});
    Wire wire;
    CHECK(wire.get(server.url()).value().body == "at last");
    CHECK(server.requests().size() == 4);
    CHECK(wire.clock.sleeps.size() == 3);
    for (const auto& request : server.requests()) {
        CHECK(request.header("x-request-id") == server.requests()[0].header("x-request-id"));
    }
}

TEST_CASE("retries are spent and the last answer or error is told") {
    HttpServer busy_server({plain(503, "still busy")});
    Wire wire({.retries = 2});
    const auto response = wire.get(busy_server.url()).value();
    CHECK(response.status == 503);
    CHECK(response.body == "still busy");
    CHECK(busy_server.requests().size() == 3);

    HttpServer silent({faulty(Fault::drop)});
    const auto result = wire.get(silent.url());
    REQUIRE_FALSE(result);
    CHECK(silent.requests().size() >= 3);
    CHECK(result.error().message.find("(tried 3 times)") != std::string::npos);
}

TEST_CASE("other statuses are answers") {
    for (const int status : {400, 401, 403, 404, 409, 500, 501}) {
        HttpServer server({plain(status)});
        Wire wire;
        CHECK(wire.get(server.url()).value().status == status);
        CHECK(server.requests().size() == 1);
    }
}

TEST_CASE("waits between attempts grow and stay below their ceilings") {
    HttpServer server({plain(503)});
    Wire wire({.retries = 6});
    REQUIRE(wire.get(server.url()));
    const auto& sleeps = wire.clock.sleeps;
    REQUIRE(sleeps.size() == 6);
    auto ceiling = base::Microseconds(250ms);
    for (const auto sleep : sleeps) {
        CHECK(sleep <= ceiling);
        ceiling = std::min<base::Microseconds>(ceiling * 2, 8s);
    }
    CHECK(std::accumulate(sleeps.begin(), sleeps.end(), base::Microseconds{}) > 0s);
}

TEST_CASE("Retry-After is waited for, seconds and dates") {
    HttpServer server({busy(429, "7"), busy(503, "Sun, 22 Nov 2026 09:30:20 GMT"), plain(200)});
    Wire wire;
    REQUIRE(wire.get(server.url()).value().status == 200);
    const auto& sleeps = wire.clock.sleeps;
    REQUIRE(sleeps.size() == 2);
    CHECK(sleeps[0] >= 7s);
    CHECK(sleeps[0] <= 7s + 250ms);
    CHECK(sleeps[0] + sleeps[1] >= 20s);
    CHECK(sleeps[0] + sleeps[1] <= 21s);
}

TEST_CASE("a wait that would pass the deadline is not begun") {
    HttpServer server({busy(429, "61")});
    Wire wire({.deadline = 60s});
    CHECK(wire.get(server.url()).value().status == 429);
    CHECK(server.requests().size() == 1);
    CHECK(wire.clock.sleeps.empty());

    HttpServer patient({busy(429, "25")});
    CHECK(wire.get(patient.url()).value().status == 429);
    CHECK(patient.requests().size() == 3);  // at 0 s, 25 s and 50 s
}

TEST_CASE("a request may have a deadline of its own") {
    HttpServer server({busy(429, "25")});
    Wire wire({.deadline = 60s});
    CHECK(wire.transport->send({.url = server.url(), .deadline = 20s}).value().status == 429);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("a write that may have been accepted is never sent twice") {
    for (const auto fault : {Fault::drop, Fault::reset, Fault::cut_off}) {
        HttpServer server({faulty(fault, "{\"job_id\":\"1\"}")});
        Wire wire;
        const auto result = wire.post(server.url(), Repeat::unaccepted);
        REQUIRE_FALSE(result);
        CHECK(server.requests().size() == 1);
        CHECK(result.error().kind == base::ErrorKind::unreachable);
        CHECK_FALSE(result.error().retryable);
        CHECK(result.error().hint.find("may have been carried out") != std::string::npos);
    }
    for (const int status : {408, 500, 502, 503, 504}) {
        HttpServer server({plain(status)});
        Wire wire;
        CHECK(wire.post(server.url(), Repeat::unaccepted).value().status == status);
        CHECK(server.requests().size() == 1);
    }
}

TEST_CASE("a write is not sent twice by libcurl either, when a kept connection turns out closed") {
    // The first answer leaves the connection open, as far as the client knows; the server reads the
    // second request from it and closes without an answer.
    for (const auto repeat : {Repeat::safe, Repeat::unaccepted}) {
        HttpServer server({plain(200), faulty(Fault::drop), plain(200)});
        Wire wire({.retries = 0});
        REQUIRE(wire.get(server.url()));
        const auto result = wire.post(server.url(), repeat);
        // The read shows that the trap is set: libcurl itself sends it again.
        CHECK(result.has_value() == (repeat == Repeat::safe));
        CHECK(server.requests().size() == (repeat == Repeat::safe ? 3U : 2U));
    }
}

TEST_CASE("a write that was surely not accepted is sent again") {
    HttpServer server({plain(429), busy(503, "1"), plain(202, "done")});
    Wire wire;
    CHECK(wire.post(server.url(), Repeat::unaccepted).value().body == "done");
    CHECK(server.requests().size() == 3);
}

TEST_CASE("a write that repeats safely is sent again") {
    HttpServer server({faulty(Fault::drop), plain(502), plain(200, "done")});
    Wire wire;
    CHECK(wire.post(server.url(), Repeat::safe).value().body == "done");
    CHECK(server.requests().size() == 3);
    for (const auto& request : server.requests()) {
        CHECK(request.body == "{}");
    }
}

TEST_CASE("an interrupt ends a wait between attempts") {
    HttpServer server({busy(503, "10")});
    Wire wire;
    wire.clock.interrupted = true;
    const auto result = wire.get(server.url());
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == base::ErrorKind::interrupted);
    CHECK(server.requests().size() == 1);
}
