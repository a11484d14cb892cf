// SPDX-License-Identifier: Apache-2.0
#include "edit.hpp"

#include "fixture.hpp"
#include "genevactl/base/toml.hpp"

using namespace settings_test;

namespace {

using Path = std::vector<std::string>;

std::string edited(const std::string& text, const Path& path, const std::string& value = "new") {
    auto result = settings::with_value(text, "f.toml", path, value);
    if (!result) {
        FAIL(result.error().message);
    }
    return *result;
}

const Path k_uri = {"profiles", "a", "uri"};

}  // namespace

TEST_CASE("a value is replaced in its place, everything else stays") {
    CHECK(edited("# top\n\n[profiles.a]  # mine\n  uri   =  \"old\"  # why\nx = 1\n", k_uri) ==
          "# top\n\n[profiles.a]  # mine\n  uri   =  \"new\"  # why\nx = 1\n");
    CHECK(edited("[profiles.a]\nuri = '''o\nld'''\nx = 1\n", k_uri) ==
          "[profiles.a]\nuri = \"new\"\nx = 1\n");
    CHECK(edited("profiles.a.uri = 7\n", k_uri) == "profiles.a.uri = \"new\"\n");
    CHECK(edited("profiles = { a = { uri = \"old\", x = 1 } }\n", k_uri) ==
          "profiles = { a = { uri = \"new\", x = 1 } }\n");
}

TEST_CASE("a value after wide characters is found") {
    CHECK(edited("[profiles.a]\n\"ä€😀\" = \"ö\"\nuri = \"é\" # ü\n", k_uri) ==
          "[profiles.a]\n\"ä€😀\" = \"ö\"\nuri = \"new\" # ü\n");
    CHECK(edited("profiles = { \"ä€😀\" = {}, a = { uri = \"é\" } } # ü\n", k_uri) ==
          "profiles = { \"ä€😀\" = {}, a = { uri = \"new\" } } # ü\n");
}

TEST_CASE("a new key goes below the last one of its table") {
    CHECK(edited("[profiles.a]\nx = [1,\n  2] # two\n\n# about b\n[profiles.b]\n", k_uri) ==
          "[profiles.a]\nx = [1,\n  2] # two\nuri = \"new\"\n\n# about b\n[profiles.b]\n");
    CHECK(edited("[profiles.a] # empty\n[profiles.b]\n", k_uri) ==
          "[profiles.a] # empty\nuri = \"new\"\n[profiles.b]\n");
    CHECK(edited("[profiles.a]\nx = 1", k_uri) == "[profiles.a]\nx = 1\nuri = \"new\"\n");
}

TEST_CASE("a new table goes to the end") {
    CHECK(edited("", k_uri) == "[profiles.a]\nuri = \"new\"\n");
    CHECK(edited("default_profile = \"a\"", k_uri) ==
          "default_profile = \"a\"\n\n[profiles.a]\nuri = \"new\"\n");
    CHECK(edited("[profiles.b]\nuri = \"b\"\n", k_uri) ==
          "[profiles.b]\nuri = \"b\"\n\n[profiles.a]\nuri = \"new\"\n");
    CHECK(edited("", {"profiles", "a.b", "uri"}) == "[profiles.\"a.b\"]\nuri = \"new\"\n");
}

TEST_CASE("a new key of the root goes to the top") {
    CHECK(edited("[profiles.a]\n", {"default_profile"}) ==
          "default_profile = \"new\"\n[profiles.a]\n");
    CHECK(edited("# c\ndefault_profile = 'old'\n[profiles.a]\n", {"default_profile"}) ==
          "# c\ndefault_profile = \"new\"\n[profiles.a]\n");
}

TEST_CASE("the file's own line ends are kept") {
    CHECK(edited("[profiles.a]\r\nx = 1\r\n", k_uri) ==
          "[profiles.a]\r\nx = 1\r\nuri = \"new\"\r\n");
    CHECK(edited("[profiles.b]\r\n", {"default_profile"}) ==
          "default_profile = \"new\"\r\n[profiles.b]\r\n");
}

TEST_CASE("any text is written so that it reads back") {
    const std::string value = "q\" b\\ t\t n\n ä€😀 \x01 \x7f '''";
    const auto root = base::parse_toml(edited("", k_uri, value), "f.toml");
    REQUIRE(root.has_value());
    CHECK(root->child("profiles")->child("a")->child("uri")->text == value);
}

TEST_CASE("a file that cannot be edited line by line is an error, not a wrong file") {
    for (const std::string text : {"profiles = { a = { x = 1 } }\n", "profiles.a.x = 1\n",
                                   "profiles = 3\n", "[profiles]\na = 3\n", "not toml"}) {
        const auto result = settings::with_value(text, "f.toml", k_uri, "sk-very-secret");
        CAPTURE(text);
        REQUIRE_FALSE(result.has_value());
        CHECK(result.error().kind == base::ErrorKind::usage);
        CHECK((result.error().message + result.error().hint).find("sk-very") == std::string::npos);
    }
}

TEST_CASE("a value that is no UTF-8 is an error") {
    CHECK_FALSE(settings::with_value("", "f.toml", k_uri, "\xff").has_value());
}
