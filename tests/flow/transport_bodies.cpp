// SPDX-License-Identifier: Apache-2.0
// Bodies that are slices of files, pauses of large transfers, and use by several threads.
#include <fstream>
#include <thread>

#include "genevactl/base/files.hpp"
#include "genevactl/base/secret.hpp"
#include "transport_support.hpp"

using namespace genevactl;
using namespace genevactl::test;
using namespace std::chrono_literals;
using transport::Method;

namespace {

/// A file of `size` bytes in which every place can be told from every other near it.
struct Sample {
    explicit Sample(std::size_t size)
        : folder(base::TemporaryDirectory::create("genevactl-test-").value()),
          path(folder.path() / "sample") {
        for (std::size_t i = 0; i < size; ++i) {
            bytes += static_cast<char>((i * 7 + i / 251) % 256);
        }
        std::ofstream(path, std::ios::binary) << bytes;
    }
    base::TemporaryDirectory folder;
    std::filesystem::path path;
    std::string bytes;
};

transport::Request put(const std::string& url, const Sample& sample, std::uint64_t offset,
                       std::uint64_t length) {
    return {.method = Method::put,
            .url = url,
            .file = transport::FileSlice{sample.path, offset, length}};
}

}  // namespace

TEST_CASE("a slice of a file is sent as a body of that length") {
    const Sample sample(3'000'000);
    HttpServer server({plain(200)});
    Wire wire;
    for (const auto& [offset, length] : {std::pair<std::uint64_t, std::uint64_t>{0, 3'000'000},
                                         {1'000'001, 1'234'567},
                                         {2'999'999, 1},
                                         {5, 0}}) {
        REQUIRE(wire.transport->send(put(server.url(), sample, offset, length)));
        const auto seen = server.requests().back();
        CHECK(seen.method == "PUT");
        CHECK(seen.header("content-length") == std::to_string(length));
        CHECK_FALSE(seen.has_header("transfer-encoding"));
        CHECK_FALSE(seen.has_header("expect"));
        CHECK((seen.body == sample.bytes.substr(offset, length)));
    }
}

TEST_CASE("a slice is sent from its beginning again when an attempt failed") {
    const Sample sample(300'000);
    HttpServer server({plain(503), faulty(Fault::reset), plain(500), plain(200, "there")});
    Wire wire;
    auto request = put(server.url(), sample, 1'000, 200'000);
    request.repeat_after_500 = true;
    CHECK(wire.transport->send(request).value().body == "there");
    const auto seen = server.requests();
    REQUIRE(seen.size() == 4);
    for (const auto& each : seen) {
        CHECK((each.body == sample.bytes.substr(1'000, 200'000)));
    }
}

TEST_CASE("a 500 is the answer unless the request says that it is worth another attempt") {
    HttpServer server({plain(500)});
    Wire wire;
    CHECK(wire.get(server.url()).value().status == 500);
    CHECK(server.requests().size() == 1);
    transport::Request request{.url = server.url(), .repeat_after_500 = true};
    CHECK(wire.transport->send(request).value().status == 500);
    CHECK(server.requests().size() == 6);
    request.repeat = transport::Repeat::unaccepted;
    CHECK(wire.transport->send(request).value().status == 500);
    CHECK(server.requests().size() == 7);
}

TEST_CASE("a slice of a file that is not there, or too short, is an error that names it") {
    const Sample sample(100);
    HttpServer server({plain(200)});
    Wire wire;
    auto request = put(server.url(), sample, 50, 51);
    auto result = wire.transport->send(request);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == base::ErrorKind::failed);
    CHECK(result.error().message == sample.path.string() + " became shorter while it was sent");
    request.file->path += ".gone";
    result = wire.transport->send(request);
    REQUIRE_FALSE(result);
    CHECK(result.error().message.find("sample.gone: No such file") != std::string::npos);
    CHECK(result.error().not_sent);
}

TEST_CASE("a transfer that stands still is ended and tried again, however much time there was") {
    const Sample sample(100'000);
    Wire wire({.deadline = 1s, .retries = 2});
    int attempts = 0;
    HttpServer server([&](const HttpRequest&) {
        wire.clock.go_on_by_itself(5s);  // longer than the total deadline
        return ++attempts < 3 ? faulty(Fault::stall) : plain(200, "there");
    });
    auto request = put(server.url(), sample, 0, 100'000);
    request.stall = 60s;
    CHECK(wire.transport->send(request).value().body == "there");
    CHECK(attempts == 3);
    wire.clock.go_on_by_itself(0s);
    attempts = -10;
    const auto result = wire.transport->send(request);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == base::ErrorKind::unreachable);
    CHECK(result.error().message == "nothing more moved between here and " + server.url() +
                                        " for 1m00s (waiting for the answer) (tried 3 times)");
}

TEST_CASE("the secret part of a query reaches the server and nothing else") {
    HttpServer server({redirect(307, "/elsewhere?x=1"), plain(200, "there")});
    Wire wire;
    transport::Request request{.url = server.url() + "/a?comp=block"};
    request.secret_query = base::Secret("sig=hunter2%3D");
    CHECK(wire.transport->send(request).value().body == "there");
    CHECK(server.requests()[0].target == "/a?comp=block&sig=hunter2%3D");
    CHECK(server.requests()[1].target == "/elsewhere?x=1");
    request.follow_redirects = false;
    request.url = server.url();
    CHECK(wire.transport->send(request).value().status == 200);
    CHECK(server.requests()[2].target == "/?sig=hunter2%3D");

    request.url = "http://192.0.2.1/";
    const auto refused = wire.transport->send(request);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == base::ErrorKind::refused);
    request.url = server.url();
    request.secret_query = base::Secret("sig=a b");
    CHECK(wire.transport->send(request).error().kind == base::ErrorKind::usage);
}

TEST_CASE("a redirect is an answer where the request says so") {
    HttpServer server({redirect(307, "/elsewhere"), plain(200)});
    Wire wire;
    CHECK(wire.transport->send({.url = server.url(), .follow_redirects = false}).value().status ==
          307);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("several threads send at once, each on connections of its own") {
    HttpServer server([](const HttpRequest& request) { return plain(200, request.body); });
    ManualInterrupt interrupt;
    base::SystemClock clock(interrupt);
    const auto shared = transport::make_transport({}, clock, interrupt);
    std::vector<std::string> answers(4);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            threads.emplace_back([&, i] {
                for (int round = 0; round < 20; ++round) {
                    const auto body = std::to_string(i) + std::string(10'000, 'x');
                    const auto response =
                        shared->send({.method = Method::put, .url = server.url(), .body = body});
                    answers[i] += response && response->body == body ? '.' : '!';
                }
            });
        }
    }
    for (const auto& answer : answers) {
        CHECK(answer == std::string(20, '.'));
    }
    CHECK(server.requests().size() == 80);
    CHECK(server.connections() <= 4);
}
