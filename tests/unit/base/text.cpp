// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/text.hpp"

#include <limits>

#include "support/catch.hpp"

using namespace genevactl::base;
using namespace std::string_literals;

TEST_CASE("printable text keeps letters, newlines and tabs") {
    CHECK(printable("caf\xC3\xA9 \xE6\x97\xA5\tx\ny") == "caf\xC3\xA9 \xE6\x97\xA5\tx\ny");
}

TEST_CASE("printable text has no escape sequence left") {
    CHECK(printable("\x1b[31mred\x1b[0m") == "red");
    CHECK(printable("\x1b]0;title\x07text") == "text");
    CHECK(printable("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\") == "link");
    CHECK(printable("a\x1bPq...\x1b\\b") == "ab");
    CHECK(printable("a\x1b(Bb") == "ab");
    CHECK(printable("a\x1b"
                    "cb") == "ab");
    CHECK(printable("end\x1b") == "end");
    CHECK(printable("end\x1b[12") == "end");
}

TEST_CASE("an unfinished control string does not swallow the text after it") {
    CHECK(printable("\x1b]important") == "important");
    CHECK(printable("\x1b]0;title\nnext\x07") == "0;title\nnext");
}

TEST_CASE("printable text has no control characters left") {
    CHECK(printable("a\rb\bc\x7f"
                    "d\0e"s +
                    "\x01") == "abcde");
    CHECK(printable("a\xC2\x9B"
                    "31mb") == "ab");
    CHECK(printable("a\xC2\x85"
                    "b") == "ab");
    CHECK(printable("a\xE2\x80\xAE"
                    "b\xE2\x81\xA6"
                    "c") == "abc");
}

TEST_CASE("bytes that are no UTF-8 become the replacement character") {
    CHECK(printable("a\xFF"
                    "b") ==
          "a\xEF\xBF\xBD"
          "b");
    CHECK(printable("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(printable("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(printable("\xE2\x82") == "\xEF\xBF\xBD");
    CHECK(printable("\xF4\x90\x80\x80").size() == 12);
    CHECK(printable("\xF0\x9F\x99\x82") == "\xF0\x9F\x99\x82");
}

TEST_CASE("near names are found, best first, and wild guesses are not") {
    const std::vector<std::string> names = {"embedding", "embeddings", "emb", "title", "body"};
    CHECK(nearest("embeding", names) == std::vector<std::string>{"embedding", "embeddings"});
    CHECK(nearest("tilte", names) == std::vector<std::string>{"title"});
    CHECK(nearest("Title", names) == std::vector<std::string>{"title"});
    CHECK(nearest("price", names).empty());
    CHECK(nearest("embeding", names, 1).size() == 1);
    CHECK(nearest("", names).empty());
    CHECK(nearest(std::string(100'000, 'x'), names).empty());
}

TEST_CASE("a suggestion reads as a question") {
    const std::vector<std::string> names = {"docs", "docs2", "docs3"};
    CHECK(did_you_mean("docs1", names) == "did you mean docs, docs2 or docs3?");
    CHECK(did_you_mean("doc", std::vector<std::string>{"docs"}) == "did you mean docs?");
    CHECK(did_you_mean("zzz", names).empty());
}

TEST_CASE("texts are trimmed, split and joined") {
    CHECK(trim(" \t a b\r\n") == "a b");
    CHECK(trim(" \n").empty());
    CHECK(split("a,,b,", ',') == std::vector<std::string>{"a", "", "b", ""});
    CHECK(split("", ',') == std::vector<std::string>{""});
    CHECK(join(std::vector<std::string>{"a", "b", "c"}, ", ") == "a, b, c");
    CHECK(join(std::vector<std::string>{}, ", ").empty());
    CHECK(starts_with("abc", "ab"));
    CHECK_FALSE(starts_with("a", "ab"));
    CHECK(lower("ABC\xC3\x84z") == "abc\xC3\x84z");
}

TEST_CASE("width counts terminal columns") {
    CHECK(display_width("abc") == 3);
    CHECK(display_width("\xE6\x97\xA5\xE6\x9C\xAC") == 4);
    CHECK(display_width("e\xCC\x81") == 1);
    CHECK(display_width("\xF0\x9F\x99\x82") == 2);
    CHECK(display_width("\xE2\x80\xA6") == 1);
    CHECK(display_width("\xE2\x94\x82") == 1);
    CHECK(display_width("\xFF") == 1);
    CHECK(display_width("") == 0);
}

TEST_CASE("elided text fits its columns") {
    CHECK(elide("abcdef", 6) == "abcdef");
    CHECK(elide("abcdef", 4) == "abc…");
    CHECK(elide("\xE6\x97\xA5\xE6\x9C\xAC", 3) == "\xE6\x97\xA5…");
    CHECK(elide("\xE6\x97\xA5\xE6\x9C\xAC", 2) == "…");
    CHECK(elide("e\xCC\x81", 1) == "e\xCC\x81");
    CHECK(elide("abc", 0).empty());
    CHECK(elide("", 0).empty());
}

TEST_CASE("a quoted word is one word to a shell") {
    CHECK(shell_quote("a/b-c_1.txt") == "a/b-c_1.txt");
    CHECK(shell_quote("") == "''");
    CHECK(shell_quote("a b") == "'a b'");
    CHECK(shell_quote("it's") == "'it'\\''s'");
    CHECK(shell_quote("$HOME") == "'$HOME'");
    CHECK(shell_quote("~") == "'~'");
    CHECK(shell_quote("a\nb") == "'a\nb'");
}

TEST_CASE("numbers are grouped and nouns counted") {
    CHECK(group_digits(0) == "0");
    CHECK(group_digits(999) == "999");
    CHECK(group_digits(1000) == "1,000");
    CHECK(group_digits(1234567) == "1,234,567");
    CHECK(group_digits(-123) == "-123");
    CHECK(group_digits(-123456) == "-123,456");
    CHECK(group_digits(std::numeric_limits<long long>::min()) == "-9,223,372,036,854,775,808");
    CHECK(plural(1, "row") == "1 row");
    CHECK(plural(0, "row") == "0 rows");
    CHECK(plural(1200, "row") == "1,200 rows");
    CHECK(plural(2, "query") == "2 queries");
    CHECK(plural(2, "day") == "2 days");
    CHECK(plural(2, "match") == "2 matches");
}
