// SPDX-License-Identifier: Apache-2.0
// The messages that a newcomer can meet, as they are read: tests/golden/messages.txt. Each says
// what, where, and what to do next.
#include "flow/commands.hpp"
#include "genevactl/base/text.hpp"

using namespace genevactl;
using namespace genevactl::test;
using Json = nlohmann::ordered_json;

namespace {

/// One entry of the golden file after another.
class Story {
public:
    void tell(const std::string& title, Scene& scene, const Words& arguments) {
        const auto ran = scene.run(arguments);
        auto line = std::string("$ genevactl");
        for (const auto& word : arguments) {
            line += " " + base::shell_quote(word);
        }
        CAPTURE(line, ran.out, ran.err);
        // Whoever fails is told what to do.
        CHECK((tells(ran.err, "  try: ") || tells(ran.out, "\ntry: ")));
        m_text += "## " + title + "\n" + plain(scene, line + "\n" + ran.out + ran.err) + "-> " +
                  std::to_string(ran.code) + "\n\n";
    }
    /// The Python's answer to the next question is this error of the bridge's.
    static void answer(Scene& scene, const Json& error) {
        scene.user.python.answer = {{"version", 1}, {"error", error}};
    }
    const std::string& text() const { return m_text; }

private:
    /// Without what differs from run to run.
    static std::string plain(const Scene& scene, std::string text) {
        const auto home = *scene.user.surroundings.variable("HOME");
        replace(text, home, "/data");
        replace(text, scene.deployment.server.url(), "http://127.0.0.1:4000");
        if (const auto host = scene.user.surroundings.variable("LANCEDB_URI")) {
            replace(text, *host, "http://127.0.0.1:4001");
        }
        const std::string id = "request id: ";
        for (auto at = text.find(id); at != std::string::npos; at = text.find(id, at + 1)) {
            const auto begin = at + id.size();
            text.replace(begin, text.find('\n', begin) - begin, "0123456789abcdef");
        }
        return text;
    }
    static void replace(std::string& text, const std::string& what, const std::string& by) {
        for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
            text.replace(at, what.size(), by);
            at += by.size();
        }
    }
    std::string m_text = {};
};

void tell_of_deployments(Story& story) {
    Scene scene;
    auto& environment = scene.user.surroundings.environment;
    const auto url = environment["LANCEDB_URI"];
    environment.erase("LANCEDB_URI");
    story.tell("no deployment at all", scene, {"table", "list"});
    story.tell("nothing runs here", scene, {"local", "status"});
    story.tell("a directory that is not there", scene, {"table", "list", "--uri", "tables"});
    story.tell("object storage without a deployment", scene,
               {"table", "list", "--uri", "s3://bucket/tables"});
    environment["LANCEDB_URI"] = "http://127.0.0.1:" + std::to_string(unused_port());
    story.tell("no server", scene, {"table", "list"});
    environment["LANCEDB_URI"] = url;
    environment["LANCEDB_API_KEY"] = "not-the-key";
    story.tell("a wrong key", scene, {"table", "list"});
    environment.erase("LANCEDB_API_KEY");
    story.tell("no key", scene, {"table", "list"});
    story.tell("a wrong profile", scene, {"table", "list", "--profile", "produktion"});
}

void tell_of_names(Story& story) {
    Scene scene;
    story.tell("a wrong table", scene, {"table", "show", "dosc"});
    story.tell("a wrong column", scene, {"backfill", "docs", "embeding"});
    story.tell("a column that nothing computes", scene, {"backfill", "docs", "title"});
    story.tell("a column that is there already", scene,
               {"column", "add", "docs", "length", "features:embed"});
    story.tell("a wrong job", scene, {"job", "show", "job-none"});
    story.tell("no job yet", scene, {"job", "wait"});
    story.tell("a wrong command", scene, {"job", "lst"});
    story.tell("a missing argument", scene, {"backfill", "docs"});
    story.tell("a missing manifest", scene,
               {"column", "add", "docs", "v", "features:embed", "--manifest", "deps.json"});
    scene.deployment.instead = [](const HttpRequest& request) -> std::optional<HttpResponse> {
        if (request.path.find("count_rows") == std::string::npos) return std::nullopt;
        const Json error = {
            {"error",
             "Invalid user input: Schema error: No field named txt. Valid fields are title, text., "
             "/build/lance/rust/lance/src/dataset/scanner.rs:839:33"},
            {"code", 13}};
        return json_response(400, error.dump());
    };
    story.tell("a wrong filter", scene,
               {"backfill", "docs", "embedding", "--where", "txt = 1", "--dry-run"});
}

// What the bridge answers is checked in tests/bridge; here it is only shown.
void tell_of_code(Story& story) {
    Scene scene;
    const Words inspect = {"transform", "inspect", "features:embed"};
    Story::answer(scene,
                  {{"kind", "module-not-found"},
                   {"message", "no module named 'features' in /data/work or in /env/bin/python"},
                   {"hint",
                    "run genevactl in the folder that holds it, or install it into this "
                    "interpreter"}});
    story.tell("a wrong module", scene, inspect);
    Story::answer(scene, {{"kind", "import"},
                          {"message",
                           "module 'features' raised RuntimeError: no model at hand "
                           "while it was imported"},
                          {"hint",
                           "see the traceback; `/env/bin/python -c 'import features'` shows "
                           "it too"},
                          {"traceback",
                           "Traceback (most recent call last):\n  File \"/data/work/"
                           "features.py\", line 2, in <module>\n    raise RuntimeError("
                           "\"no model at hand\")\nRuntimeError: no model at hand\n"}});
    story.tell("a module that raises", scene, inspect);
    Story::answer(scene, {{"kind", "unsupported"},
                          {"message", "geneva 0.12.0 has no geneva.transformer.UDF"},
                          {"hint",
                           "genevactl's bridge is written for geneva 0.17.0: /env/bin/python "
                           "-m pip install geneva==0.17.0"}});
    story.tell("a geneva that is too old", scene, inspect);
    scene.user.surroundings.environment.erase("VIRTUAL_ENV");
    story.tell("no Python with geneva", scene, inspect);
}

void tell_of_jobs(Story& story) {
    Scene scene;
    const auto failed = [&](const std::string& event) {
        scene.deployment.jobs.clear();
        auto& job = scene.deployment.add_job("job-1", model::JobStatus::failed);
        job.events = {"backfill failed", event};
    };
    const Words wait = {"job", "wait", "job-1"};
    failed(
        "manifest 'embedding-deps' could not be installed: ERROR: Could not find a version that "
        "satisfies the requirement wordlama==0.3.9\nERROR: No matching distribution found for "
        "wordlama==0.3.9");
    story.tell("a manifest that cannot be installed", scene, wait);
    failed(
        "Job entrypoint command failed with exit code 1\nAttributeError: Can't get attribute "
        "'UDFSpec' on <module 'geneva.transformer'>");
    story.tell("a driver whose geneva differs", scene, wait);
    failed("Ray did not start");
    story.tell("no Ray", scene, wait);
}

}  // namespace

TEST_CASE("what a newcomer is told", "[flow][commands]") {
    Story story;
    tell_of_deployments(story);
    tell_of_names(story);
    tell_of_code(story);
    tell_of_jobs(story);
    check_golden("messages.txt", story.text());
}
