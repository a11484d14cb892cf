// SPDX-License-Identifier: Apache-2.0
#include "pep508.hpp"

#include "genevactl/manifest/requirement.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using manifest::parse_requirement;

namespace {

std::string problem_of(std::string_view text) {
    const auto parsed = parse_requirement(text);
    REQUIRE_FALSE(parsed);
    return std::to_string(parsed.error().at) + ": " + parsed.error().expected;
}

}  // namespace

TEST_CASE("a requirement falls into its parts") {
    const auto parsed =
        parse_requirement(" A.b-c [x, y_z] >= 1.0 , != 2.* ; python_version < '3' ");
    REQUIRE(parsed);
    CHECK(parsed->name == "A.b-c");
    CHECK(parsed->extras == std::vector<std::string>{"x", "y_z"});
    REQUIRE(parsed->specifiers.size() == 2);
    CHECK(parsed->specifiers[0].op == ">=");
    CHECK(parsed->specifiers[1].version == "2.*");
    CHECK(parsed->marker == "python_version < '3'");
}

TEST_CASE("a direct reference keeps its URL") {
    const auto parsed =
        parse_requirement("a @ https://example.org/a;b.zip#egg=a ; os_name == 'nt'");
    REQUIRE(parsed);
    CHECK(parsed->url == "https://example.org/a;b.zip#egg=a");
    CHECK(parsed->marker == "os_name == 'nt'");
}

TEST_CASE("the arbitrary comparison takes all but what ends it") {
    const auto parsed = parse_requirement("a === any!thing,==1.0 ; os_name == 'nt'");
    REQUIRE(parsed);
    REQUIRE(parsed->specifiers.size() == 2);
    CHECK(parsed->specifiers[0].version == "any!thing");
}

TEST_CASE("every spelling of a version is read") {
    for (const auto* const text :
         {"a==1", "a==v1!2.0.rc-1", "a==1.0a", "a==1.0-1", "a==1.0.post", "a==1.0-rev_2.dev3+l.0_x",
          "a==1.*", "a!=1.0.*", "a~=1.0", "a>=1.0ALPHA1", "a (>=1,<2)", "a ()", "a>=1,", "a[]",
          "a==\u00a01"}) {
        CAPTURE(text);
        CHECK(parse_requirement(text));
    }
}

TEST_CASE("markers are read with every operator and spelling") {
    for (const auto* const text :
         {"a;os.name=='x'", "a;'x'in sys.platform and(extra!='y'or 'z' not  in platform.version)",
          "a;((os_name=='x'))", "a; python_full_version ~= '3.8' or os_name==='x'",
          "a;'\\x41\\u0042\\U0001F600\\d' == os_name"}) {
        CAPTURE(text);
        CHECK(parse_requirement(text));
    }
}

TEST_CASE("what is no requirement is told with its place") {
    CHECK(problem_of("") == "0: the name of a package");
    CHECK(problem_of("!!!") == "0: the name of a package");
    CHECK(problem_of("a==") == "3: a version after '=='");
    CHECK(problem_of("a=1") == "1: one of ==, !=, ~=, <=, >=, <, >, ===");
    CHECK(problem_of("a=>1") == "1: one of ==, !=, ~=, <=, >=, <, >, ===");
    CHECK(problem_of("a~=1") == "3: a version of at least two numbers after '~='");
    CHECK(problem_of("a>=1.*") == "4: no '.*': it goes with '==' and '!=' and plain numbers only");
    CHECK(problem_of("a>=1+l") == "4: no local version: it goes with '==' and '!=' only");
    CHECK(problem_of("a==1 ==2") == "5: a comma");
    CHECK(problem_of("a b") == "2: a version comparison, a marker after ';', or the end");
    CHECK(problem_of("a==1 # c") == "5: a comma, a marker after ';', or the end");
    CHECK(problem_of("a[x y]") == "4: a comma or a closing bracket");
    CHECK(problem_of("a[x,]") == "4: the name of an extra");
    CHECK(problem_of("a (>=1") == "6: a closing parenthesis");
    CHECK(problem_of("a @") == "3: a URL after '@'");
    CHECK(problem_of("a @ https://x y") == "14: ' ; ' with a marker, or the end");
    CHECK(problem_of("a;") ==
          "2: a variable of markers (such as python_version or sys_platform) or a quoted string");
    CHECK(problem_of("a;os_name=='x") == "11: a closing quote");
    CHECK(problem_of("a;os_name=='\\x4'") == "11: a string whose backslashes are valid escapes");
    CHECK(problem_of("a;os_name 'x'") ==
          "10: a comparison (==, !=, <=, >=, <, >, ~=, ===, in, not in)");
    CHECK(problem_of("a;'x' not os_name") == "10: 'in' after 'not'");
    CHECK(problem_of("a;(os_name=='x'") == "15: 'and', 'or' or a closing parenthesis");
    CHECK(problem_of("a;os_name=='x' b") == "15: 'and', 'or' or the end");
}

TEST_CASE("parentheses without end do not exhaust the stack") {
    CHECK(problem_of("a;" + std::string(100000, '(')) == "66: fewer nested parentheses");
}

TEST_CASE("names are compared as an index compares them") {
    CHECK(manifest::canonical_name("Foo._-Bar") == "foo-bar");
}

TEST_CASE("a requirement is pinned by one exact version or a direct reference") {
    using manifest::is_pinned;
    CHECK(is_pinned("a==1"));
    CHECK(is_pinned(" a [x] === 1 ; os_name == 'x'  # why"));
    CHECK(is_pinned("a @ git+https://example.org/a@main"));
    CHECK_FALSE(is_pinned("a"));
    CHECK_FALSE(is_pinned("a==1.*"));
    CHECK_FALSE(is_pinned("a==1,!=2"));
    CHECK_FALSE(is_pinned("a ; python_version == '3.11'"));
    CHECK_FALSE(is_pinned("a>=1 # ==1"));
}

TEST_CASE("what is no dependency specifier is not judged") {
    using manifest::is_pinned;
    for (const auto* const text : {"", "# c", "-r x.txt", "--pre", "./a",
                                   "https://example.org/a.whl", "a>=1 --hash=sha256:0", "a b"}) {
        CAPTURE(text);
        CHECK(is_pinned(text));
    }
}
