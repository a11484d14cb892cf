// SPDX-License-Identifier: Apache-2.0
#include "fake_transport.hpp"

using genevactl::base::ErrorKind;
using genevactl::ns::Client;
using genevactl::test::connection;
using genevactl::test::fixture;

namespace {

const std::string k_local = R"({"service":"genevactl-local","api_version":1,
    "capabilities":["backfill","cancel","default-manifest"],"geneva":"0.17.0"})";

}  // namespace

TEST_CASE("a local deployment says what it can do, and is asked once") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, k_local);
    Client client(transport, connection());
    const auto first = client.capabilities();
    REQUIRE(first);
    CHECK(first->local);
    CHECK(first->has("cancel"));
    CHECK_FALSE(first->has("views"));
    CHECK(first->document == k_local);
    CHECK(client.capabilities()->local);
    REQUIRE(transport.sent.size() == 1);
    CHECK(transport.sent[0].method == genevactl::transport::Method::get);
    CHECK(transport.sent[0].url == "http://127.0.0.1:4321/genevactl/v1/capabilities");
}

TEST_CASE("a deployment that does not know the question is Enterprise") {
    const auto answer =
        GENERATE(values<std::pair<long, std::string>>({{404, ""},
                                                       {404, R"({"error":"no route","code":0})"},
                                                       {406, R"({"error":"x","code":0})"},
                                                       {403, R"({"error":"x","code":15})"},
                                                       {400, R"({"error":"x","code":13})"},
                                                       {405, "Method Not Allowed"},
                                                       {200, "<html>"},
                                                       {200, "{}"},
                                                       {200, "[]"}}));
    genevactl::test::FakeTransport transport;
    transport.answer(answer.first, answer.second);
    Client client(transport, connection());
    const auto capabilities = client.capabilities();
    REQUIRE(capabilities);
    CHECK_FALSE(capabilities->local);
    CHECK(capabilities->names.empty());
    CHECK_FALSE(client.default_manifest()->readable);
    CHECK(transport.sent.size() == 1);
}

TEST_CASE("a wrong key and a server that is down are not taken for Enterprise") {
    genevactl::test::FakeTransport transport;
    transport.answer(401, R"({"error":"bad key","code":16})");
    transport.answer(503, "");
    transport.fail(ErrorKind::unreachable, "connection refused");
    Client client(transport, connection());
    CHECK(client.capabilities().error().kind == ErrorKind::unauthenticated);
    CHECK(client.capabilities().error().kind == ErrorKind::unreachable);
    CHECK(client.capabilities().error().kind == ErrorKind::unreachable);
}

TEST_CASE("the default manifest is read where the deployment tells it") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, k_local);
    transport.answer(200, R"({"manifest":{"name":"base","checksum":"c3","json":"{}"}})");
    transport.answer(200, R"({"manifest":null})");
    Client client(transport, connection());
    const auto manifest = client.default_manifest();
    REQUIRE(manifest);
    CHECK(manifest->readable);
    REQUIRE(manifest->manifest);
    CHECK(manifest->manifest->name == "base");
    CHECK(manifest->manifest->checksum == "c3");
    CHECK(manifest->manifest->json == "{}");
    CHECK(transport.sent[1].url == "http://127.0.0.1:4321/genevactl/v1/default_manifest");
    const auto none = client.default_manifest();
    CHECK(none->readable);
    CHECK_FALSE(none->manifest);
}

TEST_CASE("a job is cancelled where the deployment can") {
    genevactl::test::FakeTransport transport;
    Client client(transport, connection());
    SECTION("it can") {
        transport.answer(200, k_local);
        transport.answer(200, R"({"job_id":"a/b","status":"CANCELLED"})");
        CHECK(client.cancel_job("a/b"));
        CHECK(transport.sent[1].url == "http://127.0.0.1:4321/genevactl/v1/job/a%2Fb/cancel");
        CHECK(transport.sent[1].method == genevactl::transport::Method::post);
    }
    SECTION("it cannot") {
        transport.answer(404, "");
        const auto status = client.cancel_job("j");
        REQUIRE(!status);
        CHECK(status.error().kind == ErrorKind::failed);
        CHECK(status.error().message.find("no way to cancel") != std::string::npos);
    }
    SECTION("it has ended") {
        transport.answer(200, k_local);
        transport.answer(409, R"({"error":"job j has already ended","code":14})");
        const auto status = client.cancel_job("j");
        REQUIRE(!status);
        CHECK(status.error().kind == ErrorKind::conflict);
        CHECK(status.error().hint == "see `genevactl job show j`");
    }
}

TEST_CASE("failures of rows are read with a limit, and none without their table") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, fixture("errors.arrow"));
    transport.answer(404, R"({"error":"x","code":4})");
    Client client(transport, connection());
    const auto errors = client.row_errors("job'1", 20);
    REQUIRE(errors);
    REQUIRE(errors->size() == 2);
    CHECK(errors->at(0).error_type == "ValueError");
    CHECK(errors->at(0).message == "no such word");
    CHECK(errors->at(0).row_address == 4);
    CHECK(errors->at(0).table == "docs");
    CHECK(errors->at(0).column == "embedding");
    CHECK(errors->at(0).traceback == "Traceback");
    CHECK_FALSE(errors->at(1).row_address);
    CHECK(transport.body(0)["filter"] == "job_id = 'job''1'");
    CHECK(transport.body(0)["k"] == 20);
    CHECK(client.row_errors("j", 5)->empty());
    CHECK(client.row_errors("j", 0)->empty());
    CHECK(transport.sent.size() == 2);
}

TEST_CASE("a named manifest has the JSON and the checksum that the Python client computes") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, fixture("manifests.arrow"));
    Client client(transport, connection());
    const auto manifest = client.named_manifest("m'1");
    REQUIRE(manifest);
    REQUIRE(*manifest);
    CHECK(transport.body(0)["filter"] == "name = 'm''1'");
    CHECK((*manifest)->name == "mani");
    CHECK((*manifest)->json == fixture("manifest.json"));
    CHECK(nlohmann::json::parse((*manifest)->json)["checksum"] == (*manifest)->checksum);
}

TEST_CASE("a manifest that nobody defined is nothing") {
    genevactl::test::FakeTransport transport;
    transport.answer(404, R"({"error":"x","code":4})");
    transport.answer(200, fixture("none.arrow"));
    Client client(transport, connection());
    CHECK_FALSE(client.named_manifest("x").value());
    CHECK_FALSE(client.named_manifest("x").value());
}
