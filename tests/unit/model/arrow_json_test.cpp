// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/arrow_json.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"

using nlohmann::json;
namespace model = genevactl::model;

namespace {

json with_type(const json& type) {
    return {{"fields", {{{"name", "a"}, {"type", type}}}}};
}

}  // namespace

TEST_CASE("a schema keeps names, types, nullability and metadata") {
    const auto schema = model::schema_from_json(json::parse(R"({
        "fields":[
            {"name":"id","nullable":false,"type":{"type":"int64"},"metadata":{"k":"v","n":7}},
            {"name":"vec","type":{"type":"fixed_size_list","length":4,
                "fields":[{"name":"item","type":{"type":"float32"}}]}},
            {"name":"old","type":"utf8"}],
        "metadata":{"geneva::view::query":"{}"}})"));
    REQUIRE(schema.has_value());
    REQUIRE(schema->names() == std::vector<std::string>{"id", "vec", "old"});
    CHECK_FALSE(schema->fields[0].nullable);
    CHECK(schema->fields[0].metadata == model::StringMap{{"k", "v"}, {"n", "7"}});
    CHECK(schema->fields[1].nullable);
    CHECK(schema->fields[1].type == "fixed_size_list<float, 4>");
    CHECK(schema->fields[1].children.at(0).name == "item");
    CHECK(json::parse(schema->fields[1].type_json)["length"] == 4);
    CHECK(schema->fields[2].type == "string");
    CHECK(schema->metadata.contains("geneva::view::query"));
}

TEST_CASE("what cannot be a schema is an error, and a type that cannot be one reads ?") {
    CHECK(model::schema_from_json(json::object())->fields.empty());
    CHECK(model::schema_from_json(nullptr)->fields.empty());
    for (const char* type : {"7", "{}", R"({"type":3})", R"({"type":"list","fields":[1]})"}) {
        CHECK_FALSE(model::schema_from_json(with_type(json::parse(type))).has_value());
    }
    CHECK_FALSE(model::schema_from_json({{"fields", {{{"type", "utf8"}}}}}).has_value());
    CHECK(model::type_text(json::parse(R"({"type":"list","fields":[1]})")) == "list<?>");
    CHECK(model::type_text(json::parse("7")) == "?");
    json deep = {{"type", "utf8"}};
    for (int depth = 0; depth < 200; ++depth) {
        deep = {{"type", "list"}, {"fields", {{{"name", "item"}, {"type", deep}}}}};
    }
    CHECK_FALSE(model::schema_from_json(with_type(deep)).has_value());
    CHECK(model::type_text(deep).find('?') != std::string::npos);
}

TEST_CASE("the API's names of types and people's") {
    CHECK(model::api_type_name("string") == "utf8");
    CHECK(model::api_type_name("int64") == "int64");
    CHECK(model::type_text("large_utf8", {}, {}) == "large_string");
    CHECK(model::type_text("decimal128", 10'002, {}) == "decimal128(10, 2)");
    CHECK(model::type_text("fixed_size_binary", 16, {}) == "fixed_size_binary(16)");
    CHECK(model::type_text("map", {}, {}) == "map");
}
