// SPDX-License-Identifier: Apache-2.0
#include "wildmatch.hpp"

#include "support/catch.hpp"

using genevactl::capture::Slash;
using genevactl::capture::wildmatch;

namespace {

bool path(std::string_view glob, std::string_view text) {
    return wildmatch(glob, text, Slash::separates);
}
bool name(std::string_view glob, std::string_view text) {
    return wildmatch(glob, text, Slash::ordinary);
}

}  // namespace

TEST_CASE("a star stops at a slash of a path and passes one in a name") {
    CHECK(path("*.py", "a.py"));
    CHECK_FALSE(path("*.py", "a/b.py"));
    CHECK(name("*.py", "a/b.py"));
    CHECK(path("a/*/c", "a/b/c"));
    CHECK_FALSE(path("a/*/c", "a/b/b/c"));
    CHECK_FALSE(path("a?c", "a/c"));
    CHECK_FALSE(path("a[/]c", "a/c"));
}

TEST_CASE("two stars between slashes stand for any folders, or none") {
    CHECK(path("**/c", "c"));
    CHECK(path("**/c", "a/b/c"));
    CHECK(path("a/**/c", "a/c"));
    CHECK(path("a/**/c", "a/x/y/c"));
    CHECK(path("a/**", "a/b/c"));
    CHECK_FALSE(path("a/**", "a"));
    CHECK_FALSE(path("a**c", "a/c"));
    CHECK(path("a**c", "abbc"));
}

TEST_CASE("brackets have ranges, classes, negation and escapes") {
    CHECK(path("[a-c]x", "bx"));
    CHECK_FALSE(path("[!a-c]x", "bx"));
    CHECK(path("[^a-c]x", "dx"));
    CHECK(path("[]]", "]"));
    CHECK(path("[a\\]b]", "]"));
    CHECK(path("[[:digit:]x]", "7"));
    CHECK_FALSE(path("[[:digit:]]", "a"));
    CHECK(path("[a-]", "-"));
    CHECK(path("\\*", "*"));
    CHECK_FALSE(path("\\*", "a"));
}

TEST_CASE("a malformed glob matches nothing") {
    CHECK_FALSE(path("[a", "a"));
    CHECK_FALSE(path("[[:nope:]]", "a"));
    CHECK_FALSE(path("a\\", "a"));
    CHECK_FALSE(path("a\\", "a\\"));
}

TEST_CASE("many stars against a long text that does not match end soon") {
    CHECK_FALSE(path("*a*a*a*a*a*a*a*a*a*a*a*a*b", std::string(4000, 'a')));
}
