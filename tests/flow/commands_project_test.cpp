// SPDX-License-Identifier: Apache-2.0
// `plan` and `apply` against the scripted deployment.
#include "flow/commands.hpp"

using namespace genevactl;
using namespace genevactl::test;
using model::JobStatus;
using Json = nlohmann::ordered_json;

namespace {

constexpr const char* k_project = R"([deployment]
uri = "db://demo"

[manifests.deps]
pip = ["cowsay==6.1"]

[columns."docs.vector"]
transform = "features:embed"
manifest = "deps"
)";

/// docs.embedding and docs.length are the deployment's own: the file has neither.
struct Project : Scene {
    Project() {
        user.write("geneva.toml", k_project);
        deployment.queried = arrow_fixture("none.arrow");
        // As the real deployment does: what is registered has the manifest that was sent.
        deployment.instead = [this](const HttpRequest& request) { return watch(request); };
    }

    std::optional<HttpResponse> watch(const HttpRequest& request) {
        if (request.path.find("docs/add_columns") == std::string::npos &&
            request.path.find("docs/alter_columns") == std::string::npos) {
            return std::nullopt;
        }
        const auto body = Json::parse(request.body);
        const bool adds = body.contains("new_columns");
        const auto& entry = body[adds ? "new_columns" : "alterations"][0];
        auto& fields = deployment.tables["docs"]["schema"]["fields"];
        const auto name = entry[adds ? "name" : "path"].get<std::string>();
        auto field = computed_field(name, "embed", manifest());
        field["metadata"].update(entry["virtual_column"]["field_metadata"]);
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (fields[i]["name"] == name) fields.erase(i);
        }
        fields.push_back(field);
        return json_response(200, R"({"version":13})");
    }

    /// What the user's Python was asked to pin, a moment ago: its thread waits for the answer.
    Json manifest() const {
        const auto& asked = user.python.questions.back()["manifest"];
        return asked.is_null() ? Json(nullptr) : Json::parse(asked["json"].get<std::string>());
    }

    void edit_manifest(const std::string& requirement) {
        std::string text = k_project;
        text.replace(text.find("cowsay==6.1"), std::string("cowsay==6.1").size(), requirement);
        user.write("geneva.toml", text);
    }
};

}  // namespace

TEST_CASE("a plan says what would be done and changes nothing", "[flow][commands]") {
    Project project;
    const auto ran = project.run({"plan"});
    CHECK(ran.code == 0);
    CHECK(tells(ran.out, "docs.vector: is not there: will be added"));
    CHECK(tells(ran.out, "docs.vector: a new column: 7 rows will be computed (backfill)"));
    CHECK(tells(ran.out, "docs.embedding (column, by embed"));
    CHECK(project.run({"plan", "--exit-code"}).code == 3);
    CHECK(project.run({"plan", "--prune", "--allow-recreate", "--out", "it.plan"}).code == 0);
    CHECK(project.deployment.changes().empty());

    const auto document = project.run({"plan", "-o", "json"}).document();
    CHECK(document["changes"] == true);
    REQUIRE(document["steps"].size() == 2);
    CHECK(document["steps"][0]["action"] == "add-column");
    CHECK(document["steps"][0]["manifest_after"]["name"] == "deps");
    CHECK(document["steps"][1]["needs"] == nlohmann::json::array({1}));
    CHECK(document["steps"][1]["rows"] == 7);
    CHECK(document["not_in_file"].size() == 2);
    CHECK(project.run({"plan", "-o", "name"}).out == "docs.vector\ndocs.vector\n");
    CHECK(project.user.python.questions.at(0)["action"] == "several");
}

TEST_CASE("an apply does the plan and a second one nothing", "[flow][commands]") {
    Project project;
    const auto ran = project.run({"apply"});
    CHECK(ran.code == 0);
    CHECK(tells(ran.out, "add-column  docs.vector  -"));
    CHECK(tells(ran.out, "backfill    docs.vector  job-new"));
    CHECK(project.deployment.changes() ==
          Words{"POST /v1/table/docs/add_columns", "POST /v1/table/docs/backfill_column"});
    const auto metadata = project.deployment.bodies("add_columns")
                              .at(0)["new_columns"][0]["virtual_column"]["field_metadata"];
    CHECK(metadata["genevactl.registered"] ==
          R"({"how":"added","at":"2026-11-22T09:30:00Z","last_job":null})");
    CHECK(project.deployment.bodies("backfill_column").at(0)["where"].is_null());

    const auto again = project.run({"apply", "--yes"});
    CHECK(again.code == 0);
    CHECK(tells(again.out, "nothing to do"));
    CHECK(project.run({"plan", "--exit-code"}).code == 0);
    CHECK(project.deployment.changes().size() == 2);
}

TEST_CASE("an edited manifest is drift: the column is re-pointed and computed anew",
          "[flow][commands]") {
    Project project;
    REQUIRE(project.run({"apply"}).code == 0);
    project.edit_manifest("cowsay==6.0");
    const auto planned = project.run({"plan"});
    CHECK(tells(planned.out, "docs.vector: pinned deps@"));
    CHECK(tells(planned.out, ", local definition @"));
    CHECK(tells(planned.out, ": will be re-pointed (alter column)"));
    CHECK(tells(planned.out, "~ pip: cowsay==6.1 -> cowsay==6.0 (down)"));
    CHECK(project.deployment.changes().size() == 2);

    const auto ran = project.run({"apply"});
    CHECK(ran.code == 0);
    const auto where = project.deployment.bodies("backfill_column").at(1)["where"];
    CHECK(where.get<std::string>().find("1=1 AND 'genevactl apply ") == 0);
    const auto metadata = project.deployment.bodies("alter_columns")
                              .at(0)["alterations"][0]["virtual_column"]["field_metadata"];
    CHECK(metadata["genevactl.registered"] ==
          R"({"how":"altered","at":"2026-11-22T09:30:00Z","last_job":"2026-11-22T09:30:00Z"})");
}

TEST_CASE("what a killed apply left is continued", "[flow][commands]") {
    Project project;
    project.deployment.status_of_new_jobs = JobStatus::failed;
    const auto failed = project.run({"apply"});
    CHECK(failed.code == 10);
    CHECK(tells(failed.err, "done: add-column docs.vector"));
    CHECK(tells(failed.err, "apply again to continue"));
    CHECK(tells(project.run({"plan"}).out,
                "no DONE job for its present snapshot (job job-new "
                "ended FAILED)"));
    project.deployment.status_of_new_jobs = JobStatus::done;
    CHECK(project.run({"apply"}).code == 0);
    CHECK(project.deployment.bodies("add_columns").size() == 1);
    CHECK(project.deployment.bodies("backfill_column").size() == 2);
}

TEST_CASE("a plan that was kept is done only while nothing has moved", "[flow][commands]") {
    Project project;
    REQUIRE(project.run({"plan", "--out", "it.plan"}).code == 0);
    project.user.python.answer["identity"] = "v1:e1se";
    const auto moved = project.run({"apply", "it.plan"});
    CHECK(moved.code == 6);
    CHECK(tells(moved.err, "the plan is out of date: docs.vector: identity was"));
    CHECK(project.deployment.changes().empty());
    project.user.python.answer["identity"] = "v1:5eed";
    CHECK(project.run({"apply", "it.plan"}).code == 0);
    const auto again = project.run({"apply", "it.plan"});
    CHECK(again.code == 6);
    CHECK(project.deployment.changes().size() == 2);

    CHECK(project.run({"apply", "it.plan", "--select", "*"}).code == 2);
    CHECK(project.run({"apply", "geneva.toml"}).code == 2);
    CHECK(project.run({"apply", "none.plan"}).code == 5);
}

TEST_CASE("a column of another type is refused before anything is done", "[flow][commands]") {
    Project project;
    project.user.write("geneva.toml", std::string(k_project) +
                                          "[columns.\"docs.embedding\"]\n"
                                          "transform = \"features:embed\"\n");
    const auto ran = project.run({"apply"});
    CHECK(ran.code == 6);
    CHECK(tells(ran.err, "docs.embedding: features:embed gives int64, the column is"));
    CHECK(tells(ran.err, "genevactl column drop docs embedding --yes"));
    CHECK(project.deployment.changes().empty());
}

TEST_CASE("what the file has not is dropped only by --prune with --yes", "[flow][commands]") {
    Project project;
    const auto none = project.run({"plan", "--select", "doc.*"});
    CHECK(none.code == 5);
    CHECK(tells(none.err, "the file has no column or view that --select doc.* names"));
    const auto listed = project.run({"apply", "--select", "docs.length", "--prune"});
    CHECK(listed.code == 0);
    CHECK(tells(listed.out, "nothing else to do"));
    CHECK(project.deployment.changes().empty());
    const auto ran = project.run({"apply", "--select", "docs.length", "--prune", "--yes"});
    CHECK(ran.code == 0);
    CHECK(project.deployment.changes() == Words{"POST /v1/table/docs/drop_columns"});
}

TEST_CASE("an interrupted apply names the job that goes on and cancels nothing",
          "[flow][commands]") {
    Project project;
    project.deployment.status_of_new_jobs = JobStatus::running;
    project.user.clock.interrupted = true;
    const auto ran = project.run({"apply"});
    CHECK(ran.code == 130);
    CHECK(tells(ran.err, "goes on: backfill docs.vector"));
    CHECK(tells(ran.err, "genevactl job wait job-new"));
    CHECK(project.deployment.changes().size() == 2);
}

TEST_CASE("columns that do not wait for each other are computed at once", "[flow][commands]") {
    Project project;
    project.user.write("geneva.toml", std::string(k_project) +
                                          "[columns.\"docs.second\"]\n"
                                          "transform = \"features:embed\"\nmanifest = \"deps\"\n");
    project.deployment.status_of_new_jobs = JobStatus::running;
    int looks = 0;
    project.deployment.on_look = [&](int) {
        if (project.deployment.jobs.size() == 2 && ++looks > 4) {
            for (auto& job : project.deployment.jobs)
                job.status = JobStatus::done;
        }
    };
    const auto ran = project.run({"apply"});
    CHECK(ran.code == 0);
    CHECK(tells(ran.out, "job-new+"));
    CHECK(project.deployment.bodies("backfill_column").size() == 2);
}

TEST_CASE("without a project file it is said how to make one", "[flow][commands]") {
    Scene scene;
    const auto ran = scene.run({"plan"});
    CHECK(ran.code == 5);
    CHECK(tells(ran.err, "geneva.toml"));
    CHECK(scene.deployment.server.requests().empty());
}
