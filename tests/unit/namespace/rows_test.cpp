// SPDX-License-Identifier: Apache-2.0
#include "genevactl/namespace/rows.hpp"

#include <cstring>
#include <map>

#include "fake_transport.hpp"

using genevactl::base::ErrorKind;
using genevactl::base::rfc3339;
using genevactl::ns::Rows;
using genevactl::test::fixture;

namespace {

Rows rows_of(const std::string& name) {
    auto rows = Rows::read(fixture(name));
    if (!rows) FAIL(rows.error().message);
    return std::move(*rows);
}

/// Reads everything, as a caller might, so that the sanitizers see every access.
std::size_t touch(const Rows& rows) {
    std::size_t size = 0;
    for (std::int64_t row = 0; row < rows.size(); ++row) {
        for (const auto& field : rows.schema().fields) {
            size += rows.json(field.name, row).size();
            size += rows.text(field.name, row).value_or("").size();
            size += rows.texts(field.name, row).size();
            size += rows.integer(field.name, row).has_value() ? 1U : 0U;
            size += rows.time(field.name, row).has_value() ? 1U : 0U;
        }
    }
    return size;
}

/// Whatever the bytes are: rows, or an error of kind failed that says what it is about.
void check_survives(const std::string& bytes) {
    const auto rows = Rows::read(bytes);
    if (rows) {
        CHECK(touch(*rows) < 100'000);
        return;
    }
    if (rows.error().kind != ErrorKind::failed ||
        rows.error().message.rfind("the answer", 0) != 0) {
        FAIL_CHECK(rows.error().message);
    }
}

std::string changed(std::string bytes, std::size_t at, unsigned flip) {
    bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ flip);
    return bytes;
}

}  // namespace

TEST_CASE("the jobs that a real server answers are read") {
    const auto rows = rows_of("jobs.arrow");
    REQUIRE(rows.size() == 4);
    CHECK(rows.text("job_id", 2) == "job-3");
    CHECK(rows.text("status", 1) == "RUNNING");
    CHECK(rfc3339(rows.time("launched_at", 0).value()) == "2026-11-22T09:30:00.250000Z");
    CHECK_FALSE(rows.time("completed_at", 0));
    CHECK(rows.time("completed_at", 3));
    CHECK(rows.texts("events", 2) == std::vector<std::string>{"started", "ValueError: no"});
    CHECK(rows.texts("events", 3).empty());
    CHECK_FALSE(rows.text("manifest_id", 0));
    const auto* launched = rows.schema().find("launched_at");
    REQUIRE(launched != nullptr);
    CHECK(launched->type == "timestamp[us, tz=UTC]");
    CHECK_FALSE(launched->nullable);
}

TEST_CASE("what is not there reads as null") {
    const auto rows = rows_of("small.arrow");
    CHECK(rows.json("nowhere", 0) == "null");
    CHECK_FALSE(rows.text("nowhere", 0));
    CHECK(rows.texts("nowhere", 0).empty());
    CHECK(rows.json("t", 99) == "null");
    CHECK(rows.json("t", -1) == "null");
    CHECK_FALSE(rows.integer("t", 0));
    CHECK_FALSE(rows.time("t", 0));
    CHECK(rows.json("t", 1) == "null");
    CHECK(rows.texts("n", 0) == std::vector<std::string>{"x"});
}

TEST_CASE("every type has a name that people read and a value as JSON") {
    struct Row {
        const char* column;
        const char* type;
        const char* first;
        const char* second;
    };
    static constexpr Row k_rows[] = {
        {"bool", "bool", "true", "null"},
        {"int8", "int8", "-1", "null"},
        {"uint8", "uint8", "255", "null"},
        {"int16", "int16", "-300", "null"},
        {"uint16", "uint16", "65535", "null"},
        {"int32", "int32", "-70000", "null"},
        {"uint32", "uint32", "4294967295", "null"},
        {"int64", "int64", "-9223372036854775808", "null"},
        {"uint64", "uint64", "18446744073709551615", "null"},
        {"half", "halffloat", "1.5", "null"},
        {"float", "float", "0.1", "null"},
        {"double", "double", "0.1", "null"},
        {"nan", "double", "\"NaN\"", "\"-Infinity\""},
        {"text", "string", R"("é\"\n")", "null"},
        {"large_text", "large_string", "\"big\"", "null"},
        {"bytes", "binary", "\"AP8=\"", "null"},
        {"large_bytes", "large_binary", "\"eA==\"", "null"},
        {"three", "fixed_size_binary(3)", "\"YWJj\"", "null"},
        {"date32", "date32", "\"2026-11-22\"", "null"},
        {"date64", "date64", "\"2026-11-22\"", "null"},
        {"time_s", "time32[s]", "\"01:02:03\"", "null"},
        {"time_us", "time64[us]", "\"01:02:03.000040\"", "null"},
        {"seconds", "timestamp[s]", "\"2026-11-22T09:30:00\"", "null"},
        {"micros", "timestamp[us, tz=UTC]", "\"2026-11-22T09:30:00.250000Z\"", "null"},
        {"nanos", "timestamp[ns]", "\"2026-11-22T09:30:00.250000000\"", "null"},
        {"before", "timestamp[us, tz=UTC]", "\"1969-12-31T23:59:59.500000Z\"", "null"},
        {"berlin", "timestamp[ms, tz=Europe/Berlin]", "\"2026-11-22T09:30:00.250Z\"", "null"},
        {"duration", "duration[us]", "1000000", "null"},
        {"decimal", "decimal128(10, 2)", "\"-1.05\"", "null"},
        {"decimal256", "decimal256(50, 3)", "\"123.456\"", "null"},
        {"list", "list<string>", "[\"a\",null]", "null"},
        {"large_list", "large_list<int32>", "[1,2]", "[]"},
        {"vector", "fixed_size_list<float, 2>", "[0.5,2]", "null"},
        {"struct", "struct<x: int64, y: list<string>>", R"({"x":1,"y":["q"]})",
         R"({"x":2,"y":null})"},
        {"structs", "list<struct<k: string>>", R"([{"k":"v"}])", "[]"},
        {"map", "map<string, int32>", R"([{"key":"k","value":1}])", "null"}};
    const auto rows = rows_of("types.arrow");
    for (const auto& row : k_rows) {
        INFO(row.column);
        REQUIRE(rows.schema().find(row.column) != nullptr);
        CHECK(rows.schema().find(row.column)->type == row.type);
        CHECK(rows.json(row.column, 0) == row.first);
        CHECK(rows.json(row.column, 1) == row.second);
    }
}

TEST_CASE("a column's JSON type is the one that the API writes") {
    const auto rows = rows_of("types.arrow");
    CHECK(rows.schema().find("vector")->type_json ==
          R"({"type":"fixed_size_list","length":2,)"
          R"("fields":[{"name":"item","nullable":true,"type":{"type":"float32"}}]})");
    CHECK(rows.schema().find("text")->type_json == R"({"type":"utf8"})");
    CHECK(rows.schema().find("decimal")->type_json == R"({"type":"decimal128","length":10002})");
}

TEST_CASE("times of every unit are microseconds, before 1970 too") {
    const auto rows = rows_of("types.arrow");
    CHECK(rfc3339(rows.time("seconds", 0).value()) == "2026-11-22T09:30:00Z");
    CHECK(rfc3339(rows.time("nanos", 0).value()) == "2026-11-22T09:30:00.250000Z");
    CHECK(rfc3339(rows.time("before", 0).value()) == "1969-12-31T23:59:59.500000Z");
    CHECK_FALSE(rows.integer("uint64", 0));
    CHECK(rows.integer("uint32", 0) == 4294967295);
}

TEST_CASE("a table without rows and one of nulls are read") {
    CHECK(rows_of("none.arrow").size() == 0);
    CHECK(rows_of("none.arrow").schema().names() == std::vector<std::string>{"t"});
    const auto nulls = rows_of("nulls.arrow");
    REQUIRE(nulls.size() == 3);
    CHECK(nulls.json("n", 2) == "null");
}

TEST_CASE("several batches are one table, in a stream and in a file") {
    const auto name = GENERATE(as<std::string>(), "batches.arrows", "batches_file.arrow");
    const auto rows = rows_of(name);
    REQUIRE(rows.size() == 3);
    CHECK(rows.text("t", 0) == "0");
    CHECK(rows.text("t", 2) == "2");
    CHECK(rows.integer("n", 1) == 1);
}

TEST_CASE("dictionary-encoded texts are read, each batch with the dictionary it came with") {
    const auto rows = rows_of("dictionary.arrow");
    REQUIRE(rows.size() == 4);
    CHECK(rows.text("d", 0) == "b");
    CHECK_FALSE(rows.text("d", 1));
    CHECK(rows.json("d", 2) == "\"a\"");
    CHECK(rows.schema().find("d")->type.rfind("dictionary<string, ", 0) == 0);
    const auto replaced = rows_of("dictionaries.arrows");
    CHECK(replaced.text("d", 2) == "a");
    CHECK(replaced.text("d", 3) == "b");
}

TEST_CASE("what is not read is named") {
    const std::map<std::string, std::string> table = {
        {"zstd.arrows", "the answer's rows are compressed (zstd), which genevactl does not read"},
        {"lz4.arrow", "the answer's rows are compressed (lz4), which genevactl does not read"},
        {"view.arrows",
         "the answer's column 'v' has the Arrow type string_view, which genevactl does not read"},
        {"union.arrows",
         "the answer's column 's.u' has the Arrow type union, which genevactl does not read"},
        {"nested_dictionary.arrows",
         "the answer's column 'd' has a dictionary of nested values, "
         "which genevactl does not read"}};
    for (const auto& [name, message] : table) {
        const auto rows = Rows::read(fixture(name));
        REQUIRE(!rows);
        CHECK(rows.error().kind == ErrorKind::failed);
        CHECK(rows.error().message == message);
    }
}

TEST_CASE("bytes that are no Arrow IPC are an error") {
    for (const auto* bytes : {"", "ARROW1", "{\"error\":\"x\"}", "<html>", "\xff\xff\xff\xff"}) {
        const auto rows = Rows::read(bytes);
        REQUIRE(!rows);
        CHECK(rows.error().message.rfind("the answer is not valid Arrow IPC: ", 0) == 0);
        CHECK_FALSE(rows.error().hint.empty());
    }
}

TEST_CASE("an answer that is cut off anywhere is an error") {
    const auto whole = fixture("small.arrow");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto rows = Rows::read(std::string_view(whole).substr(0, size));
        REQUIRE(!rows);
        CHECK(rows.error().kind == ErrorKind::failed);
    }
}

TEST_CASE("no changed byte of an answer does harm") {
    const auto small = fixture("small.arrow");
    for (std::size_t at = 0; at < small.size(); ++at) {
        check_survives(changed(small, at, 0xff));
    }
    const auto dictionary = fixture("dictionary.arrow");
    for (std::size_t at = 0; at < dictionary.size(); ++at) {
        check_survives(changed(dictionary, at, 0x80));
    }
}

TEST_CASE("numbers written over an answer, four bytes at a time, do no harm") {
    const auto whole = fixture("dictionary.arrow");
    for (std::size_t at = 0; at + 8 <= whole.size(); at += 8) {
        for (const auto number : {0x80000000U, 0x7fffffffU, 8U}) {
            auto bytes = whole;
            std::memcpy(&bytes[at + at / 8 % 2 * 4], &number, sizeof(number));
            check_survives(bytes);
        }
    }
}
