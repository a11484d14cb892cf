// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include "flow/commands.hpp"

using namespace genevactl;
using namespace genevactl::test;
using nlohmann::json;

namespace {

const std::string k_count = "/v1/table/docs/count_rows?delimiter=%24";

HttpResponse bytes(std::string body) {
    HttpResponse response;
    response.headers = {{"Content-Type", "application/octet-stream"}, {"X-Answer", "yes"}};
    response.body = std::move(body);
    return response;
}

void answer_with(Scene& scene, const HttpResponse& response) {
    scene.deployment.instead = [response](const HttpRequest&) { return response; };
}

}  // namespace

TEST_CASE("api sends what it is told, with the key and the database", "[flow][commands]") {
    Scene scene;
    scene.user.write("count.json", R"({"id": ["docs"]})");
    const auto ran = scene.run({"api", "post", k_count, "--body", "count.json", "--header",
                                "X-Note: a: b", "--uri", "db://demo"});
    CHECK(ran.code == 0);
    CHECK(ran.out == "7");
    CHECK(ran.err.empty());
    REQUIRE(scene.deployment.server.requests().size() == 1);
    const auto request = scene.deployment.server.requests()[0];
    CHECK(request.method == "POST");
    CHECK(request.target == k_count);
    CHECK(request.body == R"({"id": ["docs"]})");
    CHECK(request.header("x-api-key") == scene.deployment.key);
    CHECK(request.header("x-lancedb-database") == "demo");
    CHECK(request.header("content-type") == "application/json");
    CHECK(request.header("x-note") == "a: b");
}

TEST_CASE("api reads its body from standard input", "[flow][commands]") {
    Scene scene;
    std::istringstream input(R"({"id":["docs"]})");
    scene.user.surroundings.input = &input;
    CHECK(scene
              .run({"api", "POST", k_count, "--body", "-", "--header",
                    "content-type: application/x-test"})
              .out == "7");
    const auto request = scene.deployment.server.requests().at(0);
    CHECK(request.body == R"({"id":["docs"]})");
    CHECK(request.header("content-type") == "application/x-test");
}

TEST_CASE("the answer of api is a document where one is asked for", "[flow][commands]") {
    Scene scene;
    const Words list = {"api", "GET", "/v1/namespace/$/table/list?delimiter=%24"};
    CHECK(scene.run(list).out == R"({"tables":["docs"]})");
    const auto document = scene.run(with(list, {"-o", "json"})).document();
    CHECK(document["schema_version"] == 1);
    CHECK(document["status"] == 200);
    CHECK(document["body"] == json::parse(R"({"tables":["docs"]})"));
    CHECK(document["headers"].dump().find(R"("application/json")") != std::string::npos);
    CHECK(scene.run(with(list, {"-o", "name"})).out == "200\n");
    // A whole URL is fine if it is the deployment's.
    const auto url = scene.deployment.server.url() + list[2];
    CHECK(scene.run({"api", "get", url}).out == R"({"tables":["docs"]})");
}

TEST_CASE("api sends nothing that cannot be meant, and the key nowhere else", "[flow][commands]") {
    struct Row {
        Words arguments;
        int code;
        const char* says;
    };
    const std::vector<Row> rows = {
        {{"GET"}, 2, "PATH is missing"},
        {{"PATCH", "/v1/x"}, 2, "GET, HEAD, POST, PUT or DELETE"},
        {{"GET", "v1/x"}, 2, "does not start with a slash"},
        {{"GET", "https://elsewhere.example/v1/x"}, 9, "is not of the deployment"},
        {{"GET", "http://127.0.0.1:1/v1/x"}, 9, "is not of the deployment"},
        {{"GET", "/v1/../x"}, 2, "leads out of the deployment"},
        {{"GET", "/v1/%2e%2E/x"}, 2, "leads out of the deployment"},
        {{"GET", "/v1/a b"}, 2, "write %20"},
        {{"GET", "/v1/a\r\nx: y"}, 2, "control character"},
        {{"GET", "/v1/x#y"}, 2, "write %23"},
        {{"GET", "/v1/x", "--body", "-"}, 2, "GET takes no --body"},
        {{"POST", "/v1/x", "--body", "nothing.json"}, 5, "nothing.json"},
        {{"GET", "/v1/x", "--header", "nothing"}, 2, "NAME: VALUE"},
        {{"GET", "/v1/x", "--header", "X-API-Key: mine"}, 2, "comes from the settings"},
        {{"GET", "/v1/x", "--header", "Authorization: Bearer a"}, 2, "comes from the settings"},
    };
    Scene scene;
    for (const auto& row : rows) {
        const auto ran = scene.run(with({"api"}, row.arguments));
        CAPTURE(row.says, ran.err);
        CHECK(ran.code == row.code);
        CHECK(tells(ran.err, row.says));
        CHECK(ran.out.empty());
    }
    CHECK(scene.deployment.server.requests().empty());
}

TEST_CASE("an error of the API keeps its body and its exit code", "[flow][commands]") {
    Scene scene;
    const Words words = {"api", "POST", "/v1/table/nope/describe", "--out", "answer"};
    const auto ran = scene.run(words);
    CHECK(ran.code == 5);
    CHECK(ran.out.empty());
    CHECK(tells(ran.err, "Table does not exist: nope"));
    const auto error = scene.run(with(words, {"-o", "json"})).error();
    CHECK(json::parse(error["detail"].get<std::string>())["code"] == 4);
    CHECK_FALSE(std::filesystem::exists(scene.user.surroundings.working_directory / "answer"));
}

TEST_CASE("what may change something is sent once", "[flow][commands]") {
    for (const auto* method : {"POST", "PUT", "DELETE"}) {
        Scene scene;
        answer_with(scene, json_response(502, "a proxy's page"));
        const auto ran = scene.run({"api", method, "/v1/x"});
        CAPTURE(method, ran.err);
        CHECK(ran.code == 7);
        CHECK(tells(ran.err, "may have accepted it"));
        CHECK(scene.deployment.server.requests().size() == 1);
    }
    Scene scene;
    answer_with(scene, json_response(502, "a proxy's page"));
    CHECK(scene.run({"api", "GET", "/v1/x"}).code == 7);
    CHECK(scene.deployment.server.requests().size() > 1);
}

TEST_CASE("a binary answer goes to a pipe or a file, not to a terminal", "[flow][commands]") {
    Scene scene;
    const std::string body("ARROW1\0\0\xff\x1b[2J", 13);
    answer_with(scene, bytes(body));
    const Words words = {"api", "GET", "/v1/x"};
    CHECK(scene.run(words).out == body);
    CHECK(scene.run(with(words, {"--out", "answer.arrow"})).out ==
          "wrote 13 bytes to answer.arrow\n");
    CHECK(scene.user.read("answer.arrow") == body);
    const auto document = scene.run(with(words, {"-o", "json"})).document();
    CHECK(document["body"].is_null());
    CHECK(document["body_base64"] == "QVJST1cxAAD/G1sySg==");

    scene.user.surroundings.stdout_is_terminal = true;
    const auto refused = scene.run(words);
    CHECK(refused.code == 2);
    CHECK(refused.out.empty());
    CHECK(tells(refused.err, "--out FILE"));
    CHECK(scene.run(with(words, {"-o", "json"})).code == 0);
    answer_with(scene, bytes("plain\x1b[2J text"));
    CHECK(scene.run(words).out == "plain text\n");
}
