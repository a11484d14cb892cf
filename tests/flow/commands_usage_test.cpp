// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <sstream>

#include "flow/commands.hpp"

using namespace genevactl;
using namespace genevactl::test;

TEST_CASE("what cannot be meant is said before anything is sent", "[flow][commands]") {
    struct Row {
        Words arguments;
        const char* says;
    };
    const std::vector<Row> rows = {
        {{}, "genevactl: error: no command was given"},
        {{"--nope"}, "`genevactl` has no option --nope"},
        {{"job", "--limt"}, "`job` has no option --limt"},
        {{"column"}, "genevactl: error: `column` needs one more word"},
        {{"column"}, "one of add, alter"},
        {{"colum", "list", "docs"}, "did you mean column?"},
        {{"job", "lst"}, "genevactl: error: there is no command `job lst`"},
        {{"job", "lst"}, "did you mean list?; `genevactl job --help`"},
        {{"job", "list", "--limt", "3"}, "did you mean --limit?"},
        {{"job", "list", "--limt", "3"}, "`job list` has no option --limt"},
        {{"job", "list", "-x"}, "`job list` has no option -x"},
        {{"job", "list", "--limit", "0"}, "--limit: '0' is not a whole number from 1"},
        {{"job", "list", "--limit", "abc"}, "--limit: 'abc' is not a whole number from 1"},
        {{"job", "list", "--limit", "99999999999999999999"}, "is not a whole number from 1"},
        {{"job", "list", "--limit"}, "--limit needs a value: N"},
        {{"local", "start", "--max-jobs", "65"}, "'65' is not a whole number from 1 to 64"},
        {{"local", "start", "--max-jobs", "0"}, "'0' is not a whole number from 1 to 64"},
        {{"local", "logs", "--lines", "1.5"}, "'1.5' is not a whole number from 1 to 1000000"},
        {{"job", "list", "--status", "OVER"}, "PENDING, RUNNING, DONE, FAILED or CANCELLED"},
        {{"job", "list", "--since", "yesterday"}, "neither a time nor an age"},
        {{"job", "show"}, "`job show`: ID is missing"},
        {{"job", "show", "a", "b"}, "genevactl: error: ID may be given once"},
        {{"table", "show", "a", "b"}, "`table show` does not take b"},
        {{"table", "show", "a", "b"}, "`genevactl table show --help`"},
        {{"backfill", "docs"}, "`backfill`: COLUMN is missing"},
        {{"backfill", "docs"}, "genevactl backfill TABLE COLUMN..., or --retry-failed JOB"},
        {{"backfill"}, "TABLE and COLUMN are missing"},
        {{"backfill", "docs", "embedding", "--concurrency", "0"},
         "--concurrency: '0' is not a whole"},
        {{"backfill", "docs", "embedding", "--timeout", "soon"}, "--timeout"},
        {{"backfill", "docs", "embedding", "--force", "--where", "a"}, "exclude each other"},
        {{"backfill", "docs", "embedding", "--new", "--dry-run"}, "--dry-run starts none"},
        {{"backfill", "docs", "embedding", "--detach", "--timeout", "1m"}, "--detach"},
        {{"backfill", "", "embedding"}, "genevactl: error:"},
        {{"column", "add", "docs", "a.b", "m:f"}, "backticks"},
        {{"column", "add", "docs", "a"}, "MODULE:OBJECT"},
        {{"column", "add", "docs", "a", "features"}, "write MODULE:OBJECT, such as"},
        {{"transform", "inspect", "features"}, "write MODULE:OBJECT, such as"},
        {{"config", "get", "colour"}, "there is no setting 'colour'"},
        {{"config", "get", "colour"}, "did you mean color?"},
        {{"config", "set", "colour", "auto"}, "there is no setting 'colour'"},
        {{"config", "set", "colour", "auto"}, "did you mean color?"},
        {{"config", "set", "nope"}, "`genevactl config list` shows all of them"},
        {{"config", "set", "uri"}, "genevactl config set uri VALUE"},
        {{"column", "add", "docs", "a", "m:f", "--expression", "1"}, "either a transform"},
        {{"column", "add", "docs", "a", "--expression", "1", "--manifest", "m.json"}, "transform"},
        {{"column", "show", "docs", "`a"}, "`"},
        {{"column", "add", "docs", "-", "--expression", "1"}, "needs a column name"},
        {{"column", "alter", "docs", "-", "m:f"}, "needs the name of a column"},
        {{"column", "drop", "docs"}, "`column drop`: COLUMN is missing"},
        {{"table", "head"}, "`table head`: TABLE is missing"},
        {{"table", "head", "docs", "--limit", "0"}, "--limit: '0' is not a whole number from 1"},
        {{"table", "head", "docs$x"}, "'$'"},
        {{"table", "list", "--uri", "s3://bucket/a/x/"},
         "local start --root s3://bucket/a --detach, then --uri db://x"},
        {{"table", "list", "--uri", "s3://bucket"}, "local start --root s3://bucket\n"},
        {{"table", "list", "--uri", "gs://bucket/x"}, "serves folders and s3://BUCKET/PREFIX"},
        {{"local", "start", "--root", "gs://bucket/x"}, "a root is a folder, or s3://BUCKET"},
        {{"table", "list", "--uri", "db://a/b"}, "db://NAME"},
        {{"table", "list", "--host-override", "ftp://somewhere"}, "not an http"},
        {{"table", "list", "--profile", "nobody"}, "there is no profile 'nobody'"},
        {{"table", "list", "-o", "yaml"}, "no such output format"},
    };
    Scene scene;
    for (const auto& row : rows) {
        const auto ran = scene.run(row.arguments);
        CAPTURE(row.says, ran.err);
        CHECK(ran.code == 2);
        CHECK(ran.out.empty());
        CHECK(tells(ran.err, "genevactl: error: "));
        CHECK(tells(ran.err, row.says));
    }
    CHECK(scene.deployment.server.requests().empty());
    CHECK(scene.user.python.questions.empty());
}

TEST_CASE("a manifest that is not there is told before anything is sent", "[flow][commands]") {
    Scene scene;
    for (const char* verb : {"add", "alter"}) {
        const auto ran = scene.run({"column", verb, "docs", "a", "m:f", "--manifest", "none.json"});
        CHECK(ran.code == 5);
        CHECK(tells(ran.err, "none.json"));
        CHECK(tells(ran.err, "genevactl manifest create pip NAME REQ... --out none.json"));
    }
    CHECK(scene.deployment.server.requests().empty());
    CHECK(scene.user.python.questions.empty());
}

TEST_CASE("a file name given to -o gets the option that writes files", "[flow][commands]") {
    Scene scene;
    const auto ran = scene.run({"manifest", "create", "pip", "deps", "-o", "deps.json"});
    CHECK(ran.code == 2);
    CHECK(tells(ran.err, "to write a file use --out deps.json"));
    const auto list = scene.run({"job", "list", "-o", "jobs.txt"});
    CHECK(list.code == 2);
    CHECK(tells(list.err, "to write a file use > jobs.txt"));
}

TEST_CASE("an error of a JSON command is a document, a usage error too", "[flow][commands]") {
    Scene scene;
    for (const Words& words : {Words{"-o", "json", "job", "lst"}, Words{"job", "lst", "-ojson"},
                               Words{"job", "lst", "--output=jsonl"}}) {
        const auto ran = scene.run(words);
        CHECK(ran.code == 2);
        CHECK(ran.err.empty());
        CHECK(ran.error()["kind"] == "usage");
        CHECK(ran.error()["code"] == 2);
    }
    const auto ran = scene.run({"table", "show", "dcos", "-o", "json"});
    CHECK(ran.code == 5);
    CHECK(ran.error()["kind"] == "not_found");
    CHECK(ran.error()["message"] == "there is no table dcos in db://default");
    CHECK(ran.error()["hint"] == "did you mean docs?");
    CHECK(ran.error()["api_code"] == 4);
    CHECK(ran.error()["retryable"] == false);
    CHECK(ran.error()["request_id"].is_string());
}

TEST_CASE("help goes to stdout and asks nobody anything", "[flow][commands]") {
    Scene scene;
    const auto help = scene.run({"backfill", "--help"});
    CHECK(help.code == 0);
    CHECK(tells(help.out, "--intra-applier-concurrency"));
    CHECK(help.err.empty());
    const auto version = scene.run({"--version"});
    CHECK(version.out == "genevactl " + std::string(base::version()) + "\n");
    CHECK(scene.deployment.server.requests().empty());
}

TEST_CASE("a wrong key is exit 4, and no key at all is found without asking", "[flow][commands]") {
    Scene scene;
    scene.user.surroundings.environment["LANCEDB_API_KEY"] = "another-key-altogether";
    const auto wrong = scene.run({"table", "list"});
    CHECK(wrong.code == 4);
    CHECK(tells(wrong.err, "LANCEDB_API_KEY"));
    CHECK(tells(wrong.err, "request id: "));
    CHECK(scene.deployment.server.requests().size() == 1);

    scene.user.surroundings.environment.erase("LANCEDB_API_KEY");
    const auto none = scene.run({"table", "list"});
    CHECK(none.code == 4);
    CHECK(tells(none.err, "there is no API key"));
    CHECK(scene.deployment.server.requests().size() == 1);
}

TEST_CASE("a key goes over plain http to this machine only", "[flow][commands]") {
    Scene scene;
    // Were anything sent, it would go to this proxy.
    const char* before = ::getenv("http_proxy");
    const std::string kept = before == nullptr ? "" : before;
    ::setenv("http_proxy", scene.deployment.server.url().c_str(), 1);
    scene.user.surroundings.environment["LANCEDB_URI"] = "http://deployment.invalid:8080";
    const auto ran = scene.run({"table", "list"});
    kept.empty() ? ::unsetenv("http_proxy") : ::setenv("http_proxy", kept.c_str(), 1);
    CHECK(ran.code == 9);
    CHECK(tells(ran.err, "https"));
    CHECK(scene.deployment.server.requests().empty());
}

TEST_CASE("a trace holds every request and no key", "[flow][commands]") {
    Scene scene;
    const Words trace = {"--trace-http", "trace.txt"};
    for (const Words& words :
         {Words{"table", "list"}, Words{"backfill", "docs", "embedding"}, Words{"job", "list"}}) {
        auto all = words;
        all.insert(all.end(), trace.begin(), trace.end());
        CHECK(scene.run(all).code == 0);
    }
    scene.user.surroundings.environment["GENEVACTL_BEARER_TOKEN"] = "a-token-nobody-may-see";
    CHECK(scene.run({"table", "list", "--trace-http", "trace.txt"}).code != 0);
    const auto text = scene.user.read("trace.txt");
    CHECK(tells(text, "/v1/table/docs/backfill_column"));
    CHECK(tells(text, "table/list"));
    CHECK_FALSE(tells(text, scene.deployment.key));
    CHECK_FALSE(tells(text, "a-token-nobody-may-see"));
}

TEST_CASE("colours are for a terminal that wants them", "[flow][commands]") {
    Scene scene;
    scene.deployment.add_job("job-1", model::JobStatus::done);
    auto& surroundings = scene.user.surroundings;
    const auto colored = [&](const Words& more = {}) {
        Words words = {"job", "list"};
        words.insert(words.end(), more.begin(), more.end());
        return tells(scene.run(words).out, "\x1b[");
    };
    CHECK_FALSE(colored());
    CHECK(colored({"--color", "always"}));
    surroundings.stdout_is_terminal = true;
    CHECK(colored());
    CHECK_FALSE(colored({"--color", "never"}));
    CHECK_FALSE(colored({"-o", "json"}));
    surroundings.environment["NO_COLOR"] = "1";
    CHECK_FALSE(colored());
    CHECK(colored({"--color", "always"}));
    surroundings.environment.erase("NO_COLOR");
    surroundings.environment["TERM"] = "dumb";
    CHECK_FALSE(colored());
}

TEST_CASE("the database and the key are named in headers", "[flow][commands]") {
    Scene scene;
    CHECK(scene.run({"table", "list", "--uri", "db://papers"}).code == 0);
    CHECK(scene.run({"table", "list"}).code == 0);
    const auto requests = scene.deployment.server.requests();
    REQUIRE(requests.size() == 2);
    CHECK(requests[0].header("x-lancedb-database") == "papers");
    CHECK(requests[1].header("x-lancedb-database") == "default");
    CHECK(requests[0].header("x-api-key") == scene.deployment.key);
}

TEST_CASE("a setting that is not set is null, and nothing on stdout", "[flow][commands]") {
    Scene scene;
    const auto text = scene.run({"config", "get", "profile"});
    CHECK(text.code == 0);
    CHECK(text.out.empty());
    CHECK(text.err == "profile is not set\n");
    CHECK(scene.run({"config", "get", "profile", "-o", "json"}).document()["value"].is_null());
    CHECK(scene.run({"config", "get", "color", "-o", "json"}).document()["value"] == "auto");
    const auto all = scene.run({"config", "list", "-o", "json"}).document();
    for (const auto& setting : all) {
        CHECK((setting["key"] != "uri" || setting["value"].is_null()));
    }
}

TEST_CASE("a secret is set from standard input alone", "[flow][commands]") {
    Scene scene;
    const auto refused = scene.run({"config", "set", "api_key", "in-the-open"});
    CHECK(refused.code == 9);
    CHECK(tells(refused.err, "genevactl config set api_key < FILE"));
    const auto none = scene.run({"config", "set", "api_key"});
    CHECK(none.code == 2);
    CHECK(tells(none.err, "standard input is empty"));

    std::istringstream input("  a-new-key-altogether \nmore\n");
    scene.user.surroundings.input = &input;
    const auto set = scene.run({"config", "set", "api_key"});
    CHECK(set.code == 0);
    CHECK_FALSE(tells(set.out + set.err, "a-new-key-altogether"));
    const auto file = scene.user.read("../.config/genevactl/credentials.toml");
    CHECK(tells(file, "api_key = \"a-new-key-altogether\""));
    scene.user.surroundings.environment.erase("LANCEDB_API_KEY");
    CHECK(scene.run({"config", "get", "api_key"}).out == "[set]\n");
    CHECK(scene.deployment.server.requests().empty());
}

TEST_CASE("a file that is not there is named as the user named it", "[flow][commands]") {
    Scene scene;
    const auto shown = scene.run({"manifest", "show", "none.json"});
    CHECK(shown.code == 5);
    CHECK(tells(shown.err, "error: cannot read none.json: "));
    CHECK(tells(shown.err, "try: make it with `genevactl manifest create pip NAME"));
    const auto list = scene.run({"manifest", "create", "pip", "deps", "-r", "none.txt"});
    CHECK(list.code == 5);
    CHECK(tells(list.err, "error: cannot read none.txt: "));
    scene.user.write("unpinned.txt", "-r more.txt\n");
    scene.user.write("more.txt", "requests[\n");
    const auto nested = scene.run({"manifest", "create", "pip", "deps", "-r", "unpinned.txt"});
    CHECK(tells(nested.err, "error: more.txt:1: "));
    CHECK(tells(scene.run({"column", "add", "docs", "v", "m:f", "--manifest", "none.json"}).err,
                "try: make it with"));
}

TEST_CASE("the log says what was done and why, and no secret", "[flow][commands]") {
    Scene scene;
    int turned_away = 0;
    scene.deployment.instead = [&](const HttpRequest&) -> std::optional<HttpResponse> {
        if (++turned_away > 1) return std::nullopt;
        return HttpResponse{.status = 429};
    };
    const auto ran = scene.run({"table", "list", "--verbose", "--color", "never"});
    CHECK(ran.code == 0);
    CHECK(ran.out == "TABLE\ndocs\n");
    CHECK(tells(ran.err, "genevactl: 2026-11-22T09:30:00.000Z genevactl "));
    CHECK(tells(ran.err, "setting api_key = [set] (environment LANCEDB_API_KEY)\n"));
    CHECK(tells(ran.err, "setting color = never (flag --color)\n"));
    CHECK_FALSE(tells(ran.err, "poll_interval"));
    CHECK(tells(ran.err, "deployment: database default at " + scene.deployment.server.url()));
    CHECK(tells(ran.err, "HTTP 429 in "));
    CHECK(tells(ran.err, "again in "));
    CHECK(tells(ran.err, "HTTP 200 in "));
    CHECK(tells(ran.err, "attempt 2)\n"));
    CHECK(tells(ran.err, "exit code 0\n"));
    CHECK(tells(scene.run({"transform", "inspect", "m:f", "--verbose"}).err,
                "env/bin/python (VIRTUAL_ENV)\n"));
    CHECK(scene.run({"table", "list"}).err.empty());
}
