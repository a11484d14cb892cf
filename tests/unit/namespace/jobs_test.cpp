// SPDX-License-Identifier: Apache-2.0
#include "fake_transport.hpp"
#include "job_rows.hpp"

using genevactl::base::ErrorKind;
using genevactl::model::JobRecord;
using genevactl::model::JobStatus;
using genevactl::ns::Client;
using genevactl::ns::job_columns;
using genevactl::ns::job_stream;
using genevactl::ns::JobColumn;
using genevactl::ns::JobFilter;
using genevactl::ns::Rows;
using genevactl::ns::sql_filter;
using genevactl::test::connection;
using genevactl::test::fixture;
using genevactl::test::header_of;
using nlohmann::json;

namespace {

const std::string k_no_table = R"({"error":"table id '__system$geneva_jobs'","code":4})";

/// The jobs table as describe tells it, at version 5, less the columns left out.
std::string described(const std::string& left_out = "", const json& more = json::array()) {
    auto fields = more;
    for (const auto& column : job_columns()) {
        if (column.name == left_out) continue;
        json type = {{"type", column.type == JobColumn::Type::time ? "timestamp" : "utf8"}};
        if (column.type == JobColumn::Type::texts) {
            const json item = {{"name", "item"}, {"nullable", true}, {"type", {{"type", "utf8"}}}};
            type = {{"type", "list"}, {"fields", json::array({item})}};
        }
        fields.push_back({{"name", column.name}, {"nullable", column.nullable}, {"type", type}});
    }
    return json({{"version", 5}, {"schema", {{"fields", fields}}}}).dump();
}

JobRecord record() {
    JobRecord job;
    job.id = "j-1";
    job.table = "docs";
    job.column = "emb";
    job.status = JobStatus::pending;
    job.launched_at = genevactl::base::parse_rfc3339("2026-11-22T09:30:00.25Z").value();
    job.updated_at = job.launched_at;
    job.launched_by = "ada";
    job.input_columns = {"text"};
    job.output_columns = {"emb"};
    return job;
}

}  // namespace

TEST_CASE("a filter becomes SQL whose texts cannot break out") {
    CHECK_FALSE(sql_filter({}));
    JobFilter filter;
    filter.table = "it's";
    filter.columns = {"emb"};
    filter.statuses = {JobStatus::pending, JobStatus::running};
    filter.since = genevactl::base::parse_rfc3339("2026-11-22T09:30:00Z").value();
    filter.until = genevactl::base::parse_rfc3339("2026-11-22T09:30:00.000001Z").value();
    filter.ids = {"a", "b' OR '1'='1"};
    CHECK(sql_filter(filter) ==
          "table_name = 'it''s' AND column_name = 'emb' AND status IN ('PENDING', 'RUNNING') AND "
          "launched_at >= timestamp '2026-11-22T09:30:00Z' AND "
          "launched_at <= timestamp '2026-11-22T09:30:00.000001Z' AND "
          "job_id IN ('a', 'b'' OR ''1''=''1')");
    JobFilter refresh;
    refresh.columns = {""};
    CHECK(sql_filter(refresh) == "column_name IN ('', '<refresh>')");
}

TEST_CASE("a job is found by its id, with what the engine wrote") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, fixture("jobs.arrow"));
    Client client(transport, connection());
    const auto found = client.find_job("job-1");
    REQUIRE(found);
    REQUIRE(*found);
    CHECK(transport.body(0)["filter"] == "job_id = 'job-1'");
    CHECK((*found)->table == "docs");
    CHECK((*found)->launched_by == "ada");
}

TEST_CASE("an id that nobody knows, and a deployment without jobs, give nothing") {
    genevactl::test::FakeTransport transport;
    transport.answer(404, k_no_table);
    transport.answer(200, fixture("none.arrow"));
    Client client(transport, connection());
    CHECK_FALSE(client.find_job("x").value());
    CHECK_FALSE(client.find_job("x").value());
}

TEST_CASE("a row of the jobs table becomes a record; broken metrics are left out") {
    const auto rows = Rows::read(fixture("jobs.arrow"));
    REQUIRE(rows);
    const auto running = genevactl::ns::JobReader(*rows).record(1);
    CHECK(running.status == JobStatus::running);
    REQUIRE(running.metrics.size() == 1);
    CHECK(running.metrics[0].name == "rows_checkpointed");
    CHECK(running.metrics[0].done == 40);
    CHECK(running.metrics[0].total == 100);
    CHECK(running.metrics[0].description == "Rows");
    CHECK(running.input_columns == std::vector<std::string>{"text"});
    const auto failed = genevactl::ns::JobReader(*rows).record(2);
    CHECK(failed.metrics.empty());
    CHECK(failed.last_event() == "ValueError: no");
    CHECK_FALSE(failed.completed_at);
    CHECK(genevactl::ns::JobReader(*rows).record(3).is_refresh());
}

TEST_CASE("a written record reads back as it was") {
    const auto stream = job_stream(record());
    REQUIRE(stream);
    const auto rows = Rows::read(*stream);
    REQUIRE(rows);
    REQUIRE(rows->size() == 1);
    const auto back = genevactl::ns::JobReader(*rows).record(0);
    CHECK(back.id == "j-1");
    CHECK(back.type == "BACKFILL");
    CHECK(back.status == JobStatus::pending);
    CHECK(back.launched_at == record().launched_at);
    CHECK(back.config == "{}");
    CHECK(back.output_columns == std::vector<std::string>{"emb"});
    CHECK(rows->json("manifest_id", 0) == "null");
    CHECK(rows->json("completed_at", 0) == "null");
    CHECK(rows->json("metrics", 0) == "[]");
    CHECK(rows->schema().find("launched_at")->type == "timestamp[us, tz=UTC]");
    CHECK_FALSE(rows->schema().find("job_id")->nullable);
    CHECK(rows->schema().names().size() == job_columns().size());
}

TEST_CASE("a pending record is merged by its id, so that a record of the driver stays") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, described("cluster_name"));
    transport.answer(200, R"({"num_inserted_rows":1})");
    Client client(transport, connection());
    REQUIRE(client.ensure_pending_record(record()));
    CHECK(transport.sent[1].url ==
          "http://127.0.0.1:4321/v1/table/__system%24geneva_jobs/merge_insert?delimiter=%24"
          "&on=job_id&when_not_matched_insert_all=true");
    CHECK(header_of(transport.sent[1], "Content-Type") == "application/vnd.apache.arrow.stream");
    const auto rows = Rows::read(transport.sent[1].body);
    REQUIRE(rows);
    CHECK(rows->text("status", 0) == "PENDING");
    CHECK(rows->schema().find("cluster_name") == nullptr);
}

TEST_CASE("the jobs table is created with the record where there is none") {
    genevactl::test::FakeTransport transport;
    transport.answer(404, k_no_table);
    transport.answer(200, R"({"version":1})");
    Client client(transport, connection());
    REQUIRE(client.ensure_pending_record(record()));
    CHECK(transport.sent[1].url.find("geneva_jobs/create?delimiter=%24") != std::string::npos);
    CHECK(Rows::read(transport.sent[1].body)->size() == 1);
}

TEST_CASE("when somebody creates the jobs table first, the record goes into theirs") {
    genevactl::test::FakeTransport transport;
    transport.answer(404, k_no_table);
    transport.answer(409, R"({"error":"geneva_jobs","code":5})");
    transport.answer(200, described());
    transport.answer(200, "{}");
    Client client(transport, connection());
    REQUIRE(client.ensure_pending_record(record()));
    CHECK(transport.sent[3].url.find("merge_insert") != std::string::npos);
}

TEST_CASE("where merging is not supported the record is looked for and then inserted") {
    genevactl::test::FakeTransport transport;
    transport.answer(200, described());
    transport.answer(406, R"({"error":"no merge","code":0})");
    Client client(transport, connection());
    SECTION("it is there") {
        transport.answer(200, fixture("jobs.arrow"));
        REQUIRE(client.ensure_pending_record(record()));
        CHECK(transport.sent.size() == 3);
    }
    SECTION("it is not") {
        transport.answer(200, fixture("none.arrow"));
        transport.answer(200, "{}");
        REQUIRE(client.ensure_pending_record(record()));
        CHECK(transport.sent[3].url.find("/insert?delimiter=%24&mode=append") != std::string::npos);
        CHECK(transport.sent[3].repeat == genevactl::transport::Repeat::unaccepted);
    }
}

TEST_CASE("a jobs table with a column that must not be null and nobody knows is an error") {
    genevactl::test::FakeTransport transport;
    const json column = {{"name", "shard"}, {"nullable", false}, {"type", {{"type", "int64"}}}};
    transport.answer(200, described("", json::array({column})));
    Client client(transport, connection());
    const auto status = client.ensure_pending_record(record());
    REQUIRE(!status);
    CHECK(status.error().message.find("'shard'") != std::string::npos);
    CHECK(transport.sent.size() == 1);
}
