// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>

#include <thread>

#include "genevactl/base/files.hpp"
#include "genevactl/base/process.hpp"
#include "transport_support.hpp"

using namespace genevactl;
using namespace genevactl::test;
using namespace std::chrono_literals;
using base::ErrorKind;

namespace {

/// A certificate of its own making and a server that shows it: `openssl s_server` on a free port.
class TlsServer {
public:
    explicit TlsServer(const std::string& alternative_name) {
        base::SystemProcessRunner runner(base::no_interrupt());
        const auto made = runner.run(
            {.arguments = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                           "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                           "/CN=test", "-addext", "subjectAltName=" + alternative_name, "-keyout",
                           path("key.pem"), "-out", path("certificate.pem")}});
        REQUIRE(made.value().exit_code == 0);
        m_pid = runner
                    .spawn_detached(
                        {.arguments = {"openssl", "s_server", "-accept", "127.0.0.1:0", "-www",
                                       "-key", path("key.pem"), "-cert", path("certificate.pem")}},
                        path("log"))
                    .value();
        m_port = wait_for_port();
    }
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;
    ~TlsServer() {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
    std::string path(const std::string& name) const { return (m_folder.path() / name).string(); }
    std::string url(const std::string& host) const { return "https://" + host + ":" + m_port; }

private:
    /// It says "ACCEPT 127.0.0.1:PORT" when it listens.
    std::string wait_for_port() const {
        while (true) {
            const auto log = base::read_file(path("log")).value_or("");
            const auto at = log.find("ACCEPT 127.0.0.1:");
            const auto end = log.find('\n', at == std::string::npos ? 0 : at);
            if (at != std::string::npos && end != std::string::npos) {
                return log.substr(at + 17, end - at - 17);
            }
            REQUIRE(::waitpid(m_pid, nullptr, WNOHANG) == 0);
            std::this_thread::sleep_for(5ms);
        }
    }

    base::TemporaryDirectory m_folder = base::TemporaryDirectory::create("genevactl-test-").value();
    pid_t m_pid = -1;
    std::string m_port;
};

}  // namespace

TEST_CASE("a certificate that nobody vouches for is refused, and accepted with --ca-bundle") {
    const TlsServer server("IP:127.0.0.1");
    Wire strict;
    const auto result = strict.get(server.url("127.0.0.1"));
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::unreachable);
    CHECK(result.error().message.find("is not trusted") != std::string::npos);
    CHECK(result.error().hint.find("--ca-bundle") != std::string::npos);
    CHECK_FALSE(result.error().retryable);
    CHECK(strict.clock.sleeps.empty());
    const auto post = strict.post(server.url("127.0.0.1"), transport::Repeat::unaccepted);
    REQUIRE_FALSE(post);
    CHECK(post.error().not_sent);

    Wire trusting({.ca_bundle = server.path("certificate.pem")});
    CHECK(trusting.get(server.url("127.0.0.1")).value().status == 200);
}

TEST_CASE("a trusted certificate of another name is refused") {
    const TlsServer server("DNS:elsewhere.example");
    Wire wire({.ca_bundle = server.path("certificate.pem")});
    const auto result = wire.get(server.url("127.0.0.1"));
    REQUIRE_FALSE(result);
    CHECK(result.error().message.find("is not trusted") != std::string::npos);
}

TEST_CASE("a CA bundle that cannot be read is a usage error") {
    const TlsServer server("IP:127.0.0.1");
    for (const auto& path : {server.path("none.pem"), server.path("key.pem")}) {
        Wire wire({.ca_bundle = path});
        const auto result = wire.get(server.url("127.0.0.1"));
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::usage);
        CHECK(result.error().message.find(path) != std::string::npos);
    }
}

TEST_CASE("https to a server that speaks plain http is told as such") {
    HttpServer server({plain(200)});
    Wire wire;
    const auto result = wire.get("https://127.0.0.1:" + std::to_string(server.port()));
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::unreachable);
    CHECK(result.error().message.find("no TLS connection") != std::string::npos);
    CHECK(wire.clock.sleeps.empty());
}
