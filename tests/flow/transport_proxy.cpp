// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "transport_support.hpp"

using namespace genevactl;
using namespace genevactl::test;
using base::ErrorKind;

namespace {

/// Sets a variable of the environment, where libcurl looks for proxies, for one scope.
class Variable {
public:
    Variable(const char* name, const std::string& value) : m_name(name) {
        if (const char* before = ::getenv(name)) {
            m_before = before;
        }
        ::setenv(name, value.c_str(), 1);
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    ~Variable() {
        if (m_before) {
            ::setenv(m_name, m_before->c_str(), 1);
        } else {
            ::unsetenv(m_name);
        }
    }

private:
    const char* m_name;
    std::optional<std::string> m_before;
};

}  // namespace

TEST_CASE("plain http without a key goes through the proxy of the environment") {
    HttpServer proxy({plain(200, "by proxy")});
    const Variable variable("http_proxy", proxy.url());
    const Variable none("no_proxy", unresolvable_host());
    Wire wire({.retries = 0});
    CHECK(wire.get("http://deployment.invalid/x").value().body == "by proxy");
    CHECK(proxy.requests().at(0).target == "http://deployment.invalid/x");
    CHECK_FALSE(wire.get("http://" + unresolvable_host() + "/x"));
    CHECK(proxy.requests().size() == 1);
}

TEST_CASE("a key for this machine never goes to a proxy") {
    HttpServer proxy({plain(200, "stolen")});
    HttpServer server({plain(200, "direct")});
    const Variable http("http_proxy", proxy.url());
    const Variable all("ALL_PROXY", proxy.url());
    const Variable none("no_proxy", "");
    Wire wire;
    transport::Request request{.url = server.url()};
    request.secret_headers = {{"x-api-key", base::Secret("hunter2")}};
    CHECK(wire.transport->send(request).value().body == "direct");
    CHECK(proxy.requests().empty());
}

TEST_CASE("https asks the proxy for a tunnel, without the key") {
    HttpServer proxy({plain(407)});
    const Variable variable("https_proxy", proxy.url());
    const Variable none("no_proxy", "");
    Wire wire;
    transport::Request request{.url = "https://deployment.invalid/x"};
    request.headers = {{"x-lancedb-database", "db"}};
    request.secret_headers = {{"x-api-key", base::Secret("hunter2")}};
    const auto result = wire.transport->send(request);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::unreachable);
    CHECK(result.error().message.find("the proxy did not pass") != std::string::npos);
    CHECK(result.error().not_sent);
    CHECK(result.error().hint.find("https_proxy") != std::string::npos);
    REQUIRE(proxy.requests().size() == 1);
    const auto seen = proxy.requests()[0];
    CHECK(seen.method == "CONNECT");
    CHECK(seen.target == "deployment.invalid:443");
    CHECK_FALSE(seen.has_header("x-api-key"));
    CHECK_FALSE(seen.has_header("x-lancedb-database"));
}

TEST_CASE("a proxy's password is not shown") {
    const Variable variable("http_proxy",
                            "http://user:hunter2@127.0.0.1:" + std::to_string(unused_port()));
    const Variable none("no_proxy", "");
    Wire wire({.retries = 0});
    const auto result = wire.get("http://deployment.invalid/");
    REQUIRE_FALSE(result);
    CHECK((result.error().message + result.error().hint).find("hunter2") == std::string::npos);
}
