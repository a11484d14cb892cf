// SPDX-License-Identifier: Apache-2.0
#include "flow/commands.hpp"

using namespace genevactl;
using namespace genevactl::test;
using nlohmann::json;
using Json = nlohmann::ordered_json;

namespace {

/// A user whose Python tells its versions, and whose deployment is a local one with the same.
struct Clinic : Scene {
    Clinic() {
        user.python.answer = {{"version", 1},
                              {"environment",
                               {{"python", "3.11.2"},
                                {"geneva", "0.17.0"},
                                {"lancedb", "0.40.0"},
                                {"pylance", "9.0.0"},
                                {"pyarrow", "24.0.0"},
                                {"ray", "2.60.0"}}}};
        user.python.on_program = [](const base::Command&) {
            return base::ProcessResult{0, "uv 0.13.9\n", ""};
        };
        deployment.instead = [this](const HttpRequest& request) { return answer(request); };
    }

    std::optional<HttpResponse> answer(const HttpRequest& request) const {
        auto response = answer_of_one(request);
        if (response) response->headers.emplace_back("Date", date);
        return response;
    }

    std::optional<HttpResponse> answer_of_one(const HttpRequest& request) const {
        if (request.header("x-api-key") != deployment.key) {
            return json_response(401, R"({"error":"unknown key","code":16})");
        }
        if (request.path == "/genevactl/v1/capabilities" && is_local) {
            return json_response(200, versions.dump());
        }
        if (request.path.find("geneva_manifests/describe") != std::string::npos && place) {
            return json_response(200, place->dump());
        }
        if (request.path.find("/table/list") == std::string::npos) return std::nullopt;
        return json_response(200, R"({"tables":[]})");
    }

    /// The finding of a check.
    json check(const std::string& name, const Words& more = {}) {
        const auto ran = run(with({"doctor", "-o", "json"}, more));
        code = ran.code;
        for (const auto& finding : ran.document()) {
            if (finding["check"] == name) return finding;
        }
        FAIL("no check " + name + ": " + ran.out);
        return {};
    }

    std::string date = "Sun, 22 Nov 2026 09:30:00 GMT";
    bool is_local = true;
    std::optional<Json> place = {};
    Json versions = {{"service", "genevactl-local"}, {"capabilities", Json::array()},
                     {"python", "3.11.9"},           {"geneva", "0.17.0"},
                     {"lancedb", "0.40.0"},          {"pylance", "9.0.0"},
                     {"pyarrow", "24.0.0"},          {"ray", "2.60.0"}};
    int code = 0;
};

}  // namespace

TEST_CASE("doctor finds nothing where nothing is wrong", "[flow][commands]") {
    Clinic clinic;
    const auto ran = clinic.run({"doctor"});
    CHECK(ran.code == 0);
    CHECK(tells(ran.out, "ok    python       3.11.2 at "));
    CHECK(tells(ran.out, "(from VIRTUAL_ENV)"));
    CHECK(tells(ran.out, "ok    geneva       geneva 0.17.0, lancedb 0.40.0"));
    CHECK(tells(ran.out, "ok    uv           uv 0.13.9\n"));
    CHECK(tells(ran.out, "ok    deployment   db://default at http://127.0.0.1:"));
    CHECK(tells(ran.out, "ok    key          accepted (from environment LANCEDB_API_KEY)\n"));
    CHECK(tells(ran.out, "ok    clock        as the deployment's\n"));
    CHECK(tells(ran.out, "ok    versions     the deployment has Python 3.11.9, geneva 0.17.0"));
    CHECK(tells(ran.out, "skip  uploads      no capture was uploaded yet"));
    CHECK(tells(ran.out, "ok    disk"));
    CHECK(tells(ran.out, "ok    leftovers    none\n"));
    CHECK(clinic.deployment.changes().empty());
    CHECK(clinic.run({"doctor", "-o", "name"}).out ==
          "settings\npython\ngeneva\nuv\ndeployment\nconnection\nkey\nclock\nversions\n"
          "credentials\nuploads\ndisk\nleftovers\n");
    const auto settings = clinic.check("settings");
    CHECK(settings["facts"][0]["key"] == "host_override");
    CHECK(settings["facts"][0]["origin"] == "environment LANCEDB_URI");
}

TEST_CASE("the key and the connection have exit codes of their own", "[flow][commands]") {
    Clinic clinic;
    auto& environment = clinic.user.surroundings.environment;
    environment["LANCEDB_API_KEY"] = "wrong-key-of-somebody";
    const auto key = clinic.check("key");
    CHECK(clinic.code == 4);
    CHECK(key["status"] == "fail");
    CHECK(tells(key["finding"], "the key is from environment LANCEDB_API_KEY"));
    CHECK(clinic.check("clock")["status"] == "ok");
    CHECK(clinic.check("uploads")["status"] == "skip");
    CHECK(clinic.check("disk")["status"] == "ok");

    environment["LANCEDB_URI"] = "http://127.0.0.1:1";
    CHECK(clinic.check("connection")["status"] == "fail");
    CHECK(clinic.code == 7);
    CHECK(clinic.check("python")["status"] == "ok");

    environment.erase("LANCEDB_API_KEY");
    CHECK(clinic.check("deployment")["status"] == "fail");
    CHECK(clinic.code == 4);

    // Two that fail in different ways.
    environment["GENEVACTL_PYTHON"] = "/not/there";
    CHECK(clinic.check("python")["status"] == "fail");
    CHECK(clinic.code == 1);
}

TEST_CASE("doctor works with nothing at all", "[flow][commands]") {
    Clinic clinic;
    auto& environment = clinic.user.surroundings.environment;
    for (const auto* name : {"LANCEDB_URI", "LANCEDB_API_KEY", "VIRTUAL_ENV"}) {
        environment.erase(name);
    }
    clinic.user.python.on_program = [](const base::Command&) -> base::Result<base::ProcessResult> {
        return base::fail(base::ErrorKind::not_found, "no such program");
    };
    CHECK(clinic.check("python")["status"] == "warn");
    CHECK(clinic.code == 0);
    CHECK(clinic.check("uv")["mend"] == "pip install uv");
    const auto deployment = clinic.check("deployment");
    CHECK(deployment["status"] == "warn");
    CHECK(tells(deployment["mend"], "genevactl local start"));
    CHECK(clinic.check("connection")["status"] == "skip");
    CHECK(clinic.check("settings")["finding"] == "nothing is set: all defaults");
    std::filesystem::create_directories(clinic.user.surroundings.working_directory / "tables");
    const auto directory = clinic.check("deployment", {"--uri", "tables"});
    CHECK(directory["status"] == "ok");
    CHECK(tells(directory["finding"], "no local deployment serves"));
    CHECK(clinic.check("deployment", {"--uri", "nowhere"})["status"] == "fail");
    CHECK(clinic.code == 5);
}

TEST_CASE("what differs from the deployment is a warning", "[flow][commands]") {
    Clinic clinic;
    clinic.versions["geneva"] = "0.16.1";
    clinic.versions["python"] = "3.12.1";
    const auto versions = clinic.check("versions");
    CHECK(clinic.code == 0);
    CHECK(versions["status"] == "warn");
    CHECK(versions["finding"] ==
          "python 3.11.2 here and 3.12.1 there; geneva 0.17.0 here and 0.16.1 there");
    CHECK(versions["facts"]["geneva"]["deployment"] == "0.16.1");
    clinic.is_local = false;
    CHECK(clinic.check("versions")["finding"] == "the deployment does not tell what it runs");
    clinic.user.python.answer["environment"]["geneva"] = nullptr;
    CHECK(tells(clinic.check("geneva")["finding"], "; no geneva"));
    clinic.user.python.answer = {{"version", 1},
                                 {"error", {{"kind", "failed"}, {"message", "it broke"}}}};
    CHECK(clinic.check("python")["finding"] == "it broke");
    CHECK(clinic.code == 1);
}

TEST_CASE("a clock that is off is found by the answers' Date", "[flow][commands]") {
    Clinic clinic;
    clinic.date = "Sun, 22 Nov 2026 09:29:00 GMT";
    auto clock = clinic.check("clock");
    CHECK(clock["status"] == "warn");
    CHECK(clock["finding"] == "59s ahead of the deployment's");
    CHECK(clinic.code == 0);
    clinic.date = "Sun, 22 Nov 2026 10:30:00 GMT";
    clock = clinic.check("clock");
    CHECK(clock["status"] == "fail");
    CHECK(tells(clock["finding"], "behind"));
    CHECK(clinic.code == 1);
    clinic.date = "today";
    CHECK(clinic.check("clock")["status"] == "skip");
}

TEST_CASE("doctor looks at the upload place and only --write writes there", "[flow][commands]") {
    Clinic clinic;
    const auto folder = clinic.user.surroundings.working_directory / "manifests.lance";
    std::filesystem::create_directories(folder);
    clinic.place = {{"location", folder.string()}, {"version", 1}};
    CHECK(clinic.check("uploads")["status"] == "ok");
    CHECK(tells(clinic.check("credentials")["finding"], "none needed"));
    CHECK(tells(clinic.check("uploads", {"--write"})["finding"],
                "an object was written and removed"));
    CHECK(std::filesystem::is_empty(folder));

    clinic.place = {{"location", "s3://bucket/manifests.lance"},
                    {"storage_options",
                     {{"aws_access_key_id", "the-id"},
                      {"aws_secret_access_key", "the-secret"},
                      {"expires_at_millis", "1795343400000"}}}};
    const auto credentials = clinic.check("credentials");
    CHECK(credentials["finding"] == "vended, for 1h00m");
    CHECK_FALSE(tells(credentials.dump(), "the-secret"));
    CHECK(clinic.check("uploads")["status"] == "skip");
    (*clinic.place)["storage_options"]["expires_at_millis"] = "1795339000000";
    CHECK(clinic.check("credentials")["status"] == "fail");
    clinic.place->erase("storage_options");
    CHECK(clinic.check("credentials")["status"] == "warn");
    CHECK(clinic.deployment.changes().empty());
}

TEST_CASE("doctor tells of a deployment that was killed", "[flow][commands]") {
    Clinic clinic;
    const auto state = clinic.user.surroundings.state_home() / "deployments" / "0123456789abcdef";
    std::filesystem::create_directories(state);
    const Json endpoint = {{"version", 1},
                           {"url", "http://127.0.0.1:1"},
                           {"pid", 2147480000},
                           {"process_start", 1},
                           {"kind", "root"},
                           {"root", "/data/root"},
                           {"python", "python3"},
                           {"geneva", "0.17.0"},
                           {"started_at", "2026-11-22T09:00:00Z"}};
    REQUIRE(base::write_atomic(state / "endpoint.json", endpoint.dump(), 0600).has_value());
    const auto leftovers = clinic.check("leftovers");
    CHECK(leftovers["status"] == "warn");
    CHECK(leftovers["mend"] == "genevactl local stop --root /data/root");
    CHECK(clinic.code == 0);
}
