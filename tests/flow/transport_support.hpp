// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "genevactl/transport/transport.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"
#include "support/http_server.hpp"

namespace genevactl::test {

/// A transport over the real libcurl whose clock is a test's: waits between attempts take no time.
struct Wire {
    explicit Wire(transport::TransportOptions options = {})
        : transport(transport::make_transport(std::move(options), clock, interrupt)) {}

    base::Result<transport::Response> get(const std::string& url) {
        return transport->send({.url = url});
    }
    base::Result<transport::Response> post(const std::string& url, transport::Repeat repeat) {
        return transport->send(
            {.method = transport::Method::post, .url = url, .body = "{}", .repeat = repeat});
    }

    FakeClock clock;
    ManualInterrupt interrupt;
    std::unique_ptr<transport::Transport> transport;
};

/// A name that no resolver is asked for: its first label is longer than DNS allows.
inline std::string unresolvable_host() {
    return std::string(64, 'a') + ".invalid";
}

inline HttpResponse plain(int status, std::string body = {}) {
    HttpResponse response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

inline HttpResponse faulty(Fault fault, std::string body = {}) {
    auto response = plain(200, std::move(body));
    response.fault = fault;
    return response;
}

inline HttpResponse redirect(int status, std::string location) {
    auto response = plain(status);
    response.headers = {{"Location", std::move(location)}};
    return response;
}

}  // namespace genevactl::test
