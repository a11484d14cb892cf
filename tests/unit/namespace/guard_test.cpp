// SPDX-License-Identifier: Apache-2.0
#include "flat_builder.hpp"
#include "genevactl/namespace/rows.hpp"
#include "ipc_guard.hpp"
#include "support/catch.hpp"

using genevactl::ns::IpcGuard;
using genevactl::ns::Rows;
using genevactl::test::FlatBuilder;

namespace {

using Pairs = std::vector<std::pair<std::int64_t, std::int64_t>>;

constexpr std::uint8_t k_schema = 1;
constexpr std::uint8_t k_dictionary = 2;
constexpr std::uint8_t k_batch = 3;
constexpr std::uint8_t k_int = 2;
constexpr std::uint8_t k_utf8 = 5;
constexpr std::uint8_t k_struct = 13;

/// A message's table with its header at `header` slots.
struct Message {
    std::size_t table;
    std::size_t header;
};
Message message(FlatBuilder& flat, std::uint8_t kind, std::size_t slots, std::int64_t body = 0) {
    const auto table = flat.table(5);
    flat.root(table);
    flat.set<std::int16_t>(table, 0, 4);
    flat.set(table, 1, kind);
    flat.set(table, 3, body);
    const auto header = flat.table(slots);
    flat.point(table, 2, header);
    return {table, header};
}

std::size_t field(FlatBuilder& flat, std::uint8_t type) {
    const auto table = flat.table(7);
    flat.set(table, 2, type);
    return table;
}

/// Gives a field its name, and a type's table without details.
void finish(FlatBuilder& flat, std::size_t field, const std::string& name) {
    flat.point(field, 0, flat.text(name));
    flat.point(field, 3, flat.table(2));
}

/// A schema of columns of the same plain type, each with the dictionary of its id.
std::string dictionary_schema(const std::vector<std::pair<std::int64_t, std::uint8_t>>& columns) {
    FlatBuilder flat;
    const auto schema = message(flat, k_schema, 4).header;
    const auto fields = flat.offsets(columns.size());
    flat.point(schema, 1, fields);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto column = field(flat, columns[i].second);
        flat.refer(fields + 4 + 4 * i, column);
        const auto encoding = flat.table(4);
        flat.set(encoding, 0, columns[i].first);
        flat.point(column, 4, encoding);
        finish(flat, column, "c" + std::to_string(i));
    }
    return flat.bytes();
}

/// Fields in fields, `depth` deep, each with the same child twice: 2^depth fields in few bytes.
std::string unfolding_schema(int depth) {
    FlatBuilder flat;
    const auto schema = message(flat, k_schema, 4).header;
    auto children = flat.offsets(2);
    flat.point(schema, 1, children);
    for (int level = 0; level < depth; ++level) {
        const auto table = field(flat, level + 1 < depth ? k_struct : k_utf8);
        flat.refer(children + 4, table);
        flat.refer(children + 8, table);
        finish(flat, table, "f");
        if (level + 1 == depth) break;
        children = flat.offsets(2);
        flat.point(table, 5, children);
    }
    return flat.bytes();
}

std::string batch(std::int64_t rows, const Pairs& nodes, const Pairs& buffers, std::int64_t body) {
    FlatBuilder flat;
    const auto header = message(flat, k_batch, 5, body).header;
    flat.set(header, 0, rows);
    flat.point(header, 1, flat.pairs(nodes));
    flat.point(header, 2, flat.pairs(buffers));
    return flat.bytes();
}

std::string error_of(IpcGuard& guard, const std::string& bytes, std::size_t available = 64) {
    const auto checked = guard.check(bytes, available);
    return checked ? "fine" : checked.error().message;
}

/// What the guard says of a batch after a schema without columns.
std::string error_of_batch(const std::string& bytes) {
    IpcGuard guard(1000);
    REQUIRE(error_of(guard, unfolding_schema(1)) == "fine");
    return error_of(guard, bytes);
}

}  // namespace

TEST_CASE("a schema made by hand passes, and is decoded") {
    const auto flat = unfolding_schema(3);
    IpcGuard guard(flat.size());
    CHECK(error_of(guard, flat) == "fine");
    std::string stream = "\xff\xff\xff\xff";
    const auto size = static_cast<std::uint32_t>(flat.size());
    stream.append(reinterpret_cast<const char*>(&size), 4);
    const auto rows = Rows::read(stream + flat);
    REQUIRE(rows);
    CHECK(rows->schema().fields.at(0).type ==
          "struct<f: struct<f: string, f: string>, f: struct<f: string, f: string>>");
}

TEST_CASE("a small schema that unfolds into a huge one is refused before it is decoded") {
    const auto flat = unfolding_schema(30);
    REQUIRE(flat.size() < 10'000);
    IpcGuard guard(flat.size());
    CHECK(error_of(guard, flat).find("unfolds into more") != std::string::npos);
    IpcGuard deep(flat.size());
    CHECK(error_of(deep, unfolding_schema(200)).find("unfolds into more") != std::string::npos);
}

TEST_CASE("metadata that names one long text many times is refused") {
    FlatBuilder flat;
    const auto schema = message(flat, k_schema, 4).header;
    const auto entries = flat.offsets(2000);
    flat.point(schema, 2, entries);
    const auto entry = flat.table(2);
    for (std::size_t i = 0; i < 2000; ++i) {
        flat.refer(entries + 4 + 4 * i, entry);
    }
    flat.point(entry, 0, flat.text(std::string(100'000, 'k')));
    IpcGuard guard(flat.bytes().size());
    CHECK(error_of(guard, flat.bytes()).find("unfolds into more") != std::string::npos);
}

TEST_CASE("a dictionary is of one type") {
    IpcGuard same(1000);
    CHECK(error_of(same, dictionary_schema({{7, k_utf8}, {7, k_utf8}})) == "fine");
    IpcGuard other(1000);
    CHECK(error_of(other, dictionary_schema({{7, k_utf8}, {7, k_int}})) ==
          "the answer is not valid Arrow IPC: the dictionary 7 is of two types");
}

TEST_CASE("a dictionary batch has an id that a column uses, and its type's buffers") {
    const auto body = [](std::int64_t id, const Pairs& buffers) {
        FlatBuilder flat;
        const auto header = message(flat, k_dictionary, 3).header;
        flat.set(header, 0, id);
        const auto data = flat.table(5);
        flat.point(header, 1, data);
        flat.point(data, 1, flat.pairs({{0, 0}}));
        flat.point(data, 2, flat.pairs(buffers));
        return flat.bytes();
    };
    IpcGuard guard(1000);
    REQUIRE(error_of(guard, dictionary_schema({{7, k_utf8}})) == "fine");
    CHECK(error_of(guard, body(7, {{0, 0}, {0, 0}, {0, 0}})) == "fine");
    CHECK(error_of(guard, body(7, {{0, 0}, {0, 0}})).find("wrong number of buffers") !=
          std::string::npos);
    CHECK(error_of(guard, body(8, {{0, 0}, {0, 0}, {0, 0}})).find("no column uses") !=
          std::string::npos);
}

TEST_CASE("what a batch claims must fit its body") {
    const Pairs node = {{2, 0}};
    CHECK(error_of_batch(batch(2, node, {{0, 8}, {8, 8}}, 16)) == "fine");
    CHECK(error_of_batch(batch(-1, node, {}, 0)).find("claims -1 rows") != std::string::npos);
    CHECK(error_of_batch(batch(1LL << 60, node, {}, 0)).find("rows") != std::string::npos);
    CHECK(error_of_batch(batch(2, {{1LL << 60, 0}}, {}, 0)).find("values") != std::string::npos);
    CHECK(error_of_batch(batch(2, {{2, 3}}, {}, 0)).find("of them null") != std::string::npos);
    CHECK(error_of_batch(batch(2, node, {{8, 16}}, 16)).find("outside") != std::string::npos);
    CHECK(error_of_batch(batch(2, node, {{4, 4}}, 16)).find("outside") != std::string::npos);
    CHECK(error_of_batch(batch(2, node, {{-8, 8}}, 16)).find("outside") != std::string::npos);
    CHECK(error_of_batch(batch(2, node, {{0, 16}, {0, 16}}, 16)).find("overlap") !=
          std::string::npos);
    CHECK(error_of_batch(batch(2, node, {}, 1000)).find("and 64 follow") != std::string::npos);
    CHECK(error_of_batch(batch(2, node, {}, -1)).find("claims a body") != std::string::npos);
}

TEST_CASE("batches of nothing may not add up to endless rows") {
    IpcGuard guard(1000);
    REQUIRE(error_of(guard, unfolding_schema(1)) == "fine");
    CHECK(error_of(guard, batch(900'000, {}, {}, 0)) == "fine");
    CHECK(error_of(guard, batch(900'000, {}, {}, 0)).find("claims 900000 rows") !=
          std::string::npos);
}

TEST_CASE("a stream starts with its schema and has one") {
    IpcGuard guard(1000);
    CHECK(error_of(guard, batch(0, {}, {}, 0)).find("start with a schema") != std::string::npos);
    CHECK(error_of(guard, unfolding_schema(1)) == "fine");
    CHECK(error_of(guard, unfolding_schema(1)).find("two schemas") != std::string::npos);
}
