// SPDX-License-Identifier: Apache-2.0
#include "cell_text.hpp"

#include <nlohmann/json.hpp>

#include "genevactl/model/arrow_json.hpp"
#include "support/catch.hpp"

using genevactl::model::Field;
using genevactl::run::cell_text;
using nlohmann::json;
using nlohmann::ordered_json;

namespace {

/// A cell of a column of this JSON Arrow type.
std::string cell(const std::string& value, const char* type) {
    const json schema = {{"fields", {{{"name", "c"}, {"type", json::parse(type)}}}}};
    const auto field = genevactl::model::schema_from_json(schema).value().fields.at(0);
    return cell_text(ordered_json::parse(value), field);
}

constexpr auto k_text = R"({"type":"utf8"})";
constexpr auto k_binary = R"({"type":"binary"})";
constexpr auto k_vector = R"({"type":"fixed_size_list","length":256,
    "fields":[{"name":"item","type":{"type":"float32"}}]})";
constexpr auto k_texts = R"({"type":"list","fields":[{"name":"item","type":{"type":"utf8"}}]})";
constexpr auto k_struct = R"({"type":"struct","fields":[{"name":"lang","type":{"type":"utf8"}},
    {"name":"size","type":{"type":"int64"}}]})";
constexpr auto k_map =
    R"({"type":"map","fields":[{"name":"entries","type":{"type":"struct","fields":[
    {"name":"key","type":{"type":"utf8"}},{"name":"value","type":{"type":"int32"}}]}}]})";

}  // namespace

TEST_CASE("texts are as they are, and none can be taken for null") {
    CHECK(cell(R"("hello")", k_text) == "hello");
    CHECK(cell("null", k_text) == "null");
    CHECK(cell(R"("null")", k_text) == "\"null\"");
    CHECK(cell(R"("")", k_text) == "\"\"");
    CHECK(cell(R"("2026-11-22")", R"({"type":"date32"})") == "2026-11-22");
    CHECK(cell("7", R"({"type":"int64"})") == "7");
    CHECK(cell("true", R"({"type":"bool"})") == "true");
}

TEST_CASE("long lists and binary are shortened with their size") {
    auto vector = ordered_json::array();
    for (int i = 0; i < 256; ++i)
        vector.push_back(static_cast<double>(0.1F) + i);
    CHECK(cell(vector.dump(), k_vector) == "[0.1, 1.1, 2.1, … 256 in all]");
    CHECK(cell("[0.5,1,2,3]", k_vector) == "[0.5, 1, 2, 3]");
    CHECK(cell(R"(["a",null,"b, c"])", k_texts) == R"(["a", null, "b, c"])");
    CHECK(cell("[]", k_texts) == "[]");
    CHECK(cell(R"("AP8=")", k_binary) == "<2 bytes>");
    CHECK(cell(R"("eA==")", k_binary) == "<1 byte>");
    CHECK(cell(R"("")", k_binary) == "<0 bytes>");
    CHECK(cell("null", k_binary) == "null");
}

TEST_CASE("nested values show their names") {
    CHECK(cell(R"({"lang":"en","size":null})", k_struct) == R"({lang: "en", size: null})");
    CHECK(cell(R"([{"key":"k","value":1},{"key":"l","value":null}])", k_map) ==
          R"({"k": 1, "l": null})");
}
