// SPDX-License-Identifier: Apache-2.0
#include "api_errors.hpp"
#include "fake_transport.hpp"

using genevactl::base::ErrorKind;
using genevactl::ns::api_error;
using genevactl::ns::api_error_table;

namespace {

genevactl::transport::Response response(long status, std::string body) {
    return {status, {}, std::move(body), "req-7"};
}

std::string answer_of(int code, const std::string& text = "no") {
    return nlohmann::json({{"error", text}, {"code", code}}).dump();
}

}  // namespace

TEST_CASE("every code of the API has its kind") {
    const auto kinds = std::vector<ErrorKind>{
        ErrorKind::failed,     ErrorKind::not_found,       ErrorKind::conflict,
        ErrorKind::conflict,   ErrorKind::not_found,       ErrorKind::conflict,
        ErrorKind::not_found,  ErrorKind::conflict,        ErrorKind::not_found,
        ErrorKind::conflict,   ErrorKind::not_found,       ErrorKind::not_found,
        ErrorKind::not_found,  ErrorKind::failed,          ErrorKind::conflict,
        ErrorKind::permission, ErrorKind::unauthenticated, ErrorKind::unreachable,
        ErrorKind::failed,     ErrorKind::conflict,        ErrorKind::failed,
        ErrorKind::throttled,  ErrorKind::not_found,       ErrorKind::conflict};
    REQUIRE(api_error_table().size() == kinds.size());
    for (std::size_t code = 0; code < kinds.size(); ++code) {
        CHECK(api_error_table()[code].code == static_cast<int>(code));
        const auto error = api_error(response(400, answer_of(static_cast<int>(code))), "do it");
        CHECK(error.kind == kinds[code]);
        CHECK(error.api_code == static_cast<int>(code));
        CHECK(error.request_id == "req-7");
        CHECK(error.message ==
              "cannot do it: no (" + std::string(api_error_table()[code].name) + ", HTTP 400)");
    }
}

TEST_CASE("a missing or wrong key says where the key comes from") {
    for (const auto& body : {answer_of(16), std::string()}) {
        const auto error = api_error(response(401, body), "describe table docs");
        CHECK(error.kind == ErrorKind::unauthenticated);
        CHECK(error.hint.find("LANCEDB_API_KEY") != std::string::npos);
        CHECK(error.hint.find("genevactl local env") != std::string::npos);
    }
}

TEST_CASE("without the API's JSON the status decides, and the first line is shown") {
    struct Row {
        long status;
        ErrorKind kind;
        bool retryable;
    };
    const auto row = GENERATE(values<Row>({{302, ErrorKind::failed, false},
                                           {400, ErrorKind::failed, false},
                                           {401, ErrorKind::unauthenticated, false},
                                           {403, ErrorKind::permission, false},
                                           {404, ErrorKind::not_found, false},
                                           {407, ErrorKind::unauthenticated, false},
                                           {408, ErrorKind::unreachable, true},
                                           {409, ErrorKind::conflict, false},
                                           {429, ErrorKind::throttled, true},
                                           {500, ErrorKind::failed, false},
                                           {502, ErrorKind::unreachable, true},
                                           {503, ErrorKind::unreachable, true},
                                           {504, ErrorKind::unreachable, true}}));
    const auto error = api_error(response(row.status, "\n  <html>\x1b[31mBad\r\n</html>"), "do it");
    CHECK(error.kind == row.kind);
    CHECK(error.retryable == row.retryable);
    CHECK(error.message.find("cannot do it: the server answered HTTP " +
                             std::to_string(row.status) + ": <html>") == 0);
    CHECK(error.message.find('\x1b') == std::string::npos);
    CHECK(error.message.find("</html>") == std::string::npos);
    CHECK_FALSE(error.api_code);
}

TEST_CASE("a code that nobody knows leaves the decision to the status") {
    for (const int code : {24, 999, -1, 100'000}) {
        const auto error = api_error(response(404, answer_of(code)), "do it");
        CHECK(error.kind == ErrorKind::not_found);
        CHECK(error.message.find("cannot do it: no (code ") == 0);
    }
}

TEST_CASE("what the deployment says loses its control characters") {
    const auto error = api_error(response(400, answer_of(13, "a\x1b[2Jb\x07")), "do it");
    CHECK(error.message.find('\x1b') == std::string::npos);
    CHECK(error.message.find('\x07') == std::string::npos);
}

TEST_CASE("a detail is shown below the reason, or in its place") {
    const auto both = api_error(response(500, R"({"error":"e","code":18,"detail":"d"})"), "do it");
    CHECK(both.detail == "d");
    const auto alone = api_error(response(500, R"({"code":18,"detail":"d"})"), "do it");
    CHECK(alone.message == "cannot do it: d (Internal, HTTP 500)");
    const auto neither = api_error(response(500, R"({"code":18})"), "do it");
    CHECK(neither.message.find("gives no reason") != std::string::npos);
}

TEST_CASE("the places in the engine's sources are left out") {
    const auto said = [](const std::string& text) {
        return api_error(response(400, answer_of(13, text)), "do it").message;
    };
    const std::string end = " (InvalidInput, HTTP 400)";
    CHECK(said("No field named x. Valid: id., /build/lance/src/scanner.rs:839:33") ==
          "cannot do it: No field named x. Valid: id" + end);
    CHECK(said("it failed, src/a.rs:1, and again, b/c.rs:22:3 at last") ==
          "cannot do it: it failed, and again at last" + end);
    CHECK(said("No column { name: x }, location: Location { file: /b/c.rs, line: 8 }, backtrace: "
               "MaybeBacktrace }") == "cannot do it: No column { name: x } }" + end);
    CHECK(said("it broke, location: Location { file") == "cannot do it: it broke" + end);
    CHECK(said("/a/b.rs:1:2") == "cannot do it: the deployment gives no reason" + end);
    CHECK(said("see notes.rs: it is there.") == "cannot do it: see notes.rs: it is there." + end);
    CHECK(said("a sentence.") == "cannot do it: a sentence." + end);
}

TEST_CASE("a reason that is very long is cut") {
    const auto error = api_error(response(400, answer_of(13, std::string(100'000, 'x'))), "do it");
    CHECK(error.message.size() < 3000);
}
