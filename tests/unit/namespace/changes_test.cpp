// SPDX-License-Identifier: Apache-2.0
#include "fake_transport.hpp"

using genevactl::base::ErrorKind;
using genevactl::model::BackfillParameters;
using genevactl::model::ObjectId;
using genevactl::ns::Client;
using genevactl::test::connection;
using genevactl::test::header_of;
using genevactl::test::k_docs;
using genevactl::transport::Repeat;
using nlohmann::json;

TEST_CASE("add_columns sends every member that the Python client sends, once") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, R"({"version":9})");
    Client client(transport, connection());
    const auto version = client.add_columns(
        k_docs, {{"q", "cast(id as double)", {}}, {"emb", {}, R"({"udf_name":"e","outputs":[]})"}});
    CHECK(version.value() == 9);
    CHECK(transport.sent[0].url == "http://127.0.0.1:4321/v1/table/docs/add_columns?delimiter=%24");
    CHECK(transport.sent[0].repeat == Repeat::unaccepted);
    const auto expected = json::parse(R"json({"id":["docs"],"new_columns":[
        {"name":"q","expression":"cast(id as double)","computed":null,"virtual_column":null},
        {"name":"emb","expression":null,"computed":null,
         "virtual_column":{"udf_name":"e","outputs":[]}}]})json");
    CHECK(transport.body(0) == expected);
}

TEST_CASE("alter_columns sends every member that the Python client sends, once") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, R"({"version":10})");
    Client client(transport, connection());
    const auto version = client.alter_columns(k_docs, {{"ln", "ln_x", {}}, {"emb", {}, "{}"}});
    CHECK(version.value() == 10);
    CHECK(transport.sent[0].repeat == Repeat::unaccepted);
    const auto expected = json::parse(R"({"id":["docs"],"alterations":[
        {"path":"ln","rename":"ln_x","nullable":null,"virtual_column":null},
        {"path":"emb","rename":null,"nullable":null,"virtual_column":{}}]})");
    CHECK(transport.body(0) == expected);
}

TEST_CASE("a virtual column that is no JSON object is a bug of ours, and never sent") {
    genevactl::test::FakeTransport transport;
    Client client(transport, connection());
    CHECK(client.add_columns(k_docs, {{"x", {}, "nope"}}).error().kind == ErrorKind::internal);
    CHECK(client.alter_columns(k_docs, {{"x", {}, "[]"}}).error().kind == ErrorKind::internal);
    CHECK(transport.sent.empty());
}

TEST_CASE("a plain backfill sends the client's defaults and the version that was seen") {
    genevactl::test::FakeTransport transport;
    transport.answer(202, R"({"job_id":"j-1"})");
    Client client(transport, connection());
    CHECK(client.backfill(k_docs, "emb", {}, 7).value() == "j-1");
    CHECK(transport.sent[0].url ==
          "http://127.0.0.1:4321/v1/table/docs/backfill_column?delimiter=%24");
    CHECK(header_of(transport.sent[0], "x-lancedb-min-read-version") == "7");
    CHECK(transport.sent[0].repeat == Repeat::unaccepted);
    const auto expected = json::parse(R"({"id":["docs"],"column":"emb","where":null,
        "concurrency":8,"intra_applier_concurrency":1,"min_checkpoint_size":null,
        "max_checkpoint_size":null,"batch_checkpoint_flush_interval_seconds":null,
        "read_version":7,"task_size":null,"num_frags":null,"checkpoint_size":null,
        "commit_granularity":null,"cluster":null,"manifest":null})");
    CHECK(transport.body(0) == expected);
}

TEST_CASE("a backfill sends what was asked for; a read version does not move the header") {
    genevactl::test::FakeTransport transport;
    transport.answer(202, R"({"job_id":"j-1"})");
    Client client(transport, connection());
    BackfillParameters p;
    p.where = "id > 2";
    p.concurrency = 2;
    p.intra_applier_concurrency = 3;
    p.min_checkpoint_size = 2;
    p.max_checkpoint_size = 9;
    p.checkpoint_size = 5;
    p.checkpoint_flush_interval_seconds = 1.5;
    p.task_size = 10;
    p.num_frags = 2;
    p.read_version = 3;
    p.commit_granularity = 7;
    p.cluster = "c";
    p.manifest = "mm";
    REQUIRE(client.backfill(k_docs, "emb", p, 7));
    CHECK(header_of(transport.sent[0], "x-lancedb-min-read-version") == "7");
    const auto expected = json::parse(R"({"id":["docs"],"column":"emb","where":"id > 2",
        "concurrency":2,"intra_applier_concurrency":3,"min_checkpoint_size":2,
        "max_checkpoint_size":9,"batch_checkpoint_flush_interval_seconds":1.5,"read_version":3,
        "task_size":10,"num_frags":2,"checkpoint_size":5,"commit_granularity":7,"cluster":"c",
        "manifest":"mm"})");
    CHECK(transport.body(0) == expected);
}

TEST_CASE("a backfill without an answer says that a job may exist, and how to look") {
    genevactl::test::FakeTransport transport;
    const auto id = ObjectId{{"team x", "docs"}};
    Client client(transport, connection());
    SECTION("the connection broke") {
        transport.fail(ErrorKind::unreachable, "the server hung up");
    }
    SECTION("a gateway gave up") {
        transport.answer(504, "<html>Gateway Timeout</html>");
    }
    SECTION("a proxy failed") {
        transport.answer(502, "");
    }
    SECTION("the answer is none") {
        transport.answer(202, "accepted");
    }
    const auto job = client.backfill(id, "emb", {}, 7);
    REQUIRE(!job);
    CHECK(job.error().message.find("a job may exist") != std::string::npos);
    CHECK(job.error().hint ==
          "look with `genevactl job list --table docs --status PENDING,RUNNING` "
          "before starting another");
    CHECK_FALSE(job.error().retryable);
    CHECK(transport.sent.size() == 1);
}

TEST_CASE("a backfill that was certainly not accepted does not say so") {
    genevactl::test::FakeTransport transport;
    Client client(transport, connection());
    SECTION("the API refused") {
        transport.answer(400, R"({"error":"no","code":13})");
    }
    SECTION("the API failed") {
        transport.answer(500, R"({"error":"no","code":18})");
    }
    SECTION("throttled") {
        transport.answer(429, "slow down");
    }
    SECTION("not available") {
        transport.answer(503, "");
    }
    SECTION("nobody listens") {
        transport.fail(ErrorKind::unreachable, "no connection");
        transport.answers.back().error().not_sent = true;
    }
    SECTION("the certificate is not trusted") {
        transport.fail(ErrorKind::unreachable, "not trusted");
        transport.answers.back().error().not_sent = true;
    }
    SECTION("the key may not travel") {
        transport.fail(ErrorKind::refused, "plain http");
        transport.answers.back().error().not_sent = true;
    }
    SECTION("the server passed it on") {
        transport.fail(ErrorKind::refused, "redirected elsewhere");
    }
    const auto job = client.backfill(k_docs, "emb", {}, 7);
    REQUIRE(!job);
    CHECK(job.error().message.find("may exist") == std::string::npos);
    const bool says = job.error().message.find("; nothing was sent") != std::string::npos;
    CHECK(says == job.error().not_sent);
}

TEST_CASE("an accepted backfill that names no job is an error with a way to look") {
    genevactl::test::FakeTransport transport;
    transport.answer(202, R"({"job_id":""})");
    Client client(transport, connection());
    const auto job = client.backfill(k_docs, "emb", {}, 7);
    REQUIRE(!job);
    CHECK(job.error().hint.find("genevactl job list --table docs") != std::string::npos);
}

TEST_CASE("a text that is no UTF-8 does not end the program") {
    genevactl::test::FakeTransport transport;
    transport.answer(202, R"({"job_id":"j"})");
    Client client(transport, connection());
    BackfillParameters p;
    p.where = "t = '\xff'";
    CHECK(client.backfill(k_docs, "emb", p, 7).value() == "j");
}
