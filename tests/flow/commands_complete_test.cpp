// SPDX-License-Identifier: Apache-2.0
// What the completion scripts ask the program, and what else is made from the tree of commands.
#include "flow/commands.hpp"
#include "genevactl/base/text.hpp"

using namespace genevactl;
using namespace genevactl::test;

namespace {

/// The names offered for the last word.
Words offered(Scene& scene, const Words& words, int code = 0) {
    const auto ran = scene.run(with({"__complete"}, words));
    CHECK(ran.code == code);
    CHECK(ran.err.empty());
    Words names;
    for (const auto& line : base::split(ran.out, '\n')) {
        if (!line.empty()) names.push_back(line.substr(0, line.find('\t')));
    }
    return names;
}

}  // namespace

TEST_CASE("names complete from the deployment", "[flow][commands]") {
    Scene scene;
    scene.deployment.tables["archive"] = scene.deployment.tables["docs"];
    scene.deployment.tables["team$notes"] = scene.deployment.tables["docs"];
    scene.deployment.tables["chunks"] = scene.deployment.tables["docs"];
    scene.deployment.tables["chunks"]["schema"]["metadata"] = {{"geneva::view::query", "{}"}};
    scene.deployment.add_job("job-1", model::JobStatus::done);
    scene.deployment.add_job("job-2", model::JobStatus::running, "2026-11-22T09:25:00Z");
    CHECK(offered(scene, {"table", "show", ""}) ==
          Words{"archive", "chunks", "docs", "team/notes"});
    CHECK(offered(scene, {"table", "show", "d"}) == Words{"docs"});
    CHECK(offered(scene, {"table", "show", "team/"}) == Words{"team/notes"});
    CHECK(offered(scene, {"backfill", "docs", ""}) ==
          Words{"title", "text", "embedding", "length"});
    CHECK(offered(scene, {"job", "list", "--table", "do"}) == Words{"docs"});
    CHECK(offered(scene, {"job", "wait", ""}) == Words{"job-2", "job-1"});
    const auto jobs = scene.run({"__complete", "job", "wait", "job-1"});
    CHECK(jobs.out == "job-1\tdocs.embedding DONE\n");
    CHECK(offered(scene, {"config", "get", "poll"}) == Words{"poll_interval"});
    CHECK(offered(scene, {"job", "list", "--status", "D"}) == Words{"DONE"});
    CHECK(offered(scene, {"completion", ""}) == Words{"bash", "zsh", "fish", "powershell"});
    CHECK(offered(scene, {"manifest", "show", ""}, 1).empty());  // files
    CHECK(offered(scene, {"job", ""}, 1).empty());               // commands: the script has them
    CHECK(scene.deployment.changes().empty());
    CHECK(scene.user.python.programs.empty());
    CHECK(scene.user.python.questions.empty());
}

TEST_CASE("completion goes by what was typed and by the profiles", "[flow][commands]") {
    Scene scene;
    CHECK(offered(scene, {"--uri", "db://demo", "table", "show", ""}) == Words{"docs"});
    CHECK(scene.deployment.server.requests().back().header("x-lancedb-database") == "demo");
    CHECK(scene.run({"config", "set", "uri", "db://work", "--profile", "work"}).code == 0);
    CHECK(offered(scene, {"table", "list", "--profile", ""}) == Words{"work"});
    CHECK(offered(scene, {"config", "use", "w"}) == Words{"work"});
    offered(scene, {"--profile", "work", "table", "show", ""});
    CHECK(scene.deployment.server.requests().back().header("x-lancedb-database") == "work");
}

TEST_CASE("completion says nothing of what goes wrong", "[flow][commands]") {
    Scene scene;
    auto& environment = scene.user.surroundings.environment;
    CHECK(offered(scene, {"--profile", "nobody", "table", "show", ""}).empty());
    CHECK(offered(scene, {"--uri", "not-there", "table", "show", ""}).empty());
    CHECK(offered(scene, {"--uri", "s3://bucket", "table", "show", ""}).empty());
    CHECK(offered(scene, {"backfill", "nope", ""}).empty());
    CHECK(offered(scene, {"backfill", "", ""}).empty());
    environment["LANCEDB_API_KEY"] = "wrong-key-of-somebody";
    CHECK(offered(scene, {"table", "show", ""}).empty());
    environment["LANCEDB_URI"] = "http://127.0.0.1:1";
    CHECK(offered(scene, {"table", "show", ""}).empty());
    environment.erase("LANCEDB_URI");
    CHECK(offered(scene, {"table", "show", ""}).empty());
    scene.user.write("geneva.toml", "no toml");
    CHECK(offered(scene, {"table", "show", ""}).empty());
    CHECK(scene.user.clock.sleeps.size() <= 5);
}

TEST_CASE("a command that may ask for a password is not run to complete", "[flow][commands]") {
    Scene scene;
    scene.user.surroundings.environment.erase("LANCEDB_API_KEY");
    CHECK(scene.run({"config", "set", "api_key_command", "pass show key"}).code == 0);
    CHECK(offered(scene, {"table", "show", ""}).empty());
    CHECK(scene.user.python.programs.empty());
}

TEST_CASE("names that a terminal should not see are left out", "[flow][commands]") {
    Scene scene;
    scene.deployment.tables["evil\x1b[2J"] = scene.deployment.tables["docs"];
    scene.deployment.tables["two\nlines"] = scene.deployment.tables["docs"];
    CHECK(offered(scene, {"table", "show", ""}) == Words{"docs"});
}

TEST_CASE("an answer that does not come is not waited for", "[flow][commands]") {
    Scene scene;
    scene.deployment.instead = [](const HttpRequest&) -> std::optional<HttpResponse> {
        HttpResponse response;
        response.fault = Fault::stall;
        return response;
    };
    scene.user.clock.go_on_by_itself(std::chrono::milliseconds(20));
    CHECK(offered(scene, {"table", "show", ""}).empty());
}

TEST_CASE("manual pages are printed and written", "[flow][commands]") {
    Scene scene;
    const auto page = scene.run({"man", "column", "add"}).out;
    CHECK(tells(page, ".TH \"GENEVACTL\\-COLUMN\\-ADD\" 1"));
    CHECK(tells(page, ".SH EXAMPLES"));
    CHECK(tells(page, "\\fB\\-\\-manifest\\fR \\fIFILE\\fR"));
    CHECK(tells(scene.run({"man"}).out, ".SH EXIT STATUS"));
    CHECK(scene.run({"man", "genevactl"}).out == scene.run({"man"}).out);
    const auto unknown = scene.run({"man", "colum"});
    CHECK(unknown.code == 2);
    CHECK(tells(unknown.err, "genevactl column"));
    CHECK(tells(scene.run({"man", "--dir", "pages"}).out, "pages to pages"));
    CHECK(scene.user.read("pages/genevactl-column-add.1") == page);
    CHECK(scene.run({"man", "column", "--dir", "pages"}).code == 2);
}
