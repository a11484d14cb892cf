// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/names.hpp"

#include "support/catch.hpp"

using genevactl::base::ErrorKind;
using genevactl::model::FieldPath;
using genevactl::model::ObjectId;

using Parts = std::vector<std::string>;

TEST_CASE("an object id is its parts between slashes") {
    CHECK(ObjectId::parse("docs")->parts == Parts{"docs"});
    CHECK(ObjectId::parse("team/a b/docs.v2")->parts == Parts{"team", "a b", "docs.v2"});
    CHECK(ObjectId::parse("team/docs")->text() == "team/docs");
    CHECK(ObjectId::parse("team/docs")->joined() == "team$docs");
}

TEST_CASE("an object id that is none says where") {
    struct Row {
        std::string text;
        std::string message;
    };
    const auto row = GENERATE(
        values<Row>({{"", "the name of a table is empty"},
                     {"/docs", "the table's name has an empty part at character 1 of '/docs'"},
                     {"é//docs", "the table's name has an empty part at character 3 of 'é//docs'"},
                     {"docs/", "the table's name has an empty part at character 6 of 'docs/'"},
                     {"a$b",
                      "the table's name has a '$', which the API keeps for itself at character 2 "
                      "of 'a$b'"},
                     {std::string("a\0b", 3),
                      "the table's name has a control character at character 2 "
                      "of 'ab'"}}));
    const auto id = ObjectId::parse(row.text);
    REQUIRE(!id);
    CHECK(id.error().kind == ErrorKind::usage);
    CHECK(id.error().message == row.message);
}

TEST_CASE("a field path is read as it is written, and written as it is read") {
    struct Row {
        std::string text;
        Parts parts;
    };
    const auto row = GENERATE(values<Row>({{"embedding", {"embedding"}},
                                           {"meta.lang", {"meta", "lang"}},
                                           {"`a.b`.c", {"a.b", "c"}},
                                           {"`a``b`", {"a`b"}},
                                           {"`first name`", {"first name"}},
                                           {"```.```", {"`.`"}},
                                           {"größe.$x", {"größe", "$x"}}}));
    const auto path = FieldPath::parse(row.text);
    REQUIRE(path);
    CHECK(path->parts == row.parts);
    CHECK(path->text() == row.text);
}

TEST_CASE("backticks that are not needed are dropped when a path is written") {
    CHECK(FieldPath::parse("`plain`.x")->text() == "plain.x");
}

TEST_CASE("a field path that is none says where") {
    struct Row {
        std::string text;
        std::string message;
    };
    const auto row = GENERATE(values<Row>(
        {{"", "the name of a column is empty"},
         {".a", "the field path has an empty part at character 1 of '.a'"},
         {"a..b", "the field path has an empty part at character 3 of 'a..b'"},
         {"a.", "the field path has an empty part at character 3 of 'a.'"},
         {"a.``", "the field path has an empty part at character 3 of 'a.``'"},
         {"a.`b", "the field path has an unclosed backtick at character 3 of 'a.`b'"},
         {"`a`b", "the field path goes on after a closing backtick at character 4 of '`a`b'"},
         {"a`b`", "the field path has a backtick inside a plain part at character 2 of 'a`b`'"},
         {"a b", "the field path has a blank in a plain part at character 2 of 'a b'"},
         {"`a\nb`", "the field path has a control character at character 3 of '`a\nb`'"}}));
    const auto path = FieldPath::parse(row.text);
    REQUIRE(!path);
    CHECK(path.error().kind == ErrorKind::usage);
    CHECK(path.error().message == row.message);
}

TEST_CASE("every pair of awkward parts survives writing and reading") {
    const Parts awkward = {"a", ".", "`", "``", " ", "a.b", "`a`", "x y", "\xc3\xa9", "$"};
    for (const auto& first : awkward) {
        for (const auto& second : awkward) {
            const FieldPath path{{first, second}};
            const auto back = FieldPath::parse(path.text());
            REQUIRE(back);
            CHECK(*back == path);
        }
    }
}
