// SPDX-License-Identifier: Apache-2.0
#include "deployment.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/local/deployment.hpp"

namespace genevactl::run {

using base::ErrorKind;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_scheme = "db://";
constexpr std::string_view k_default_database = "default";
constexpr base::Microseconds k_idle_timeout = std::chrono::minutes(15);

bool is_object_storage(std::string_view uri) {
    constexpr std::array schemes{"s3://", "s3+ddb://", "gs://", "az://", "abfs://", "abfss://"};
    return std::ranges::any_of(schemes,
                               [&](auto scheme) { return base::starts_with(uri, scheme); });
}

ns::Connection connection_of(const local::Endpoint& endpoint, std::string_view database) {
    return {
        .base_url = endpoint.url, .database = std::string(database), .api_key = endpoint.api_key};
}

base::Result<std::string> database_of(const std::string& uri) {
    auto name = uri.substr(k_scheme.size());
    if (name.empty() || name.find('/') != std::string::npos) {
        return base::fail(ErrorKind::usage,
                          fmt::format("--uri {}: {}", uri,
                                      name.empty() ? "no database is named"
                                                   : "there is a slash in the database's name"),
                          "write db://NAME");
    }
    return name;
}

base::Result<ns::Connection> connect_to_server(Session& session, std::string database,
                                               std::string url) {
    GENEVACTL_CHECK(settings::check_key_may_go(session.settings()));
    while (!url.empty() && url.back() == '/') {
        url.pop_back();
    }
    if (!base::starts_with(url, "http://") && !base::starts_with(url, "https://")) {
        return base::fail(ErrorKind::usage,
                          fmt::format("{}: not an http:// or https:// URL (from {})", url,
                                      session.settings().host_override.origin.place));
    }
    ns::Connection connection{.base_url = std::move(url), .database = std::move(database)};
    if (const auto& bearer = session.settings().bearer_token.value) {
        connection.bearer = *bearer;
        return connection;
    }
    GENEVACTL_TRY(auto key, settings::api_key_of(session.surroundings(), session.settings()));
    if (!key) {
        return base::fail(
            ErrorKind::unauthenticated,
            fmt::format("there is no API key for {}", base::redact_url(connection.base_url)),
            "set LANCEDB_API_KEY, or api_key_command in your profile");
    }
    connection.api_key = std::move(*key);
    return connection;
}

base::Result<ns::Connection> connect_to_last(Session& session, const std::string& database) {
    GENEVACTL_TRY(auto endpoint,
                  local::find_last_started(session.surroundings(), session.transport()));
    if (!endpoint) {
        return base::fail(
            ErrorKind::usage, "no deployment is named and no local one runs",
            "start one with `genevactl local start --detach`, or give --uri db://NAME with "
            "--host-override URL (LANCEDB_URI), or a directory as --uri");
    }
    if (endpoint->place.kind == local::RootKind::database && database != k_default_database) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("db://{}: the running local deployment serves one directory, {}", database,
                        endpoint->place.folder.string()),
            "leave --uri away, or start one for several databases with `genevactl local start`");
    }
    return connection_of(*endpoint, database);
}

/// A directory that lies in a root that is served already belongs to that deployment: two over the
/// same tables would run two queues.
base::Result<std::optional<ns::Connection>> find_enclosing(Session& session,
                                                           const fs::path& folder) {
    const auto place =
        local::place_of(session.surroundings(), local::RootKind::root, folder.parent_path());
    GENEVACTL_TRY(auto endpoint, local::find(session.surroundings(), session.transport(), place));
    if (!endpoint) {
        return std::nullopt;
    }
    return connection_of(*endpoint, folder.filename().string());
}

base::Result<ns::Connection> connect_to_directory(Session& session, const std::string& uri,
                                                  Start start) {
    const auto& surroundings = session.surroundings();
    std::error_code code;
    const auto folder = fs::weakly_canonical(surroundings.working_directory / uri, code);
    if (!fs::is_directory(folder, code)) {
        return base::fail(ErrorKind::not_found, fmt::format("--uri {}: no such directory", uri),
                          "make it with mkdir, or write db://NAME for a database of a deployment");
    }
    GENEVACTL_TRY(auto enclosing, find_enclosing(session, folder));
    if (enclosing) {
        return std::move(*enclosing);
    }
    const auto as_root = local::place_of(surroundings, local::RootKind::root, folder);
    GENEVACTL_TRY(const auto root, local::find(surroundings, session.transport(), as_root));
    if (root) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("--uri {}: that folder is served as a root, each folder in it "
                        "is a database",
                        uri),
            "name the database: --uri db://NAME");
    }
    const auto place = local::place_of(surroundings, local::RootKind::database, folder);
    GENEVACTL_TRY(auto running, local::find(surroundings, session.transport(), place));
    if (running) {
        return connection_of(*running, k_default_database);
    }
    if (start == Start::never) {
        return base::fail(ErrorKind::not_found,
                          fmt::format("no local deployment serves {} now", folder.string()),
                          "any command that reads or writes its tables starts one");
    }
    GENEVACTL_TRY(auto interpreter, session.interpreter());
    session.reporter().note(fmt::format(
        "starting a local deployment for {} (it ends after 15 idle minutes)", folder.string()));
    local::StartOptions options{
        .place = place, .python = interpreter.executable, .idle_timeout = k_idle_timeout};
    GENEVACTL_TRY(auto endpoint,
                  local::start(surroundings, session.transport(), session.reporter(), options));
    return connection_of(endpoint, k_default_database);
}

/// What serves a database of object storage: the root is what it lies in.
std::string serve_hint(std::string uri) {
    if (!base::starts_with(uri, "s3://")) {
        return "the local deployment serves folders and s3://BUCKET/PREFIX: docs/local.md";
    }
    while (uri.ends_with('/')) {
        uri.pop_back();
    }
    const auto slash = uri.rfind('/');
    if (slash < std::string_view("s3://b").size()) {
        return fmt::format("genevactl local start --root {}", base::shell_quote(uri));
    }
    return fmt::format("genevactl local start --root {} --detach, then --uri db://{}",
                       base::shell_quote(uri.substr(0, slash)), uri.substr(slash + 1));
}

}  // namespace

base::Result<ns::Connection> connect(Session& session, Start start) {
    const auto& uri = session.settings().uri.value;
    const auto& host = session.settings().host_override.value;
    if (uri && is_object_storage(*uri)) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("--uri {}: object storage needs a deployment in front of it", *uri),
            serve_hint(*uri));
    }
    if (uri && !base::starts_with(*uri, k_scheme)) {
        return connect_to_directory(session, *uri, start);
    }
    std::string database(k_default_database);
    if (uri) {
        GENEVACTL_TRY(database, database_of(*uri));
    }
    if (host) {
        return connect_to_server(session, std::move(database), *host);
    }
    return connect_to_last(session, database);
}

}  // namespace genevactl::run
