// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/local/deployment.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

std::filesystem::path folder_of(const Session& session, const std::filesystem::path& root) {
    return local::is_url(root) ? root : from_working_directory(session, root);
}

local::Place root_place(const Session& session, const std::optional<std::filesystem::path>& root) {
    const auto folder =
        root ? folder_of(session, *root) : local::default_root(session.surroundings());
    return local::place_of(session.surroundings(), local::RootKind::root, folder);
}

/// What the request can mean, in the order in which it is looked at: --root as a root, then as a
/// single database; without --root the root that was started last, or nothing if none ever was.
std::vector<local::Place> places_of(const Session& session, const LocalRoot& request) {
    const auto& surroundings = session.surroundings();
    if (!request.root) {
        const auto last = local::last_started_place(surroundings);
        return last ? std::vector{*last} : std::vector<local::Place>{};
    }
    const auto folder = folder_of(session, *request.root);
    if (local::is_url(folder)) {
        return {local::place_of(surroundings, local::RootKind::root, folder)};
    }
    return {local::place_of(surroundings, local::RootKind::root, folder),
            local::place_of(surroundings, local::RootKind::database, folder)};
}

/// Nothing serves what the request names: in the words of what was asked.
base::Error not_running(const LocalRoot& request, const std::vector<local::Place>& places) {
    base::Error error{.kind = ErrorKind::not_found,
                      .message = "no local deployment is running",
                      .hint = "start one with `genevactl local start --detach`"};
    if (!places.empty()) {
        error.message =
            fmt::format("no local deployment serves {}", places.front().folder.string());
    }
    if (request.root) {
        error.hint = fmt::format("start one with `genevactl local start --detach --root {}`",
                                 base::shell_quote(request.root->string()));
    }
    return error;
}

/// The deployment that runs and answers.
base::Result<local::Endpoint> running(Session& session, const LocalRoot& request) {
    const auto places = places_of(session, request);
    for (const auto& place : places) {
        GENEVACTL_TRY(auto found, local::find(session.surroundings(), session.transport(), place));
        if (found) {
            return std::move(*found);
        }
    }
    return base::fail(not_running(request, places));
}

Json document_of(const local::Endpoint& endpoint) {
    auto json = versioned();
    json["url"] = endpoint.url;
    json["root"] = endpoint.place.folder.string();
    json["kind"] = endpoint.place.kind == local::RootKind::root ? "root" : "database";
    json["pid"] = endpoint.pid;
    json["started_at"] = endpoint.started_at;
    json["python"] = endpoint.python;
    json["geneva"] = endpoint.geneva;
    return json;
}

model::Properties endpoint_properties(const local::Endpoint& endpoint) {
    return {.rows = {{"url", {endpoint.url, model::Tone::strong}},
                     {"root", {endpoint.place.folder.string()}},
                     {"process", {std::to_string(endpoint.pid)}},
                     {"python", {endpoint.python}},
                     {"geneva", {endpoint.geneva}},
                     {"started", {endpoint.started_at}}}};
}

/// A root is a place for databases that may still be made, so the folder is made as well; a bucket
/// must be there.
base::Status make_root(Session& session, const std::filesystem::path& folder) {
    if (local::is_url(folder)) {
        if (base::starts_with(folder.native(), "s3://")) {
            return {};
        }
        return base::fail(ErrorKind::usage,
                          fmt::format("--root {}: a root is a folder, or s3://BUCKET/PREFIX",
                                      base::redact_url(folder.string())));
    }
    std::error_code code;
    if (std::filesystem::create_directories(folder, code)) {
        session.reporter().note(fmt::format("made the folder {}", folder.string()));
    } else if (code) {
        return base::fail(ErrorKind::failed, fmt::format("cannot make the folder {}: {}",
                                                         folder.string(), code.message()));
    }
    return {};
}

}  // namespace

Answer local_setup(Session& session, const LocalSetup& request) {
    const auto environment = bridge::managed_environment(session.surroundings());
    local::SetupOptions options{.recreate = request.recreate};
    if (const auto& python = session.settings().python.value) {
        options.base_python = *python;
    }
    auto ready = local::setup(session.surroundings(), session.reporter(), environment, options);
    session.reporter().finish();
    if (!ready) {
        return base::fail(std::move(ready).error());
    }
    auto document = versioned();
    document["environment"] = environment.string();
    document["python"] = ready->string();
    return outcome_of(document, ready->string(),
                      {model::Text{{fmt::format("ready: {}", ready->string())}}});
}

Answer local_start(Session& session, const LocalStart& request) {
    GENEVACTL_TRY(auto interpreter, session.interpreter());
    local::StartOptions options{.place = root_place(session, request.root),
                                .python = interpreter.executable,
                                .port = request.port,
                                .ray = request.ray};
    GENEVACTL_CHECK(make_root(session, options.place.folder));
    if (request.config) {
        options.config = from_working_directory(session, *request.config);
    }
    options.max_jobs = request.max_jobs;
    options.detach = request.detach;
    if (!request.detach) {
        GENEVACTL_CHECK(local::run_in_foreground(session.surroundings(), options));
        return model::Outcome{.document = dump(versioned())};
    }
    auto started =
        local::start(session.surroundings(), session.transport(), session.reporter(), options);
    session.reporter().finish();
    if (!started) {
        return base::fail(std::move(started).error());
    }
    return outcome_of(document_of(*started), started->url, {endpoint_properties(*started)});
}

Answer local_status(Session& session, const LocalRoot& request) {
    GENEVACTL_TRY(auto endpoint, running(session, request));
    GENEVACTL_TRY(auto text, local::status(session.transport(), endpoint));
    auto document = document_of(endpoint);
    const auto status = Json::parse(text, nullptr, false);
    document["status"] = status;
    auto properties = endpoint_properties(endpoint);
    if (status.is_object() && status.contains("ray") && status.contains("jobs")) {
        properties.rows.emplace_back(
            "ray", model::Cell{status["ray"].value("state", std::string("unknown"))});
        properties.rows.emplace_back(
            "jobs",
            model::Cell{fmt::format("{} running, {} queued", status["jobs"].value("running", 0),
                                    status["jobs"].value("queued", 0))});
    }
    return outcome_of(document, endpoint.url, {std::move(properties)});
}

// It is stopped whether it answers or not: one that hangs, or whose `local start` was killed, is
// found by its process.
Answer local_stop(Session& session, const LocalRoot& request) {
    const auto places = places_of(session, request);
    auto document = versioned();
    for (const auto& place : places) {
        auto stopped =
            local::stop(session.surroundings(), session.transport(), place, &session.reporter());
        session.reporter().finish();
        if (!stopped) {
            return base::fail(std::move(stopped).error());
        }
        if (*stopped) {
            const auto folder = place.folder.string();
            document["stopped"] = true;
            document["root"] = folder;
            return outcome_of(document, folder,
                              {model::Text{{fmt::format("stopped the deployment of {}", folder)}}});
        }
    }
    document["stopped"] = false;
    auto outcome = outcome_of(
        document, "", {model::Text{{"nothing to stop: " + not_running(request, places).message}}});
    outcome.names.clear();
    return outcome;
}

Answer local_logs(Session& session, const LocalRoot& request) {
    const auto places = places_of(session, request);
    base::Result<std::string> text = base::fail(not_running(request, places));
    for (const auto& place : places) {
        text = local::logs(place, request.lines);
        if (text || text.error().kind != ErrorKind::not_found) {
            break;
        }
    }
    if (!text) {
        return base::fail(std::move(text).error());
    }
    auto document = versioned();
    document["log"] = *text;
    model::Outcome outcome{.document = dump(document)};
    outcome.raw = base::printable(*text);
    return outcome;
}

Answer local_env(Session& session, const LocalRoot& request) {
    GENEVACTL_TRY(auto endpoint, running(session, request));
    auto document = versioned();
    document["LANCEDB_URI"] = endpoint.url;
    document["LANCEDB_API_KEY"] = std::string(endpoint.api_key.reveal());
    model::Outcome outcome{.document = dump(document)};
    outcome.raw =
        fmt::format("export LANCEDB_URI={}\nexport LANCEDB_API_KEY={}\n",
                    base::shell_quote(endpoint.url), base::shell_quote(endpoint.api_key.reveal()));
    return outcome;
}

}  // namespace genevactl::run
