// SPDX-License-Identifier: Apache-2.0
#include "trace.hpp"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "genevactl/base/files.hpp"
#include "outline.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using namespace genevactl::transport;
using Json = nlohmann::ordered_json;

namespace {

Request request_with_secrets() {
    Request request{.method = Method::post, .url = "https://host/v1/x?sig=hunter2&delimiter=%24"};
    request.headers = {{"accept", "*/*"}, {"Authorization", "Bearer hunter2"}};
    request.secret_headers = {{"x-api-key", base::Secret("swordfish")}};
    request.body = R"({"id":["db","t"],"storage_options":{"aws_secret_access_key":"hunter2"}})";
    return request;
}

Json line_of(const Request& request, const Attempt& attempt) {
    return Json::parse(trace_line({.request = request,
                                   .attempt = attempt,
                                   .request_id = "abc",
                                   .number = 2,
                                   .started = base::parse_rfc3339("2026-11-22").value(),
                                   .took = base::Microseconds(1'500)}));
}

}  // namespace

TEST_CASE("a traced attempt tells what went over the wire") {
    Attempt attempt;
    attempt.response.status = 404;
    attempt.response.headers = {{"content-type", "application/json"}};
    attempt.response.body = R"({"error":"no such table","code":4})";
    const auto line = line_of(request_with_secrets(), attempt);
    CHECK(line["time"] == "2026-11-22T00:00:00Z");
    CHECK(line["request_id"] == "abc");
    CHECK(line["attempt"] == 2);
    CHECK(line["milliseconds"] == 1);
    CHECK(line["request"]["method"] == "POST");
    CHECK(line["request"]["url"] == "https://host/v1/x?sig=[redacted]&delimiter=[redacted]");
    CHECK(line["request"]["bytes"] == 71);
    CHECK(line["request"]["body"]["id"] == Json::array({"db", "t"}));
    CHECK(line["response"]["status"] == 404);
    CHECK(line["response"]["body"]["error"] == "no such table");
    CHECK(line["response"]["body"]["code"] == 4);
    CHECK(line["error"].is_null());
}

TEST_CASE("no secret reaches a trace, not even one that the server sends back") {
    Attempt attempt;
    attempt.response.status = 401;
    attempt.response.headers = {{"set-cookie", "hunter2"},
                                {"location", "https://hunter2@host/?k=hunter2"},
                                {"x-echo", "swordfish"}};
    attempt.response.body = R"({"error":"unknown key swordfish"})";
    attempt.error = base::Error{.message = "refused swordfish"};
    const auto text = line_of(request_with_secrets(), attempt).dump();
    CHECK(text.find("hunter2") == std::string::npos);
    CHECK(text.find("swordfish") == std::string::npos);
    CHECK(text.find("unknown key [redacted]") != std::string::npos);
}

TEST_CASE("an attempt without an answer is traced with its error") {
    const auto line = line_of({.url = "http://127.0.0.1/"},
                              {.outcome = Outcome::broken, .error = base::Error{.message = "cut"}});
    CHECK(line["response"].is_null());
    CHECK(line["error"] == "cut");
}

TEST_CASE("an outline keeps numbers and known texts and hides all others") {
    const auto shown = outline(R"({"column":"embedding","where":"a = 'b'","n":3,"ok":true,"no":null,
        "storage_options":{"token":"s3cret","name":"still a name"},"list":["a",1],"x":"text"})");
    CHECK(shown["column"] == "embedding");
    CHECK(shown["where"] == "a = 'b'");
    CHECK(shown["n"] == 3);
    CHECK(shown["ok"] == true);
    CHECK(shown["no"].is_null());
    CHECK(shown["storage_options"]["token"] == "(6 bytes)");
    CHECK(shown["list"] == Json::array({"(1 bytes)", 1}));
    CHECK(shown["x"] == "(4 bytes)");
}

TEST_CASE("an outline stays small") {
    auto list = Json::array();
    for (int i = 0; i < 50; ++i) {
        list.push_back(i);
    }
    CHECK(outline(list.dump()).size() == 21);
    CHECK(outline(list.dump()).back() == "(30 more)");
    CHECK(outline(Json{{"name", std::string(501, 'x')}}.dump())["name"] == "(501 bytes)");
    CHECK(outline("[" + std::string(std::size_t{1} << 20U, ' ') + "]").is_null());
    CHECK(outline(std::string(100'000, '[')).is_null());
    const auto deep = outline(std::string(50, '[') + "1" + std::string(50, ']')).dump();
    CHECK(deep.find("(deeper)") != std::string::npos);
}

TEST_CASE("what is no JSON has no outline") {
    for (const auto* body : {"", "ARROW1", "{cut", "key=hunter2", "\"hunter2\"", "[1,]"}) {
        CHECK(outline(body).is_null());
    }
}

TEST_CASE("a trace is appended to a file of one's own") {
    const auto folder = base::TemporaryDirectory::create("genevactl-test-").value();
    const auto path = folder.path() / "trace";
    const auto request = request_with_secrets();
    for (int i = 0; i < 2; ++i) {
        auto trace = Trace::open(path).value();
        CHECK(trace.write({.request = request, .attempt = {}, .request_id = "abc"}));
    }
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
    const auto text = base::read_file(path).value();
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}

TEST_CASE("a trace that others could read, or that cannot be written, is an error") {
    const auto folder = base::TemporaryDirectory::create("genevactl-test-").value();
    const auto path = folder.path() / "trace";
    REQUIRE(base::write_atomic(path, "", 0600));
    REQUIRE(::chmod(path.c_str(), 0640) == 0);
    CHECK(Trace::open(path).error().kind == base::ErrorKind::refused);
    CHECK(Trace::open(folder.path()).error().kind == base::ErrorKind::usage);
    CHECK(Trace::open(folder.path() / "none" / "x").error().kind == base::ErrorKind::usage);
    auto full = Trace::open("/dev/full").value();
    const Request request;
    CHECK_FALSE(full.write({.request = request, .attempt = {}, .request_id = ""}));
}
