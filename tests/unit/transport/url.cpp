// SPDX-License-Identifier: Apache-2.0
#include "url.hpp"

#include "genevactl/transport/transport.hpp"
#include "support/catch.hpp"

using namespace genevactl::transport;
using genevactl::base::ErrorKind;

TEST_CASE("a URL is read into the parts that decide where a request goes") {
    const auto url = parse_url("HTTPS://Host.Example:8443/v1/table?delimiter=%24#part").value();
    CHECK(url.secure);
    CHECK(url.host == "host.example");
    CHECK(url.port == 8443);
    CHECK(url.text == "HTTPS://Host.Example:8443/v1/table?delimiter=%24");
    CHECK(url.origin() == "https://host.example:8443");
    CHECK(parse_url("http://a").value().port == 80);
    CHECK(parse_url("https://a:/x").value().port == 443);
    CHECK(parse_url("https://a:443").value().origin() == "https://a");
    CHECK(parse_url("http://a?b:c@d").value().host == "a");
    CHECK(parse_url("http://[::1]:5/").value().host == "::1");
    CHECK(parse_url("http://[::1]:5/").value().origin() == "http://[::1]:5");
}

TEST_CASE("what two readers could understand differently is refused") {
    for (const auto* text : {"",
                             "host",
                             "ftp://host",
                             "file:///etc/passwd",
                             "//host",
                             "http://",
                             "http:///path",
                             "http://host:0",
                             "http://host:65536",
                             "http://host:x",
                             "http://host:1:2",
                             "http://127.0.0.1\\@evil.example/",
                             "http://a b",
                             "http://a\tb",
                             "http://a/\n",
                             "http://caf\xC3\xA9/",
                             "http://a%2e/",
                             "http://[::1",
                             "http://[::1]x",
                             "http://[g]",
                             "http://[]",
                             "http://a|b/",
                             "http://127.0.0.1 @evil.example/",
                             "http:/host"}) {
        INFO(text);
        const auto result = parse_url(text);
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::usage);
    }
}

TEST_CASE("a URL with a password is refused and the password not shown") {
    for (const auto* text : {"https://user:hunter2@host/", "https://hunter2@host",
                             "https://user:hun/hunter2@host", "https://h/?k=hunter2 x"}) {
        INFO(text);
        const auto result = parse_url(text);
        REQUIRE_FALSE(result);
        CHECK(result.error().message.find("hunter2") == std::string::npos);
    }
}

TEST_CASE("loopback is what surely never leaves the machine") {
    for (const auto* url : {"http://127.0.0.1", "http://127.0.0.1:8000/x", "https://127.255.1.2",
                            "http://localhost:1", "http://LOCALHOST", "http://[::1]:5/x"}) {
        INFO(url);
        CHECK(is_loopback(url));
    }
    for (const auto* url :
         {"http://127.0.0.1.evil.example", "http://localhost.evil.example", "http://127.1",
          "http://0x7f.0.0.1", "http://2130706433", "http://0.0.0.0", "http://127.0.0.256",
          "http://127.0.0.01", "http://127.0.0.1.", "http://10.0.0.1", "http://[::]",
          "http://[::ffff:127.0.0.1]", "http://128.0.0.1", "127.0.0.1", "", "http://localhost@evil",
          "http://127.0.0.-1", "http://127.0.0.+1", "http://127.0..1"}) {
        INFO(url);
        CHECK_FALSE(is_loopback(url));
    }
}

TEST_CASE("the same origin is the same scheme, host and port") {
    const auto url = parse_url("https://a.example/x").value();
    CHECK(url.same_origin(parse_url("https://A.example:443/y?z").value()));
    CHECK_FALSE(url.same_origin(parse_url("http://a.example:443/x").value()));
    CHECK_FALSE(url.same_origin(parse_url("https://a.example:444/x").value()));
    CHECK_FALSE(url.same_origin(parse_url("https://b.a.example/x").value()));
}

TEST_CASE("everything but the unreserved characters is percent-encoded") {
    CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
    CHECK(percent_encode("a b/c$d%") == "a%20b%2Fc%24d%25");
    CHECK(percent_encode("\xC3\xA9") == "%C3%A9");
    CHECK(percent_encode(std::string(1, '\0')) == "%00");
}
