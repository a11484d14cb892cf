// SPDX-License-Identifier: Apache-2.0
#include "fake_transport.hpp"
#include "support/fake_clock.hpp"

using genevactl::base::ErrorKind;
using genevactl::model::ObjectId;
using genevactl::ns::Client;
using genevactl::ns::Query;
using genevactl::test::connection;
using genevactl::test::fixture;
using genevactl::test::header_of;
using genevactl::test::k_docs;
using nlohmann::json;

namespace {

/// As pylance 14 answers it, shortened.
const std::string k_described = R"({"table":"docs","namespace":[],"version":8,
  "location":"/data/docs.lance","schema":{"fields":[
  {"name":"id","nullable":false,"type":{"type":"int64"}},
  {"name":"text","type":{"type":"utf8"}},
  {"name":"emb","nullable":true,"metadata":{"virtual_column":"true","virtual_column.udf_name":"e"},
   "type":{"fields":[{"name":"item","nullable":true,"type":{"type":"float32"}}],"length":256,
   "type":"fixed_size_list"}},
  {"name":"at","nullable":true,"type":{"type":"timestamp"}},
  {"name":"price","nullable":true,"type":{"length":10002,"type":"decimal128"}},
  {"name":"meta","nullable":true,"type":{"type":"struct","fields":[
    {"name":"lang","nullable":true,"type":{"type":"large_utf8"}}]}}],
  "metadata":{"geneva::view::query":"{}"}},"metadata":{"total_rows":"1234"}})";

}  // namespace

TEST_CASE("describe sends the id twice and the connection's headers, the key apart") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, k_described);
    auto where = connection();
    where.base_url += "/";
    Client client(transport, where);
    REQUIRE(client.describe_table(ObjectId{{"team", "docs"}}, 7));
    const auto& request = transport.sent.at(0);
    CHECK(request.method == genevactl::transport::Method::post);
    CHECK(request.url == "http://127.0.0.1:4321/v1/table/team%24docs/describe?delimiter=%24");
    CHECK(transport.body(0) == json({{"id", {"team", "docs"}},
                                     {"version", 7},
                                     {"load_detailed_metadata", true},
                                     {"vend_credentials", false}}));
    CHECK(header_of(request, "Content-Type") == "application/json");
    CHECK(header_of(request, "x-lancedb-database") == "default");
    CHECK(header_of(request, "User-Agent").rfind("genevactl/", 0) == 0);
    CHECK(header_of(request, "x-api-key") == "(none)");
    REQUIRE(request.secret_headers.size() == 1);
    CHECK(request.secret_headers[0].first == "x-api-key");
    CHECK(request.secret_headers[0].second.reveal() == "sesame-key");
    CHECK(request.repeat == genevactl::transport::Repeat::safe);
}

TEST_CASE("reads ask for nothing older than now, unless they name a version") {
    genevactl::test::FakeTransport transport;
    genevactl::test::FakeClock clock;
    const auto none = genevactl::test::fixture("none.arrow");
    Client client(transport, connection(), &clock);
    const auto asked = [&] { return header_of(transport.sent.back(), "x-lancedb-min-timestamp"); };
    transport.answer(200, k_described);
    REQUIRE(client.describe_table(k_docs));
    CHECK(asked() == "2026-11-22T09:30:00Z");
    clock.sleep_for(std::chrono::milliseconds(1500));
    transport.answer(200, none);
    REQUIRE(client.query(k_docs, {}));
    CHECK(asked() == "2026-11-22T09:30:01.500000Z");
    transport.answer(200, "5");
    REQUIRE(client.count_rows(k_docs));
    CHECK(asked() == "2026-11-22T09:30:01.500000Z");

    transport.answer(200, none);
    REQUIRE(client.query(k_docs, {.version = 7}));
    CHECK(asked() == "(none)");
    Client timeless(transport, connection());
    transport.answer(200, "5");
    REQUIRE(timeless.count_rows(k_docs));
    CHECK(asked() == "(none)");
}

TEST_CASE("a bearer token goes out as Authorization") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, "5");
    Client client(transport, {"http://h", "db", {}, genevactl::base::Secret("token")});
    REQUIRE(client.count_rows(k_docs));
    REQUIRE(transport.sent[0].secret_headers.size() == 1);
    CHECK(transport.sent[0].secret_headers[0].first == "Authorization");
    CHECK(transport.sent[0].secret_headers[0].second.reveal() == "Bearer token");
}

TEST_CASE("a described table has its version, rows, and schema with readable types") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, k_described);
    Client client(transport, connection());
    const auto table = client.describe_table(k_docs);
    REQUIRE(table);
    CHECK(table->version == 8);
    CHECK(table->rows == 1234);
    CHECK(table->location == "/data/docs.lance");
    CHECK(table->is_view());
    const auto& schema = table->schema;
    CHECK(schema.find("id")->type == "int64");
    CHECK_FALSE(schema.find("id")->nullable);
    CHECK(schema.find("text")->nullable);
    CHECK(schema.find("emb")->type == "fixed_size_list<float, 256>");
    CHECK(json::parse(schema.find("emb")->type_json)["length"] == 256);
    CHECK(schema.find("emb")->metadata.at("virtual_column") == "true");
    CHECK(schema.find("at")->type == "timestamp");
    CHECK(schema.find("price")->type == "decimal128(10, 2)");
    CHECK(schema.find("meta")->type == "struct<lang: large_string>");
    CHECK(schema.find(*genevactl::model::FieldPath::parse("meta.lang"))->type == "large_string");
}

TEST_CASE("a table that is only declared has no schema") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, R"({"location":"/x","is_only_declared":true})");
    Client client(transport, connection());
    const auto table = client.describe_table(k_docs);
    REQUIRE(table);
    CHECK(table->schema.fields.empty());
    CHECK_FALSE(table->rows);
}

TEST_CASE("a schema that makes no sense is an error that says where") {
    const auto body = GENERATE(as<std::string>(), R"({"schema":{"fields":[{"name":"x"}]}})",
                               R"({"schema":{"fields":[{"type":{"type":"int64"}}]}})",
                               R"({"schema":{"fields":[7]}})",
                               R"({"schema":{"fields":[{"name":"x","type":{"kind":"int64"}}]}})");
    genevactl::test::FakeTransport transport;
    transport.answer(200, body);
    Client client(transport, connection());
    const auto table = client.describe_table(k_docs);
    REQUIRE(!table);
    CHECK(table.error().kind == ErrorKind::failed);
    CHECK(table.error().context == std::vector<std::string>{"trying to describe table docs"});
}

TEST_CASE("JSON without end and JSON nested without end are errors") {
    const auto body =
        GENERATE(as<std::string>(), "", "{\"a\":", "<html></html>", "[1]",
                 std::string(100'000, '[') + std::string(100'000, ']'),
                 "{\"schema\":" + std::string(200, '[') + std::string(200, ']') + "}");
    genevactl::test::FakeTransport transport;
    transport.answer(200, body);
    Client client(transport, connection());
    const auto table = client.describe_table(k_docs);
    REQUIRE(!table);
    CHECK(table.error().kind == ErrorKind::failed);
    CHECK(table.error().message.find("cannot describe table docs: the server answered HTTP 200") ==
          0);
    CHECK(table.error().request_id == "req-1");
}

TEST_CASE("tables are listed over all pages, sorted, each once") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, R"({"tables":["b","a"],"page_token":"x y"})");
    transport.answer(200, R"({"tables":["c","a"]})");
    Client client(transport, connection());
    const auto tables = client.list_tables({});
    REQUIRE(tables);
    CHECK(*tables == std::vector<std::string>{"a", "b", "c"});
    CHECK(transport.sent[0].method == genevactl::transport::Method::get);
    CHECK(transport.sent[0].url ==
          "http://127.0.0.1:4321/v1/namespace/%24/table/list?delimiter=%24&limit=1000");
    CHECK(transport.sent[1].url.find("&page_token=x%20y") != std::string::npos);
}

TEST_CASE("a server that repeats its page token ends the list") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, R"({"tables":["a"],"page_token":"t"})");
    transport.answer(200, R"({"tables":["a"],"page_token":"t"})");
    Client client(transport, connection());
    CHECK(client.list_tables(ObjectId{{"team"}})->size() == 1);
    CHECK(transport.sent[0].url.find("/v1/namespace/team/table/list") != std::string::npos);
}

TEST_CASE("a query's body is the Python client's") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, fixture("small.arrow"));
    Client client(transport, connection());
    Query query;
    query.columns = {"t", "n"};
    query.filter = "t = 'a'";
    query.offset = 5;
    query.version = 3;
    const auto rows = client.query(k_docs, query);
    REQUIRE(rows);
    CHECK(rows->size() == 2);
    const auto expected = json::parse(R"({"id":["docs"],"bypass_vector_index":true,
            "columns":{"column_names":["t","n"]},"filter":"t = 'a'","k":10,"offset":5,
            "prefilter":true,"vector":{"single_vector":[]},"version":3,"with_row_id":false})");
    CHECK(transport.body(0) == expected);
}

TEST_CASE("a query without columns, filter, offset and version names none") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, fixture("small.arrow"));
    Client client(transport, connection());
    REQUIRE(client.query(k_docs, {}));
    const auto expected = json::parse(R"({"id":["docs"],"bypass_vector_index":true,"k":10,
            "prefilter":true,"vector":{"single_vector":[]},"with_row_id":false})");
    CHECK(transport.body(0) == expected);
}

TEST_CASE("a query for no rows is a mistake that is never sent") {
    genevactl::test::FakeTransport transport;
    Client client(transport, connection());
    Query query;
    query.limit = 0;
    CHECK(client.query(k_docs, query).error().kind == ErrorKind::usage);
    CHECK(transport.sent.empty());
}

TEST_CASE("an answer that is no Arrow IPC says of which table") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, "{}");
    Client client(transport, connection());
    const auto rows = client.query(k_docs, {});
    REQUIRE(!rows);
    CHECK(rows.error().context == std::vector<std::string>{"trying to query table docs"});
    CHECK(rows.error().request_id == "req-1");
}

TEST_CASE("rows are counted with a predicate at a version") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, "42");
    transport.answer(200, "-1");
    transport.answer(200, "{}");
    Client client(transport, connection());
    CHECK(client.count_rows(k_docs, "id > 1", 4).value() == 42);
    CHECK(transport.body(0) == json({{"id", {"docs"}}, {"version", 4}, {"predicate", "id > 1"}}));
    CHECK_FALSE(client.count_rows(k_docs));
    CHECK_FALSE(client.count_rows(k_docs));
    CHECK(transport.body(1) == json({{"id", {"docs"}}}));
}
