// SPDX-License-Identifier: Apache-2.0
#include "version.hpp"

#include "support/catch.hpp"

using namespace genevactl;

namespace {

std::string normal_form(std::string_view text) {
    const auto version = manifest::parse_version(text);
    return version ? manifest::to_text(*version) : "none";
}

std::vector<manifest::VersionSpecifier> comparisons(std::string_view text) {
    const auto parsed = manifest::parse_requirement("a" + std::string(text));
    REQUIRE(parsed);
    return parsed->specifiers;
}

}  // namespace

TEST_CASE("a version has one normal form") {
    CHECK(normal_form(" v1!01.0-ALPHA_2.rev3.dev04+Ab_1-02 ") == "1!1.0a2.post3.dev4+ab.1.2");
    CHECK(normal_form("1.0-1") == "1.0.post1");
    CHECK(normal_form("1.0pre") == "1.0rc0");
    CHECK(normal_form("1.0a.") == "1.0a0");
    CHECK(normal_form("99999999999999999999999.0") == "99999999999999999999999.0");
    for (const auto* const text : {"", "1.", "a", "1.0+", "1.0+a..b", "1!", "1.0x", "1 .0"}) {
        CAPTURE(text);
        CHECK(normal_form(text) == "none");
    }
}

TEST_CASE("versions are ordered from dev to local") {
    const std::vector<std::string> ordered = {"1.dev0",       "1.0a0.dev1",
                                              "1.0a1",        "1.0a10",
                                              "1.0b1",        "1.0rc1",
                                              "1.0rc1.post0", "1.0",
                                              "1.0+a",        "1.0+b",
                                              "1.0+2",        "1.0+10",
                                              "1.0+10.a",     "1.0.post0.dev0",
                                              "1.0.post0",    "1.0.post1",
                                              "1.0.0.1",      "1.1.dev0",
                                              "1.2",          "1.10",
                                              "99999999999",  "99999999999999999999999",
                                              "1!0"};
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        for (std::size_t j = 0; j < ordered.size(); ++j) {
            CAPTURE(ordered[i], ordered[j]);
            const int order = manifest::compare(*manifest::parse_version(ordered[i]),
                                                *manifest::parse_version(ordered[j]));
            CHECK(order == (i > j) - (i < j));
        }
    }
}

TEST_CASE("comparisons hold as PEP 440 says") {
    struct Row {
        const char* comparison;
        const char* version;
        bool holds;
    };
    const std::vector<Row> rows = {{"==1.0", "1", true},
                                   {"==1.0", "1.0+x", true},
                                   {"==1.0+x", "1.0", false},
                                   {"==1.*", "1.5rc1", true},
                                   {"==1.*", "1.dev0", true},
                                   {"==1.*", "2.dev0", false},
                                   {"!=1.*", "2.dev0", true},
                                   {"!=1.0", "1.0+x", false},
                                   {">1.0", "1.0.post1", false},
                                   {">1.0", "1.0+x", false},
                                   {">1.0.post1", "1.0.post2", true},
                                   {"<1.0", "1.0rc1", false},
                                   {"<1.0rc2", "1.0rc1", true},
                                   {"<=1.0", "1.0+x", true},
                                   {"~=1.4.2", "1.4.9", true},
                                   {"~=1.4.2", "1.5.dev0", false},
                                   {"~=1.4", "1.9", true},
                                   {"===1.0", "1", false},
                                   {"===Any", "aNY", true},
                                   {">=1,<2,!=1.5", "1.5", false},
                                   {">=1!1", "2026", false},
                                   {">=1", "no version", false}};
    for (const auto& row : rows) {
        CAPTURE(row.comparison, row.version);
        CHECK(manifest::contains(comparisons(row.comparison), row.version) == row.holds);
    }
    CHECK(manifest::contains({}, "anything"));
}

TEST_CASE("contradictions are found, also where only pre-releases or posts lie between") {
    for (const auto* const text :
         {"==1,==2", ">2,<1", ">=1,<1", ">1,<1.0.post3", "==1.*,!=1.*", "~=1.4,>=2", "===1,==2",
          "<0.dev0", ">1.0,<=1.0", "<1,>=1.dev0"}) {
        CAPTURE(text);
        CHECK(manifest::is_unsatisfiable(comparisons(text)));
    }
    for (const auto* const text :
         {"", "==1,==1.0", ">=1,<=1", ">1,<1.0.1", "<=1,>=1", ">=1.dev0,<1.0a1", "===1,==1.0"}) {
        CAPTURE(text);
        CHECK_FALSE(manifest::is_unsatisfiable(comparisons(text)));
    }
}
