// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "transport_support.hpp"

using namespace genevactl;
using namespace genevactl::test;

TEST_CASE("a trace holds every attempt and no secret") {
    auto answer = json_response(200, R"({"storage_options":{"aws_session_token":"hunter2"}})");
    answer.headers.emplace_back("Set-Cookie", "hunter2");
    HttpServer server({faulty(Fault::drop), plain(429), answer});
    const auto folder = base::TemporaryDirectory::create("genevactl-test-").value();
    const auto path = folder.path() / "trace";
    {
        Wire wire({.trace = path});
        transport::Request request{.method = transport::Method::post,
                                   .url = server.url() + "/v1/x?token=hunter2"};
        request.headers = {{"content-type", "application/json"}};
        request.secret_headers = {{"x-api-key", base::Secret("swordfish")}};
        request.body = R"({"id":["t"],"manifest":"hunter2"})";
        REQUIRE(wire.transport->send(request).value().status == 200);
    }
    const auto text = base::read_private_file(path).value();
    CHECK(text.find("hunter2") == std::string::npos);
    CHECK(text.find("swordfish") == std::string::npos);
    const auto lines = base::split(base::trim(text), '\n');
    REQUIRE(lines.size() == 3);
    const auto first = nlohmann::json::parse(lines[0]);
    const auto last = nlohmann::json::parse(lines[2]);
    CHECK(first["response"].is_null());
    CHECK(first["error"].get<std::string>().find("without an answer") != std::string::npos);
    CHECK(nlohmann::json::parse(lines[1])["response"]["status"] == 429);
    CHECK(last["attempt"] == 3);
    CHECK(last["request_id"] == first["request_id"]);
    CHECK(last["request"]["body"]["id"] == nlohmann::json::array({"t"}));
    CHECK(last["response"]["body"]["storage_options"]["aws_session_token"] == "(7 bytes)");
}

TEST_CASE("a trace that cannot be written stops the command before anything is sent") {
    HttpServer server({plain(200)});
    Wire wire({.trace = "/no/such/folder/trace"});
    const auto result = wire.get(server.url());
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == base::ErrorKind::usage);
    CHECK(server.requests().empty());
}
