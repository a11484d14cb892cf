// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/schema.hpp"

#include "support/catch.hpp"

using genevactl::model::Field;
using genevactl::model::FieldPath;
using genevactl::model::Schema;

namespace {

Schema example() {
    Field lang{"lang", "string", "", true, {}, {}};
    Field dotted{"a.b", "int64", "", true, {}, {}};
    Field meta{"meta", "struct<lang: string, a.b: int64>", "", true, {}, {lang, dotted}};
    Field item{"item", "string", "", true, {}, {}};
    Field tags{"tags", "list<string>", "", true, {}, {item}};
    return {{meta, tags}, {}};
}

}  // namespace

TEST_CASE("a field is found by name and by a path through structs") {
    const auto schema = example();
    CHECK(schema.names() == std::vector<std::string>{"meta", "tags"});
    REQUIRE(schema.find("tags") != nullptr);
    CHECK(schema.find("lang") == nullptr);
    REQUIRE(schema.find(*FieldPath::parse("meta.lang")) != nullptr);
    CHECK(schema.find(*FieldPath::parse("meta.lang"))->type == "string");
    CHECK(schema.find(*FieldPath::parse("meta.`a.b`"))->type == "int64");
}

TEST_CASE("a path does not reach into a list or below a leaf") {
    const auto schema = example();
    CHECK(schema.find(*FieldPath::parse("tags.item")) == nullptr);
    CHECK(schema.find(*FieldPath::parse("meta.lang.x")) == nullptr);
    CHECK(schema.find(*FieldPath::parse("nothing.lang")) == nullptr);
    CHECK(schema.find(FieldPath{}) == nullptr);
}

TEST_CASE("a view is known by its schema's metadata") {
    genevactl::model::TableDescription description;
    CHECK_FALSE(description.is_view());
    description.schema.metadata["geneva::view::query"] = "{}";
    CHECK(description.is_view());
}

TEST_CASE("a path is spelled as the schema does") {
    auto schema = example();
    schema.fields.push_back({"Text", "string", "", true, {}, {}});
    const auto spelled = [&](const std::string& text) {
        const auto path = schema.spelled(*FieldPath::parse(text));
        return path ? path->quoted() : "(none)";
    };
    CHECK(spelled("text") == "Text");
    CHECK(spelled("`TEXT`") == "Text");
    CHECK(spelled("META.Lang") == "meta.lang");
    CHECK(spelled("meta.`A.B`") == "meta.`a.b`");
    CHECK(spelled("txt") == "(none)");
    CHECK(spelled("tags.item") == "(none)");
    schema.fields.push_back({"TEXT", "string", "", true, {}, {}});
    CHECK(spelled("TEXT") == "TEXT");
    CHECK(spelled("Text") == "Text");
    CHECK(spelled("text") == "(none)");  // which of the two?
}
