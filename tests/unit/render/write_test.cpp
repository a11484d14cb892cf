// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <sstream>
#include <streambuf>
#include <string>

#include <nlohmann/json.hpp>

#include "genevactl/base/text.hpp"
#include "genevactl/render/render.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using base::ErrorKind;
using model::Outcome;
using model::Tone;
using nlohmann::json;
using render::Format;
using render::Style;

namespace {

constexpr Style k_plain{};
constexpr Style k_narrow{.terminal = true, .columns = 40};

struct Written {
    std::string out;
    std::string notes;
};

Written write(const Outcome& outcome, const Style& style = k_plain) {
    std::ostringstream out;
    std::ostringstream notes;
    REQUIRE(render::write(outcome, style, out, notes).has_value());
    return {out.str(), notes.str()};
}

Outcome outcome_of(model::Block block) {
    Outcome outcome;
    outcome.blocks.push_back(std::move(block));
    return outcome;
}

model::Table jobs() {
    model::Table table{.headings = {"JOB", "ROWS", "MESSAGE"}, .rows = {}};
    table.right_aligned = {false, true};
    table.rows = {{{"a"}, {"7"}, {"short"}},
                  {{"job-2", Tone::strong}, {"1234"}, {std::string(60, 'm'), Tone::bad}}};
    return table;
}

/// A list of nothing, as a verb answers it.
Outcome empty_list() {
    model::Table table{.headings = {"JOB"}, .rows = {}};
    table.when_empty = "no jobs";
    auto outcome = outcome_of(table);
    outcome.document = "[]";
    outcome.is_list = true;
    return outcome;
}

base::Error error() {
    base::Error error{.kind = ErrorKind::not_found,
                      .message = "there is no table dcos",
                      .hint = "did you mean docs?"};
    error.context = {"reading it", "planning"};
    error.detail = "line 1\nline 2\n";
    error.request_id = "r-1";
    error.api_code = 4;
    error.retryable = true;
    return error;
}

Written write_error(const base::Error& what, const Style& style = k_plain) {
    std::ostringstream out;
    std::ostringstream err;
    render::write_error(what, style, out, err);
    return {out.str(), err.str()};
}

}  // namespace

TEST_CASE("a table is aligned, numbers to the right, and nothing is cut off a terminal") {
    const auto text = write(outcome_of(jobs())).out;
    CHECK(text ==
          "JOB    ROWS  MESSAGE\n"
          "a         7  short\n"
          "job-2  1234  " +
              std::string(60, 'm') + "\n");
}

TEST_CASE("a table fits into a narrow terminal by cutting its widest column") {
    const auto lines = base::split(write(outcome_of(jobs()), k_narrow).out, '\n');
    REQUIRE(lines.size() == 4);
    CHECK(lines[1] == "a         7  short");
    CHECK(lines[2] == "job-2  1234  " + std::string(26, 'm') + "…");
    CHECK(base::display_width(lines[2]) == 40);
}

TEST_CASE("columns are not cut below what can be read, however narrow the terminal") {
    model::Table table{.headings = {"A", "B", "C"}, .rows = {}};
    const std::string wide(30, 'x');
    table.rows = {{{wide}, {wide}, {wide}}};
    const auto lines =
        base::split(write(outcome_of(table), {.terminal = true, .columns = 5}).out, '\n');
    CHECK(lines[1].find("  xxxxxxx…  xxxxxxx…") != std::string::npos);
}

TEST_CASE("wide characters count as the columns they take") {
    model::Table table{.headings = {"NAME", "N"}, .rows = {}};
    table.rows = {{{"日本語"}, {"1"}}, {{"e\xcc\x81"}, {"2"}}};
    CHECK(write(outcome_of(table)).out == "NAME    N\n日本語  1\ne\xcc\x81       2\n");
}

TEST_CASE("colours are there when asked for and change no width") {
    const auto plain = write(outcome_of(jobs())).out;
    CHECK(plain.find('\x1b') == std::string::npos);
    const auto colored = write(outcome_of(jobs()), {.color = true}).out;
    CHECK(colored.find("\x1b[1mjob-2\x1b[0m") != std::string::npos);
    CHECK(colored.find("\x1b[31mmmm") != std::string::npos);
    CHECK(base::printable(colored).size() < colored.size());
    std::string without;
    for (std::size_t i = 0; i < colored.size(); ++i) {
        if (colored[i] == '\x1b') {
            i = colored.find('m', i);
        } else {
            without += colored[i];
        }
    }
    CHECK(without == plain);
}

TEST_CASE("properties are aligned and their further lines stand below the first") {
    const model::Properties properties{.rows = {{"job", {"j-1"}}, {"events", {"one\ntwo"}}}};
    CHECK(write(outcome_of(properties)).out == "job     j-1\nevents  one\n        two\n");
}

TEST_CASE("blocks are set apart, lines of text are not") {
    Outcome outcome;
    outcome.blocks = {model::Text{{"first"}}, model::Text{{"second"}},
                      model::Properties{.rows = {{"a", {"b"}}}}};
    CHECK(write(outcome).out == "first\nsecond\n\na  b\n");
}

TEST_CASE("an empty list is a sentence beside the result, [] in JSON, and nothing in lines") {
    const auto table = write(empty_list());
    CHECK(table.out.empty());
    CHECK(table.notes == "no jobs\n");
    CHECK(write(empty_list(), {.quiet = true}).notes.empty());
    const auto document = write(empty_list(), {.format = Format::json});
    CHECK(document.out == "[]\n");
    CHECK(document.notes.empty());
    CHECK(write(empty_list(), {.format = Format::jsonl}).out.empty());
    CHECK(write(empty_list(), {.format = Format::name}).out.empty());
}

TEST_CASE("each format has its own view of one outcome") {
    auto outcome = outcome_of(jobs());
    outcome.is_list = true;
    outcome.document = R"([{"a":1},{"a":2}])";
    outcome.items = {R"({"a":1})", R"({"a":2})"};
    outcome.names = {"one", "two"};
    CHECK(write(outcome, {.format = Format::json}).out == "[{\"a\":1},{\"a\":2}]\n");
    CHECK(write(outcome, {.format = Format::jsonl}).out == "{\"a\":1}\n{\"a\":2}\n");
    CHECK(write(outcome, {.format = Format::name}).out == "one\ntwo\n");

    Outcome single;
    single.document = R"({"a":1})";
    CHECK(write(single, {.format = Format::jsonl}).out == "{\"a\":1}\n");
}

TEST_CASE("raw bytes reach stdout as they are, in the table format alone") {
    auto outcome = outcome_of(jobs());
    outcome.raw = "no newline at the end";
    outcome.document = "{}";
    CHECK(write(outcome).out == "no newline at the end");
    CHECK(write(outcome, {.format = Format::json}).out == "{}\n");
}

TEST_CASE("what a server said reaches no terminal with control characters in it") {
    const std::string hostile =
        "a\x1b[2Jb\x07\xc2\x9b"
        "31mc";
    model::Table table{.headings = {"A", "B"}, .rows = {{{hostile}, {"two\nlines\tx"}}}};
    auto outcome = outcome_of(table);
    outcome.blocks.emplace_back(model::Properties{.rows = {{"p", {hostile}}}});
    outcome.blocks.emplace_back(model::Text{{hostile}});
    outcome.names = {hostile};
    for (const auto format : {Format::table, Format::name}) {
        const auto text = write(outcome, {.format = format, .terminal = true}).out;
        CAPTURE(text);
        CHECK(text.find_first_of("\x1b\x07") == std::string::npos);
        CHECK(text.find("\xc2\x9b") == std::string::npos);
    }
    const auto lines = base::split(write(outcome).out, '\n');
    REQUIRE(lines.size() > 2);
    CHECK(lines[1].find("two lines x") != std::string::npos);
}

TEST_CASE("a stream that does not take the result is an error") {
    std::ostringstream out;
    std::ostringstream notes;
    out.setstate(std::ios::badbit);
    const auto written = render::write(outcome_of(jobs()), k_plain, out, notes);
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().kind == ErrorKind::failed);
}

TEST_CASE("a reader that has read enough is no error") {
    // A pipe that nobody reads, as after `genevactl … | head`.
    struct ClosedPipe final : std::streambuf {
        int sync() override {
            errno = EPIPE;
            return -1;
        }
        int_type overflow(int_type byte) override { return byte; }
    } closed;
    std::ostream out(&closed);
    std::ostringstream notes;
    auto outcome = outcome_of(jobs());
    CHECK(render::write(outcome, k_plain, out, notes).has_value());
    CHECK(notes.str().empty());
}

TEST_CASE("the first column is never cut: it is what another command takes") {
    model::Table table{.headings = {"JOB", "MESSAGE"}, .rows = {}};
    const std::string id(60, 'j');
    table.rows = {{{id}, {std::string(60, 'm')}}};
    const auto lines = base::split(write(outcome_of(table), k_narrow).out, '\n');
    CHECK(lines[1].substr(0, 62) == id + "  ");
    CHECK(base::display_width(lines[1]) == 60 + 2 + 8);
}

TEST_CASE("an error is told with its steps, its detail, its request and what to do") {
    const auto written = write_error(error());
    CHECK(written.out.empty());
    CHECK(written.notes ==
          "genevactl: error: there is no table dcos\n"
          "  while reading it\n"
          "  while planning\n"
          "  | line 1\n"
          "  | line 2\n"
          "  request id: r-1\n"
          "  try: did you mean docs?\n");
    CHECK(write_error(error(), {.color = true}).notes.find("\x1b[31mgenevactl: error:\x1b[0m") ==
          0);
}

TEST_CASE("an error of a JSON command is one document on stdout") {
    for (const auto format : {Format::json, Format::jsonl}) {
        const auto written = write_error(error(), {.format = format});
        CHECK(written.notes.empty());
        CHECK(std::count(written.out.begin(), written.out.end(), '\n') == 1);
        const auto expected = json::parse(R"({"error":{"code":5,"kind":"not_found",
            "message":"there is no table dcos","hint":"did you mean docs?",
            "context":["reading it","planning"],"request_id":"r-1","retryable":true,
            "api_code":4,"detail":"line 1\nline 2\n"}})");
        CHECK(json::parse(written.out) == expected);
    }
    const auto bare = json::parse(
        write_error({.kind = ErrorKind::failed, .message = "m\xff"}, {.format = Format::json}).out);
    CHECK(bare["error"]["hint"].is_null());
    CHECK(bare["error"]["request_id"].is_null());
    CHECK(bare["error"]["retryable"] == false);
    CHECK(bare["error"]["message"] == "m\xef\xbf\xbd");
}

TEST_CASE("an error shows no control characters of a server's") {
    auto hostile = error();
    hostile.message = hostile.hint = hostile.detail = "\x1b]0;owned\x07";
    hostile.context = {"\x1b[2J"};
    hostile.request_id = "\x1b[31m";
    CHECK(write_error(hostile).notes.find_first_of("\x1b\x07") == std::string::npos);
}

TEST_CASE("the formats have names, and a file name is told where it belongs") {
    CHECK(render::parse_format("table") == Format::table);
    CHECK(render::parse_format("json") == Format::json);
    CHECK(render::parse_format("jsonl") == Format::jsonl);
    CHECK(render::parse_format("name") == Format::name);
    const auto file = render::parse_format("deps.json");
    REQUIRE_FALSE(file.has_value());
    CHECK(file.error().kind == ErrorKind::usage);
    CHECK(file.error().hint.find("> deps.json") != std::string::npos);
    const auto with_out = render::parse_format("deps.json", true).error().hint;
    CHECK(with_out.find("--out deps.json") != std::string::npos);
    CHECK(render::parse_format("yaml").error().hint.find("--out") == std::string::npos);
}

namespace {

/// Two pages of two entries, and one that breaks off before the second.
class Pages final : public model::Listing {
public:
    explicit Pages(std::vector<std::vector<std::string>> pages, bool breaks = false)
        : m_pages(std::move(pages)), m_breaks(breaks) {}

    std::size_t size() const override { return m_at < m_pages.size() ? m_pages[m_at].size() : 0; }
    base::Status advance() override {
        ++m_at;
        if (m_breaks) return base::fail(ErrorKind::unreachable, "nobody answers any more");
        return {};
    }
    std::string document(std::size_t index) const override {
        return R"({"n":")" + m_pages[m_at][index] + "\"}";
    }
    std::string name(std::size_t index) const override { return m_pages[m_at][index]; }
    std::vector<model::Cell> row(std::size_t index) const override {
        return {{m_pages[m_at][index]}, {"x"}};
    }

private:
    std::vector<std::vector<std::string>> m_pages;
    bool m_breaks;
    std::size_t m_at = 0;
};

Outcome listed(std::vector<std::vector<std::string>> pages, bool breaks = false) {
    auto outcome = outcome_of(model::Table{.headings = {"NAME", "X"}, .when_empty = "no pages"});
    outcome.is_list = true;
    outcome.listing = std::make_shared<Pages>(std::move(pages), breaks);
    return outcome;
}

}  // namespace

TEST_CASE("a list that is read while it is printed looks like one that was kept") {
    const std::vector<std::vector<std::string>> pages = {{"a", "b"}, {"c", "longer"}};
    CHECK(write(listed(pages), {.format = Format::json}).out ==
          R"([{"n":"a"},{"n":"b"},{"n":"c"},{"n":"longer"}])"
          "\n");
    CHECK(write(listed(pages), {.format = Format::jsonl}).out ==
          "{\"n\":\"a\"}\n{\"n\":\"b\"}\n{\"n\":\"c\"}\n{\"n\":\"longer\"}\n");
    CHECK(write(listed(pages), {.format = Format::name}).out == "a\nb\nc\nlonger\n");
    // The columns of a later page are as wide as it needs; the headings are printed once.
    CHECK(write(listed(pages)).out == "NAME  X\na     x\nb     x\nc       x\nlonger  x\n");
}

TEST_CASE("a list that is read while it is printed may be empty") {
    CHECK(write(listed({}), {.format = Format::json}).out == "[]\n");
    CHECK(write(listed({}), {.format = Format::jsonl}).out.empty());
    CHECK(write(listed({}), {.format = Format::name}).out.empty());
    CHECK(write(listed({})).out.empty());
    CHECK(write(listed({})).notes == "no pages\n");
}

TEST_CASE("a list whose reading breaks off is an error, and its JSON is none") {
    for (const auto format : {Format::json, Format::jsonl, Format::name, Format::table}) {
        std::ostringstream out;
        std::ostringstream notes;
        const auto written =
            render::write(listed({{"a"}, {"b"}}, true), {.format = format}, out, notes);
        REQUIRE(!written);
        CHECK(written.error().kind == ErrorKind::unreachable);
        CHECK(out.str().find('a') != std::string::npos);
        const bool is_json = json::accept(out.str());
        CHECK_FALSE((format == Format::json && is_json));
    }
}

TEST_CASE("nothing more is read of a list when nobody takes it") {
    std::ostringstream out;
    std::ostringstream notes;
    out.setstate(std::ios::failbit);
    const auto outcome = listed({{"a"}, {"b"}, {"c"}});
    CHECK(!render::write(outcome, {.format = Format::jsonl}, out, notes));
    CHECK(outcome.listing->name(0) == "a");
}
