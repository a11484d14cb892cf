// SPDX-License-Identifier: Apache-2.0
#include "advice.hpp"

#include "support/catch.hpp"

using namespace genevactl;

namespace {

std::string advice(const std::string& event, model::JobStatus status = model::JobStatus::failed) {
    model::JobRecord record;
    record.table = "docs";
    record.column = "a b";
    record.status = status;
    record.events = {"started", event};
    return run::advice_for(record);
}

bool tells(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a failed job comes with what to do, as far as its last event tells", "[run]") {
    const std::string event =
        "manifest 'm' could not be installed: ERROR: No matching distribution";
    CHECK(tells(advice(event), "column alter docs 'a b' MODULE:OBJECT --manifest FILE"));
    CHECK(tells(advice("AttributeError: Can't get attribute 'X'"), "column show docs 'a b'"));
    CHECK(tells(advice("ModuleNotFoundError: No module named 'geneva.udf'"), "another geneva"));
    CHECK(tells(advice("ModuleNotFoundError: No module named 'wordllama'"), "add its package"));
    CHECK(tells(advice("Ray did not start"), "genevactl local logs"));
    CHECK(advice("ValueError: 3 is no text").empty());
    CHECK(advice(event, model::JobStatus::done).empty());
    CHECK(advice("").empty());
}

TEST_CASE("the refresh of a view that failed is not told of columns", "[run]") {
    for (const std::string event :
         {"manifest 'm' could not be installed: ERROR", "AttributeError: Can't get attribute 'X'",
          "ModuleNotFoundError: No module named 'geneva.udf'",
          "ModuleNotFoundError: No module named 'wordllama'"}) {
        model::JobRecord record;
        record.table = "my view";
        record.column = "<refresh>";
        record.status = model::JobStatus::failed;
        record.events = {event};
        const auto text = run::advice_for(record);
        CAPTURE(text);
        CHECK(tells(text, "'my view'"));
        CHECK_FALSE(tells(text, "column"));
        CHECK_FALSE(tells(text, "backfill"));
    }
}
