// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/snapshot.hpp"

#include "support/catch.hpp"

using genevactl::model::Field;
using genevactl::model::Schema;
using genevactl::model::StringMap;

namespace {

const std::string k_json = R"({"checksum":"21fa","conda":{},"name":"emb","pip":["numpy==2.0.0"]})";

/// As geneva 0.17 writes it for a column whose decorator pins a manifest.
StringMap registered() {
    return {{"virtual_column", "true"},
            {"virtual_column.udf_name", "emb"},
            {"virtual_column.udf_backend", "DockerUDFSpecV1"},
            {"virtual_column.udf", "_udfs/27ce"},
            {"virtual_column.udf_inputs", R"(["text","meta.lang"])"},
            {"virtual_column.auto_backfill", "false"},
            {"virtual_column.manifest", k_json},
            {"virtual_column.manifest_checksum", "21fa"},
            {"virtual_column.platform.system", "Linux"},
            {"virtual_column.platform.arch", "x86_64"},
            {"virtual_column.platform.python_version", "3.11.7"},
            {"owner", "search"}};
}

Field column(const std::string& name, StringMap metadata) {
    return {name, "string", "", true, std::move(metadata), {}};
}

}  // namespace

TEST_CASE("a computed column's snapshot is read from its metadata") {
    const auto snapshot = column_snapshot(column("emb", registered()));
    REQUIRE(snapshot);
    CHECK(snapshot->udf_name == "emb");
    CHECK(snapshot->udf_backend == "DockerUDFSpecV1");
    CHECK(snapshot->udf == "_udfs/27ce");
    CHECK(snapshot->inputs == std::vector<std::string>{"text", "meta.lang"});
    CHECK_FALSE(snapshot->auto_backfill);
    REQUIRE(snapshot->manifest);
    CHECK(snapshot->manifest->name == "emb");
    CHECK(snapshot->manifest->checksum == "21fa");
    CHECK(snapshot->manifest->json == k_json);
    CHECK(snapshot->platform_system == "Linux");
    CHECK(snapshot->platform_arch == "x86_64");
    CHECK(snapshot->platform_python == "3.11.7");
    CHECK(snapshot->field_metadata == StringMap{{"owner", "search"}});
}

TEST_CASE("a plain column has no snapshot, whatever else its metadata says") {
    CHECK_FALSE(column_snapshot(column("text", {})));
    CHECK_FALSE(column_snapshot(column("text", {{"virtual_column", "false"}})));
    CHECK_FALSE(column_snapshot(column("text", {{"virtual_column.udf_name", "emb"}})));
}

TEST_CASE("broken metadata is read as far as it goes") {
    auto metadata = registered();
    metadata["virtual_column.udf_inputs"] = "[\"text\", 1, ";
    metadata["virtual_column.manifest"] = "{not json";
    metadata.erase("virtual_column.manifest_checksum");
    const auto snapshot = column_snapshot(column("emb", metadata));
    REQUIRE(snapshot);
    CHECK(snapshot->inputs.empty());
    REQUIRE(snapshot->manifest);
    CHECK(snapshot->manifest->name.empty());
    CHECK(snapshot->manifest->checksum.empty());
    CHECK(snapshot->manifest->json == "{not json");
}

TEST_CASE("the checksum of a pinned manifest falls back to the one in its JSON") {
    auto metadata = registered();
    metadata.erase("virtual_column.manifest_checksum");
    CHECK(column_snapshot(column("emb", metadata))->manifest->checksum == "21fa");
}

TEST_CASE("a view's own manifest is on its schema, not on an inherited column") {
    Schema schema{{column("emb", registered())}, {{"geneva::view::query", "{}"}}};
    CHECK_FALSE(view_manifest(schema));
    schema.metadata["geneva::view::manifest"] = k_json;
    REQUIRE(view_manifest(schema));
    CHECK(view_manifest(schema)->name == "emb");
}

TEST_CASE("columns of one registration share its group; the same function twice is no group") {
    auto first = registered();
    first["virtual_column.unpack_group"] = "5c12";
    Schema schema{{column("alone", registered()), column("n1", first), column("n2", first),
                   column("same", registered())},
                  {}};
    CHECK(sibling_columns(schema, "n2") == std::vector<std::string>{"n2", "n1"});
    CHECK(sibling_columns(schema, "alone") == std::vector<std::string>{"alone"});
    CHECK(sibling_columns(schema, "nowhere") == std::vector<std::string>{"nowhere"});
}

TEST_CASE("what reads a column, or a field of it, depends on it") {
    using genevactl::model::FieldPath;
    auto nested = registered();
    nested["virtual_column.udf_inputs"] = R"(["meta.lang","`odd name`"])";
    auto whole = registered();
    whole["virtual_column.udf_inputs"] = R"(["meta"])";
    const Schema schema{{column("nested", nested), column("whole", whole), column("plain", {})},
                        {}};
    const auto readers = [&](const std::string& path) {
        return dependent_columns(schema, *FieldPath::parse(path));
    };
    CHECK(readers("meta") == std::vector<std::string>{"nested", "whole"});
    CHECK(readers("meta.lang") == std::vector<std::string>{"nested", "whole"});
    CHECK(readers("meta.size") == std::vector<std::string>{"whole"});
    CHECK(readers("`odd name`") == std::vector<std::string>{"nested"});
    CHECK(readers("plain").empty());
}
