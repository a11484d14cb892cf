// SPDX-License-Identifier: Apache-2.0
#include "answer.hpp"

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "support/catch.hpp"

using namespace genevactl;
using base::ErrorKind;
using nlohmann::json;

namespace {

json sample() {
    return json::parse(R"({
        "version": 1, "kind": "udf", "target": "features:embed", "name": "embed",
        "transform_version": "1a2b", "inputs": ["text"],
        "outputs": [{"column": "embedding", "struct_field": "", "nullable": true,
            "data_type": {"type": "fixed_size_list", "length": 256,
                "fields": [{"name": "item", "nullable": true, "type": {"type": "float32"}}]}}],
        "resources": {"num_cpus": 1.0, "num_gpus": null},
        "manifest": {"name": "deps", "checksum": "c343", "json": "{\"name\":\"deps\"}"},
        "pickling": {"mode": "by-value", "modules": ["features"], "reason": "no archive"},
        "environment": {"python": "3.11.2"},
        "virtual_column": {"udf": "cGlja2xl"}, "alter_virtual_column": {"udf": "cGlja2xl"}})");
}

}  // namespace

TEST_CASE("an answer becomes a description of the transform") {
    const auto answer = bridge::parse_answer(sample().dump());
    REQUIRE(answer.has_value());
    CHECK(answer->kind == "udf");
    CHECK(answer->target == "features:embed");
    CHECK(answer->name == "embed");
    CHECK(answer->version == "1a2b");
    CHECK(answer->inputs == std::vector<std::string>{"text"});
    REQUIRE(answer->outputs.size() == 1);
    CHECK(answer->outputs[0].column == "embedding");
    CHECK(answer->outputs[0].type == "fixed_size_list<float, 256>");
    CHECK(json::parse(answer->outputs[0].type_json) == sample()["outputs"][0]["data_type"]);
    CHECK(answer->outputs[0].nullable);
    CHECK(json::parse(answer->resources_json) == sample()["resources"]);
    REQUIRE(answer->manifest.has_value());
    CHECK(answer->manifest->name == "deps");
    CHECK(answer->manifest->checksum == "c343");
    CHECK(answer->manifest->json == R"({"name":"deps"})");
    CHECK(answer->pickling_mode == "by-value");
    CHECK(answer->pickling_modules == std::vector<std::string>{"features"});
    CHECK(answer->pickling_reason == "no archive");
    CHECK(json::parse(answer->environment_json) == sample()["environment"]);
    CHECK(json::parse(answer->virtual_column) == sample()["virtual_column"]);
    CHECK(json::parse(answer->alter_virtual_column) == sample()["alter_virtual_column"]);
}

TEST_CASE("the document of a description is the whole answer without its payloads") {
    const auto answer = bridge::parse_answer(sample().dump());
    REQUIRE(answer.has_value());
    auto expected = sample();
    expected.erase("virtual_column");
    expected.erase("alter_virtual_column");
    CHECK(json::parse(answer->document) == expected);
}

TEST_CASE("an answer to inspect has neither manifest nor payload") {
    auto document = sample();
    document["manifest"] = nullptr;
    document.erase("virtual_column");
    document.erase("alter_virtual_column");
    const auto answer = bridge::parse_answer(document.dump());
    REQUIRE(answer.has_value());
    CHECK_FALSE(answer->manifest.has_value());
    CHECK(answer->virtual_column.empty());
    CHECK(answer->alter_virtual_column.empty());
}

TEST_CASE("types read as people write them") {
    const auto text_of = [](const std::string& type) {
        auto document = sample();
        document["outputs"][0]["data_type"] = json::parse(type);
        const auto answer = bridge::parse_answer(document.dump());
        REQUIRE(answer.has_value());
        return answer->outputs[0].type;
    };
    CHECK(text_of(R"({"type":"utf8"})") == "string");
    CHECK(text_of(R"({"type":"int64"})") == "int64");
    CHECK(text_of(R"({"type":"float64"})") == "double");
    CHECK(text_of(R"({"type":"fixed_size_binary","length":16})") == "fixed_size_binary(16)");
    CHECK(text_of(R"({"type":"decimal128","length":10002})") == "decimal128(10, 2)");
    CHECK(text_of(R"({"type":"list","fields":[{"name":"item","type":{"type":"utf8"}}]})") ==
          "list<string>");
    CHECK(text_of(R"({"type":"struct","fields":[{"name":"a","type":{"type":"int32"}},
                      {"name":"b","type":{"type":"utf8"}}]})") == "struct<a: int32, b: string>");
    CHECK(text_of(R"({"type":"map","fields":[{"name":"entries","type":{"type":"struct","fields":[
                      {"name":"key","type":{"type":"utf8"}},
                      {"name":"value","type":{"type":"int32"}}]}}]})") == "map<string, int32>");
    CHECK(text_of(R"({"type":"list","fields":[7]})") == "list<?>");
    CHECK(text_of(R"({})") == "?");
}

TEST_CASE("a type nested without end is cut") {
    json type = {{"type", "utf8"}};
    for (int depth = 0; depth < 200; ++depth) {
        type = {{"type", "list"}, {"fields", {{{"name", "item"}, {"type", type}}}}};
    }
    auto document = sample();
    document["outputs"][0]["data_type"] = type;
    const auto answer = bridge::parse_answer(document.dump());
    REQUIRE(answer.has_value());
    CHECK(answer->outputs[0].type.find('?') != std::string::npos);
}

TEST_CASE("each kind of error answer has its own kind here") {
    const std::vector<std::pair<std::string, ErrorKind>> rows = {
        {"usage", ErrorKind::usage},           {"module-not-found", ErrorKind::not_found},
        {"import", ErrorKind::failed},         {"object-not-found", ErrorKind::not_found},
        {"not-a-transform", ErrorKind::usage}, {"geneva-missing", ErrorKind::usage},
        {"conflict", ErrorKind::conflict},     {"manifest", ErrorKind::usage},
        {"unsupported", ErrorKind::failed},    {"internal", ErrorKind::internal},
        {"something-new", ErrorKind::failed},
    };
    for (const auto& [word, kind] : rows) {
        const json document = {{"error", {{"kind", word}, {"message", "m"}, {"hint", "h"}}}};
        const auto answer = bridge::parse_answer(document.dump());
        REQUIRE_FALSE(answer.has_value());
        CAPTURE(word);
        CHECK(answer.error().kind == kind);
        CHECK(answer.error().message == "m");
        CHECK(answer.error().hint == "h");
        CHECK(answer.error().detail.empty());
    }
}

TEST_CASE("the traceback of the user's module is the error's detail") {
    const auto answer = bridge::parse_answer(
        R"({"version":1,"error":{"kind":"import","message":"m","hint":"","traceback":"a\nb\n"}})");
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().detail == "a\nb\n");
}

TEST_CASE("an answer that breaks the contract is a bug of ours, with the place") {
    for (const std::string text : {"", "[]", "{\"kind\":", "\"text\"", "{\"error\":7}",
                                   "{\"error\":{\"kind\":\"usage\"}}", "{\"version\":2}", "{}"}) {
        const auto answer = bridge::parse_answer(text);
        CAPTURE(text);
        REQUIRE_FALSE(answer.has_value());
        CHECK(answer.error().kind == ErrorKind::internal);
    }
    for (const auto* member :
         {"kind", "target", "name", "inputs", "outputs", "resources", "pickling", "environment"}) {
        auto document = sample();
        document[member] = 7;
        const auto answer = bridge::parse_answer(document.dump());
        REQUIRE_FALSE(answer.has_value());
        CHECK(answer.error().message.find("'" + std::string(member) + "'") != std::string::npos);
    }
    auto document = sample();
    document["outputs"][0] = 7;
    CHECK_FALSE(bridge::parse_answer(document.dump()).has_value());
    document = sample();
    document["manifest"].erase("json");
    CHECK_FALSE(bridge::parse_answer(document.dump()).has_value());
    document = sample();
    document["pickling"]["modules"] = {1};
    CHECK_FALSE(bridge::parse_answer(document.dump()).has_value());
}

TEST_CASE("a request says what is asked") {
    bridge::TransformRequest request{.target = "features:embed"};
    auto text = bridge::request_json(request);
    REQUIRE(text.has_value());
    CHECK(json::parse(*text) == json::parse(R"({"version":1,"action":"inspect",
        "target":"features:embed","manifest":null,"replace_pinned":false,"input_columns":null,
        "column":null})"));

    request.with_payload = true;
    request.manifest = model::ManifestDocument{{.name = "deps", .checksum = "c343"}, "{}"};
    request.replace_pinned = true;
    request.input_columns = std::vector<std::string>{"text"};
    request.column = "embedding";
    text = bridge::request_json(request);
    REQUIRE(text.has_value());
    CHECK(json::parse(*text) == json::parse(R"({"version":1,"action":"register",
        "target":"features:embed","manifest":{"json":"{}","checksum":"c343"},
        "replace_pinned":true,"input_columns":["text"],"column":"embedding"})"));
}

TEST_CASE("a target that is no UTF-8 is a usage error") {
    const auto text = bridge::request_json({.target = "features:\xff"});
    REQUIRE_FALSE(text.has_value());
    CHECK(text.error().kind == ErrorKind::usage);
}
