// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "genevactl/base/clock.hpp"
#include "live_job.hpp"
#include "retry_failed.hpp"
#include "support/catch.hpp"
#include "wait.hpp"

using namespace genevactl;
using base::ErrorKind;
using model::BackfillParameters;
using model::JobRecord;
using model::JobStatus;
using nlohmann::json;
using run::Waited;

namespace {

JobRecord with_config(const std::string& config) {
    JobRecord record;
    record.config = config;
    return record;
}

std::optional<ErrorKind> combined(const std::vector<std::optional<ErrorKind>>& ends) {
    std::vector<Waited> jobs;
    for (const auto& end : ends) {
        jobs.push_back({.record = {}, .row_errors = {}, .ended = end});
    }
    return run::combined_end(jobs);
}

base::WallTime at(const std::string& time) {
    return base::parse_rfc3339(time).value();
}

}  // namespace

TEST_CASE("a call that says nothing is the same as a record that tells only the defaults") {
    for (const std::string config :
         {"", "{}", "null", "no json", R"({"concurrency":8,"intra_applier_concurrency":1})",
          R"({"where":null,"task_size":null,"manifest":null})",
          R"({"read_version":12,"something_of_the_engine":[1,2]})"}) {
        CAPTURE(config);
        CHECK(run::same_parameters(with_config(config), BackfillParameters{}));
    }
}

TEST_CASE("each parameter that changes a job makes it another one") {
    struct Row {
        BackfillParameters parameters;
        const char* config;
    };
    const std::vector<Row> rows = {
        {{.where = "a > 1"}, R"({"where":"a > 1"})"},
        {{.concurrency = 2}, R"({"concurrency":2})"},
        {{.intra_applier_concurrency = 2}, R"({"intra_applier_concurrency":2})"},
        {{.min_checkpoint_size = 2}, R"({"min_checkpoint_size":2})"},
        {{.max_checkpoint_size = 2}, R"({"max_checkpoint_size":2})"},
        {{.checkpoint_size = 2}, R"({"checkpoint_size":2})"},
        {{.checkpoint_flush_interval_seconds = 2.5},
         R"({"batch_checkpoint_flush_interval_seconds":2.5})"},
        {{.task_size = 2}, R"({"task_size":2})"},
        {{.num_frags = 2}, R"({"num_frags":2})"},
        {{.commit_granularity = 2}, R"({"commit_granularity":2})"},
        {{.cluster = "big"}, R"({"cluster":"big"})"},
        {{.manifest = "deps"}, R"({"manifest":"deps"})"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.config);
        CHECK(run::same_parameters(with_config(row.config), row.parameters));
        CHECK_FALSE(run::same_parameters(with_config(row.config), BackfillParameters{}));
        CHECK_FALSE(run::same_parameters(with_config("{}"), row.parameters));
        CHECK(run::same_parameters(with_config(row.config), row.parameters));
    }
    CHECK_FALSE(run::same_parameters(with_config(R"({"where":"a > 1"})"),
                                     BackfillParameters{.where = "a > 2"}));
}

TEST_CASE("a refresh is the same if it asks for the same version, manifest and numbers") {
    using model::RefreshParameters;
    struct Row {
        RefreshParameters parameters;
        const char* config;
    };
    const std::vector<Row> rows = {
        {{.src_version = 2}, R"({"src_version":2})"},
        {{.max_rows_per_fragment = 2}, R"({"max_rows_per_fragment":2})"},
        {{.concurrency = 2}, R"({"concurrency":2})"},
        {{.intra_applier_concurrency = 2}, R"({"intra_applier_concurrency":2})"},
        {{.source_task_size = 2}, R"({"source_task_size":2})"},
        {{.output_limit = 2}, R"({"output_limit":2})"},
        {{.cluster = "big"}, R"({"cluster":"big"})"},
        {{.manifest = model::PinnedManifest{"deps", "21fa", "{}"}},
         R"({"manifest_origin":"explicit"})"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.config);
        auto record = with_config(row.config);
        record.manifest_checksum = "21fa";
        CHECK(run::same_parameters(record, row.parameters));
        CHECK_FALSE(run::same_parameters(record, RefreshParameters{}));
        CHECK_FALSE(run::same_parameters(with_config("{}"), row.parameters));
    }
    auto pinned = with_config(R"({"manifest_origin":"@udf","concurrency":8})");
    pinned.manifest_checksum = "21fa";
    CHECK(run::same_parameters(pinned, RefreshParameters{}));
    CHECK_FALSE(run::same_parameters(pinned, rows.back().parameters));
}

TEST_CASE("the table version that a job reads makes it no other job") {
    CHECK(run::same_parameters(with_config(R"({"read_version":12})"),
                               BackfillParameters{.read_version = 13}));
}

TEST_CASE("a record that nobody updated for long is stale until it has ended") {
    JobRecord record;
    record.status = JobStatus::running;
    record.launched_at = at("2026-11-22T08:00:00Z");
    record.updated_at = at("2026-11-22T09:00:00Z");
    const auto limit = std::chrono::minutes(15);
    CHECK_FALSE(run::is_stale(record, at("2026-11-22T09:15:00Z"), limit));
    CHECK(run::is_stale(record, at("2026-11-22T09:15:01Z"), limit));
    for (const auto status : {JobStatus::done, JobStatus::failed, JobStatus::cancelled}) {
        record.status = status;
        CHECK_FALSE(run::is_stale(record, at("2026-11-22T12:00:00Z"), limit));
    }
    record.status = JobStatus::pending;
    CHECK(run::is_stale(record, at("2026-11-22T12:00:00Z"), limit));
}

TEST_CASE("a record that tells no update counts from its launch") {
    JobRecord record;
    record.status = JobStatus::running;
    record.launched_at = at("2026-11-22T09:00:00Z");
    const auto limit = std::chrono::minutes(15);
    CHECK_FALSE(run::is_stale(record, at("2026-11-22T09:15:00Z"), limit));
    CHECK(run::is_stale(record, at("2026-11-22T09:15:01Z"), limit));
    record.launched_at.reset();
    CHECK_FALSE(run::is_stale(record, at("2026-11-22T12:00:00Z"), limit));
}

TEST_CASE("several jobs end with the first of failed, cancelled, lost and still running") {
    CHECK_FALSE(combined({}));
    CHECK_FALSE(combined({std::nullopt, std::nullopt}));
    const std::vector<ErrorKind> order = {ErrorKind::job_failed, ErrorKind::job_cancelled,
                                          ErrorKind::contact_lost, ErrorKind::wait_timed_out};
    for (std::size_t i = 0; i < order.size(); ++i) {
        CHECK(combined({std::nullopt, order[i]}) == order[i]);
        for (std::size_t later = i + 1; later < order.size(); ++later) {
            CHECK(combined({order[later], order[i]}) == order[i]);
        }
    }
    CHECK(combined({ErrorKind::not_found, std::nullopt}) == ErrorKind::not_found);
    CHECK(combined({ErrorKind::not_found, ErrorKind::job_failed}) == ErrorKind::job_failed);
}

TEST_CASE("jobs that were waited for are shown with their end and their rows' errors by message") {
    Waited failed{.record = {}, .row_errors = {}, .ended = ErrorKind::job_failed};
    for (const std::string message : {"rare", "often\nwith more", "often"}) {
        model::RowError error;
        error.error_type = "ValueError";
        error.message = message;
        error.row_address = 7;
        failed.row_errors.push_back(error);
    }
    failed.record.id = "j-1";
    Waited done{.record = {}, .row_errors = {}};
    done.record.id = "j-2";
    const auto outcome = run::outcome_of({failed, done});
    CHECK(outcome.ended == ErrorKind::job_failed);
    CHECK(outcome.names == std::vector<std::string>{"j-1", "j-2"});
    const auto document = json::parse(outcome.document);
    REQUIRE(document.size() == 2);
    CHECK(document[0]["ended"] == "job_failed");
    CHECK(document[0]["row_errors"].size() == 3);
    CHECK(document[0]["row_errors"][0]["row_address"] == 7);
    CHECK(document[1]["ended"] == "done");
    CHECK(document[1]["row_errors"] == json::array());
    const model::Table* errors = nullptr;
    for (const auto& block : outcome.blocks) {
        if (const auto* table = std::get_if<model::Table>(&block)) errors = table;
    }
    REQUIRE(errors != nullptr);
    REQUIRE(errors->rows.size() == 2);
    CHECK(errors->rows[0][0].text == "2");
    CHECK(errors->rows[0][2].text == "often");
    CHECK(errors->rows[1][2].text == "rare");
}

TEST_CASE("the filters of failed rows hold each address once and are never too long") {
    CHECK(run::address_filters({}, " AND x").empty());
    CHECK(run::address_filters({3}, " AND x") == std::vector<std::string>{"_rowaddr IN (3) AND x"});
    std::vector<std::int64_t> addresses;
    for (std::int64_t i = 0; i < 10'000; ++i) {
        addresses.push_back((std::int64_t{1} << 62) + i);
    }
    const std::string extra(300, 'x');
    const auto filters = run::address_filters(addresses, extra);
    CHECK(filters.size() == 4);
    std::string all;
    for (const auto& filter : filters) {
        CHECK(filter.size() <= run::k_longest_filter);
        all += filter;
    }
    for (const auto address : addresses) {
        const auto text = std::to_string(address);
        const auto found = all.find(text);
        if (found == std::string::npos || all.find(text, found + 1) != std::string::npos) {
            FAIL("not once: " << address);
        }
    }
}

TEST_CASE("two retries of the same rows are the same request, whenever they were made") {
    const BackfillParameters now = {
        .where = "_rowaddr IN (3) AND 'genevactl retry 2' = 'genevactl retry 2'"};
    CHECK(run::same_parameters(
        with_config(R"({"where":"_rowaddr IN (3) AND 'genevactl retry 1' = 'genevactl retry 1'"})"),
        now));
    CHECK_FALSE(run::same_parameters(
        with_config(R"({"where":"_rowaddr IN (4) AND 'genevactl retry 2' = 'genevactl retry 2'"})"),
        now));
}
