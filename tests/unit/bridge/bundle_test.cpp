// SPDX-License-Identifier: Apache-2.0
#include "genevactl/bridge/bundle.hpp"

#include <nlohmann/json.hpp>

#include "answer.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using base::ErrorKind;
using nlohmann::json;

namespace {

model::TransformDescription described(const char* outputs) {
    auto answer = json::parse(R"({
        "version": 1, "kind": "udf", "target": "features:embed", "name": "embed",
        "transform_version": "1a2b", "identity": "v1:5eed", "inputs": ["téxt"],
        "resources": {"num_cpus": 0.1}, "manifest": {"name": "d", "checksum": "c", "json": "{}"},
        "pickling": {"mode": "by-value", "modules": ["features"], "reason": "no archive"},
        "environment": {"python": "3.11.2"}})");
    answer["outputs"] = json::parse(outputs);
    answer["virtual_column"] = {{"udf", "cGlja2xl"}, {"outputs", answer["outputs"]}};
    answer["alter_virtual_column"] = {{"udf", "cGlja2xl"}};
    return bridge::parse_answer(answer.dump()).value();
}

constexpr const char* k_one =
    R"([{"column":"","struct_field":"","nullable":true,"data_type":{"type":"int64"}}])";

}  // namespace

TEST_CASE("a bundle gives back what was packed") {
    const auto packed = described(k_one);
    const auto read = bridge::read_bundle(bridge::write_bundle(packed));
    REQUIRE(read.has_value());
    CHECK(read->target == "features:embed");
    CHECK(read->identity == "v1:5eed");
    CHECK(read->inputs == packed.inputs);
    CHECK(read->manifest->checksum == "c");
    CHECK(json::parse(read->virtual_column) == json::parse(packed.virtual_column));
    CHECK(json::parse(read->alter_virtual_column) == json::parse(packed.alter_virtual_column));
    CHECK(json::parse(read->document) == json::parse(packed.document));
}

TEST_CASE("the layout of a bundle's JSON does not matter, its content does") {
    const auto text = bridge::write_bundle(described(k_one));
    CHECK(bridge::read_bundle(json::parse(text).dump()).has_value());
    for (const char* part : {"/content/identity", "/content/virtual_column/udf",
                             "/content/resources/num_cpus", "/content/manifest/json", "/digest"}) {
        auto altered = json::parse(text);
        altered[json::json_pointer(part)] = "other";
        const auto read = bridge::read_bundle(altered.dump());
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().kind == ErrorKind::failed);
        CHECK(read.error().message.find("altered") != std::string::npos);
    }
}

TEST_CASE("what is no bundle, or one of a newer format, is refused as such") {
    for (const char* text : {"", "{", "[]", "{}", R"({"genevactl_bundle":"1","content":{}})",
                             R"({"genevactl_bundle":1})"}) {
        const auto read = bridge::read_bundle(text);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().kind == ErrorKind::usage);
        CHECK(read.error().message.find("no bundle") != std::string::npos);
    }
    auto newer = json::parse(bridge::write_bundle(described(k_one)));
    newer["genevactl_bundle"] = 2;
    const auto read = bridge::read_bundle(newer.dump());
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().kind == ErrorKind::usage);
    CHECK(read.error().message.find("format 2") != std::string::npos);
}

TEST_CASE("only an output without a name of its own gets the column's") {
    auto one = described(k_one);
    bridge::name_column(one, "vector");
    CHECK(one.outputs.front().column == "vector");
    CHECK(json::parse(one.virtual_column)["outputs"][0]["column"] == "vector");
    CHECK(json::parse(one.document)["outputs"][0]["column"] == "vector");
    CHECK_FALSE(json::parse(one.alter_virtual_column).contains("outputs"));

    auto several = described(
        R"([{"column":"a","struct_field":"a","nullable":true,"data_type":{"type":"int64"}},
            {"column":"b","struct_field":"b","nullable":true,"data_type":{"type":"int64"}}])");
    const auto before = json::parse(several.virtual_column);
    bridge::name_column(several, "vector");
    CHECK(json::parse(several.virtual_column) == before);
}
