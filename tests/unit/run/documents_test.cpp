// SPDX-License-Identifier: Apache-2.0
#include "documents.hpp"

#include "genevactl/base/clock.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using model::JobRecord;

namespace {

JobRecord whole_record() {
    JobRecord record;
    record.id = "069999a9-1aa4-4170-ba2a-46dee7412f39";
    record.table = "docs";
    record.column = "embedding";
    record.type = "BACKFILL";
    record.status = model::JobStatus::done;
    record.launched_at = base::parse_rfc3339("2026-11-22T20:18:51.000042Z").value();
    record.completed_at = base::parse_rfc3339("2026-11-22T20:22:39Z").value();
    record.updated_at = base::parse_rfc3339("1969-12-31T23:59:59.5Z").value();
    record.launched_by = "ada";
    record.manifest_id = "embedding-deps";
    record.manifest_checksum = std::string(64, 'c');
    record.cluster = "big";
    record.input_columns = {"text", "title"};
    record.output_columns = {"embedding"};
    return record;
}

JobRecord odd_record() {
    auto record = whole_record();
    record.id = "a \"b\" \\ \n \x1b[0m";
    record.table = "caf\xC3\xA9 \xFF";
    record.column = "<refresh>";
    record.status = model::JobStatus::unknown;
    record.input_columns = {"", "\xE6\x97", "\t"};
    record.output_columns = {};
    return record;
}

}  // namespace

TEST_CASE("the line of a listed job is its document, byte for byte") {
    for (const auto& record : {JobRecord(), whole_record(), odd_record()}) {
        CHECK(run::listed_line(record) == run::dump(run::listed_json(record)));
    }
    const auto line = run::listed_line(whole_record());
    CHECK(line.starts_with(R"({"schema_version":1,"job_id":"069999a9-1aa4-)"));
    CHECK(line.find(R"("launched_at":"2026-11-22T20:18:51.000042Z","completed_at":)"
                    R"("2026-11-22T20:22:39Z")") != std::string::npos);
    CHECK(line.ends_with(R"("input_columns":["text","title"],"output_columns":["embedding"]})"));
}

TEST_CASE("what a listed job does not have is null") {
    const auto json = run::listed_json({});
    for (const auto* name : {"column", "launched_at", "completed_at", "updated_at", "launched_by",
                             "manifest", "manifest_checksum", "cluster"}) {
        CAPTURE(name);
        CHECK(json.at(name).is_null());
    }
    CHECK(json.at("input_columns").is_array());
}
