// SPDX-License-Identifier: Apache-2.0
#include "genevactl/namespace/job_pages.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <set>

#include "fake_transport.hpp"
#include "job_rows.hpp"
#include "support/job_batches.hpp"

using namespace genevactl;
using base::ErrorKind;
using base::WallTime;
using model::JobRecord;
using nlohmann::json;
using ns::Client;
using ns::JobDetail;
using ns::JobPages;
using test::connection;

namespace {

constexpr std::size_t k_page = 1000;
const WallTime k_begin = base::parse_rfc3339("2026-11-22T09:30:00Z").value();

JobRecord job(const std::string& id, int launched) {
    JobRecord record;
    record.id = id;
    record.table = "docs";
    record.column = "emb";
    record.status = model::JobStatus::done;
    record.launched_at = k_begin + std::chrono::milliseconds(launched);
    return record;
}

/// A deployment's jobs table: filters by launch time, cuts by offset and k, and changes between two
/// queries as the test says.
class JobsTable final : public transport::Transport {
public:
    std::vector<JobRecord> records = {};
    std::vector<json> queries = {};
    std::string lacking = {};  ///< a column that the table of this deployment does not have
    std::function<void(JobsTable&)> meanwhile = [](JobsTable&) {};

    base::Result<transport::Response> send(const transport::Request& request) override {
        transport::Response response;
        response.status = 200;
        if (request.url.find("/describe") != std::string::npos) {
            response.body = description().dump();
            return response;
        }
        queries.push_back(json::parse(request.body));
        const auto& asked = queries.back()["columns"]["column_names"];
        if (std::ranges::count(asked, json(lacking)) != 0) {
            response.status = 404;
            response.body = R"({"error":"FieldNotFound","code":12})";
            return response;
        }
        const auto rows = found(queries.back());
        response.body = rows.empty() ? test::fixture("none.arrow") : test::job_batches(rows);
        meanwhile(*this);
        return response;
    }

private:
    json description() const {
        auto fields = json::array();
        for (const auto& column : ns::job_columns()) {
            if (column.name == lacking) continue;
            fields.push_back({{"name", column.name}, {"type", {{"type", "utf8"}}}});
        }
        return {{"version", 5}, {"schema", {{"fields", fields}}}};
    }
    static std::optional<WallTime> bound(const json& query, const std::string& compared) {
        const auto filter = query.value("filter", "");
        const auto words = "launched_at " + compared + " timestamp '";
        const auto found = filter.find(words);
        if (found == std::string::npos) return std::nullopt;
        const auto start = found + words.size();
        return base::parse_rfc3339(filter.substr(start, filter.find('\'', start) - start)).value();
    }
    std::vector<JobRecord> found(const json& query) const {
        const auto since = bound(query, ">=");
        const auto until = bound(query, "<=");
        std::vector<JobRecord> passing;
        for (const auto& record : records) {
            if (since && record.launched_at < *since) continue;
            if (until && record.launched_at > *until) continue;
            passing.push_back(record);
        }
        const auto offset = std::min(query.value("offset", std::size_t{0}), passing.size());
        passing.erase(passing.begin(), passing.begin() + static_cast<std::ptrdiff_t>(offset));
        passing.resize(std::min(passing.size(), query["k"].get<std::size_t>()));
        return passing;
    }
};

struct Read {
    std::vector<JobRecord> records;
    std::vector<std::size_t> pages;
};

Read read_all(JobsTable& table, std::optional<std::int64_t> limit = {}) {
    Client client(table, connection());
    auto pages = JobPages::open(client, {}, JobDetail::listing, limit, k_page);
    REQUIRE(pages);
    Read read;
    while (true) {
        const auto page = pages->next();
        REQUIRE(page);
        if (page->empty()) return read;
        read.pages.push_back(page->size());
        for (std::size_t i = 0; i < page->size(); ++i) {
            read.records.push_back(page->record(i));
        }
    }
}

void check_newest_first(const std::vector<JobRecord>& records, std::size_t count) {
    std::set<std::string> ids;
    for (std::size_t i = 0; i < records.size(); ++i) {
        ids.insert(records[i].id);
        if (i > 0 && records[i - 1].launched_at < records[i].launched_at) FAIL("not newest first");
    }
    CHECK(records.size() == count);
    CHECK(ids.size() == count);
}

}  // namespace

TEST_CASE("jobs come newest first, each once, in pages at one version of the table") {
    JobsTable table;
    for (int i = 0; i < 2300; ++i) {
        table.records.push_back(job("j-" + std::to_string(i), (i * 7919) % 1900));  // some at once
    }
    const auto read = read_all(table);
    check_newest_first(read.records, 2300);
    CHECK(read.pages.size() == 3);
    CHECK(*std::ranges::max_element(read.pages) <= k_page);
    REQUIRE(table.queries.size() == 5);
    CHECK(table.queries[0]["k"] == k_page + 1);
    CHECK(table.queries[1]["columns"]["column_names"] == json({"launched_at"}));
    for (std::size_t i = 1; i < table.queries.size(); ++i) {
        CHECK(table.queries[i]["version"] == 5);
    }
    const auto columns = table.queries[2]["columns"]["column_names"].dump();
    CHECK(columns.find("job_id") != std::string::npos);
    for (const auto* left_out : {"metrics", "events", "config", "object_ref"}) {
        CHECK(columns.find(left_out) == std::string::npos);
    }
}

TEST_CASE("records that come or change while jobs are read make none appear twice or not at all") {
    // Harder than a deployment, which keeps the version: a record moves to the end with every
    // query, and another one is added.
    JobsTable table;
    for (int i = 0; i < 2300; ++i) {
        table.records.push_back(job("j-" + std::to_string(i), i));
    }
    table.meanwhile = [](JobsTable& changed) {
        std::ranges::rotate(changed.records, changed.records.begin() + 700);
        const auto count = static_cast<int>(changed.records.size());
        changed.records.push_back(job("later-" + std::to_string(count), 10'000 + count));
    };
    // One was added before the launch times were read.
    check_newest_first(read_all(table).records, 2301);
}

TEST_CASE("as many jobs as a page may hold are read by one query") {
    JobsTable table;
    for (int i = 0; i < static_cast<int>(k_page); ++i) {
        table.records.push_back(job("j-" + std::to_string(i), (i * 7919) % 700));  // some at once
    }
    const auto limit = GENERATE(values<std::optional<std::int64_t>>({{}, k_page, 5000}));
    const auto read = read_all(table, limit);
    check_newest_first(read.records, k_page);
    CHECK(read.pages == std::vector<std::size_t>{k_page});
    REQUIRE(table.queries.size() == 1);
    CHECK(table.queries[0]["k"] == k_page + 1);
    for (std::size_t i = 1; i < read.records.size(); ++i) {
        const auto& before = read.records[i - 1];
        if (before.launched_at == read.records[i].launched_at && before.id < read.records[i].id) {
            FAIL("launched at once, and not in the order of their ids");
        }
    }
}

TEST_CASE("jobs that were launched at once stay together, however many they are") {
    JobsTable table;
    for (int i = 0; i < 2600; ++i) {
        table.records.push_back(job("j-" + std::to_string(i), i < 1200 ? 5 : i < 1300 ? i : 4000));
    }
    const auto read = read_all(table);
    check_newest_first(read.records, 2600);
    CHECK(read.pages == std::vector<std::size_t>{1300, 100, 1200});
}

TEST_CASE("of a limited list no more is read than what is wanted") {
    JobsTable table;
    for (int i = 0; i < 1500; ++i) {
        table.records.push_back(job("j-" + std::to_string(i), i / 2));
    }
    const auto few = read_all(table, 3);
    REQUIRE(few.records.size() == 3);
    CHECK(few.records[0].id == "j-1499");
    CHECK(few.records[2].id == "j-1497");
    CHECK(table.queries.back()["k"] == 4);  // the fourth was launched with the third
    CHECK(read_all(table, 1001).records.size() == 1001);
    CHECK(read_all(table, 5000).records.size() == 1500);
}

TEST_CASE("of a table that lacks a column the others are read") {
    JobsTable table;
    table.lacking = "manifest_checksum";
    table.records = {job("j-1", 1), job("j-2", 2)};
    const auto read = read_all(table);
    REQUIRE(read.records.size() == 2);
    CHECK(read.records[0].id == "j-2");
    CHECK(table.queries.size() == 3);
}

TEST_CASE("a deployment without a jobs table, or with one that is only declared, has no jobs") {
    const auto answer = GENERATE(values<std::pair<long, std::string>>(
        {{404, R"({"error":"table id '__system$geneva_jobs'","code":4})"},
         {404, R"({"error":"x","code":1})"},
         {404, R"({"error":"x","code":12})"}}));
    test::FakeTransport transport;
    transport.answer(answer.first, answer.second);
    transport.answer(200, R"({"location":"/x"})");  // what describe says of a declared table
    Client client(transport, connection());
    auto pages = JobPages::open(client, {}, JobDetail::listing);
    REQUIRE(pages);
    CHECK(pages->next().value().empty());
}

TEST_CASE("an error while jobs are read is an error") {
    JobsTable table;
    for (int i = 0; i < 1500; ++i) {
        table.records.push_back(job("j-" + std::to_string(i), i));
    }
    Client client(table, connection());
    auto pages = JobPages::open(client, {}, JobDetail::parameters);
    REQUIRE(pages);
    REQUIRE(pages->next());
    CHECK(table.queries.back()["columns"]["column_names"].dump().find("config") !=
          std::string::npos);
    test::FakeTransport broken;
    broken.answer(200, "cut off");
    Client other(broken, connection());
    const auto opened = JobPages::open(other, {}, JobDetail::listing);
    REQUIRE(!opened);
    CHECK(opened.error().kind == ErrorKind::failed);
}
