// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/view.hpp"

#include "support/catch.hpp"

using namespace genevactl::model;

namespace {

using Texts = std::vector<std::string>;

/// As geneva 0.17 writes it for a view of `docs` in a database of a deployment.
Schema view(const std::string& version, const std::string& base, StringMap more = {}) {
    StringMap metadata = {
        {"geneva::view::base_table", "docs"},
        {"geneva::view::base_table_db_uri", "/data/root/default"},
        {"geneva::view::base_table_version", "7"},
        {"geneva::view::version", version},
        {"geneva::view::query",
         R"({"base":)" + base +
             R"(,"column_udfs":null,"source_table":"docs","source_db_uri":"db://default"})"}};
    metadata.merge(more);
    return {{}, metadata};
}

Texts texts_of(const std::optional<std::vector<ViewColumn>>& columns) {
    Texts texts;
    for (const auto& column : columns.value_or(std::vector<ViewColumn>())) {
        texts.push_back(column.text());
    }
    return texts;
}

}  // namespace

TEST_CASE("a query view tells its source, its columns and its condition") {
    const auto found =
        view_definition(view("1", R"({"filter":"id > 2","columns":["id","text"],"limit":5})",
                             {{"genevactl.identity", "v1:5eed"}}));
    REQUIRE(found);
    CHECK(found->kind == ViewKind::query);
    CHECK(found->pinning == ViewPinning::pinned);
    CHECK(found->source.text() == "docs");
    CHECK(found->source_uri == "/data/root/default");
    CHECK(found->source_version == 7);
    CHECK(texts_of(found->columns) == Texts{"id", "text"});
    CHECK(found->where == "id > 2");
    CHECK(found->limit == 5);
    CHECK(found->computed.empty());
    CHECK_FALSE(found->transform);
    CHECK_FALSE(found->manifest);
    CHECK(found->identity == "v1:5eed");
}

TEST_CASE("expressions keep their names and their order; no columns means all of them") {
    const auto some = view_definition(view("2", R"~({"columns":{"z":"upper(text)","id":"id"}})~"));
    CHECK(texts_of(some->columns) == Texts{"z=upper(text)", "id"});
    CHECK(some->pinning == ViewPinning::follows);
    const auto all = view_definition(view("2", R"({"columns":null,"filter":null,"limit":null})"));
    CHECK_FALSE(all->columns);
    CHECK(all->where.empty());
    CHECK_FALSE(all->limit);
}

TEST_CASE("the transform of a chunker or udtf view is read from its spec") {
    const std::string manifest = R"({"checksum":"21fa","name":"emb"})";
    const auto chunker = view_definition(
        view("chunker", "{}",
             {{"geneva::view::chunker",
               R"({"name":"split","version":"aecc","chunker_payload":"gAWV","batch":true,)"
               R"("input_columns":["text"],"manifest":null})"},
              {"geneva::view::manifest", manifest},
              {"geneva::view::manifest_checksum", "21fa"}}));
    CHECK(chunker->kind == ViewKind::chunker);
    CHECK(chunker->pinning == ViewPinning::unknown);
    REQUIRE(chunker->transform);
    CHECK(chunker->transform->name == "split");
    CHECK(chunker->transform->version == "aecc");
    CHECK(chunker->transform->inputs == Texts{"text"});
    CHECK(chunker->transform->batch);
    REQUIRE(chunker->manifest);
    CHECK(chunker->manifest->name == "emb");
    const auto udtf = view_definition(
        view("udtf", "{}",
             {{"geneva::view::udtf",
               R"({"name":"stats","input_columns":["id"],"partition_by":"lang"})"}}));
    CHECK(udtf->kind == ViewKind::udtf);
    CHECK(udtf->pinning == ViewPinning::follows);
    CHECK(udtf->transform->partition_by == "lang");
    CHECK_FALSE(udtf->transform->batch);
}

TEST_CASE("the version that a view was refreshed to is told where its kind keeps it") {
    auto schema = view("2", "{}");
    CHECK_FALSE(view_definition(schema)->refreshed_version);
    schema.fields = {
        {"__source_row_id", "int64", "", true, {{"geneva::mv::last_refreshed_version", "9"}}, {}}};
    CHECK(view_definition(schema)->refreshed_version == 9);
    TableDescription udtf{.id = {{"v"}}, .version = 1, .schema = view("udtf", "{}")};
    CHECK_FALSE(view_definition(udtf)->refreshed_version);
    udtf.version = 2;
    CHECK(view_definition(udtf)->refreshed_version == 7);
    CHECK_FALSE(view_definition(TableDescription{}));
}

TEST_CASE("a manifest that is pinned on the transform is told beside the view's own") {
    const auto found = view_definition(
        view("udtf", "{}",
             {{"geneva::view::udtf",
               R"({"name":"stats","manifest":"{\"name\":\"deps\",\"checksum\":\"21fa\"}"})"}}));
    REQUIRE(found->transform->manifest);
    CHECK(found->transform->manifest->name == "deps");
    CHECK(found->transform->manifest->checksum == "21fa");
    CHECK_FALSE(found->manifest);
}

TEST_CASE("columns that the query itself computes are named") {
    auto schema = view("1", "{}");
    schema.metadata["geneva::view::query"] =
        R"({"base":{},"column_udfs":[{"output_index":1,"output_name":"dd","udf":{}}]})";
    CHECK(view_definition(schema)->computed == Texts{"dd"});
}

TEST_CASE("a table is no view, and broken metadata is read as far as it goes") {
    CHECK_FALSE(view_definition(Schema{}));
    Schema broken{{}, {{"geneva::view::query", "{\"base\": ["}, {"geneva::view::version", "udtf"}}};
    auto found = view_definition(broken);
    REQUIRE(found);
    CHECK(found->kind == ViewKind::udtf);
    CHECK(found->source.parts.empty());
    CHECK_FALSE(found->source_version);
    CHECK_FALSE(found->transform);
    broken.metadata["geneva::view::query"] = R"({"source_table":"docs","base":7,"column_udfs":1})";
    broken.metadata["geneva::view::udtf"] = "[]";
    broken.metadata["geneva::view::base_table_version"] = "7x";
    found = view_definition(broken);
    CHECK(found->source.text() == "docs");
    CHECK_FALSE(found->source_version);
    CHECK(found->transform->name.empty());
}
