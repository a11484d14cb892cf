// SPDX-License-Identifier: Apache-2.0
#include "layer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"

namespace genevactl::settings {

namespace {

constexpr std::string_view k_deployment = "deployment";
constexpr std::string_view k_settings = "settings";

}  // namespace

// What a project file may hold is what a clone may decide: where the work is, and how long to wait.
// It may hold no key, no program or command to run, no file to write, nobody to trust.
const std::vector<Key>& keys() {
    static const std::vector<Key> table = {
        {"uri", "GENEVACTL_URI", "uri", "", "the database: db://NAME, or a directory of tables",
         k_deployment},
        {"host_override", "LANCEDB_URI", "text", "", "URL of the deployment's server",
         k_deployment},
        {"profile", "GENEVACTL_PROFILE", "text", "default",
         "the profile of the user's settings that is used", k_deployment},
        {.name = "api_key",
         .environment = "LANCEDB_API_KEY",
         .type = "text",
         .default_value = "",
         .meaning = "the key, sent as x-api-key",
         .secret = true},
        {.name = "bearer_token",
         .environment = "GENEVACTL_BEARER_TOKEN",
         .type = "text",
         .default_value = "",
         .meaning = "an OAuth token, sent as Authorization: Bearer",
         .secret = true},
        {"api_key_command", "GENEVACTL_API_KEY_COMMAND", "command", "",
         "a command, run by /bin/sh, that prints the key"},
        {"python", "GENEVACTL_PYTHON", "program", "",
         "the interpreter, or the environment, that has geneva"},
        {"ca_bundle", "GENEVACTL_CA_BUNDLE", "path", "",
         "certificate authorities to trust instead of the system's (PEM)"},
        {"trace_http", "GENEVACTL_TRACE_HTTP", "path", "",
         "a file to which requests and answers are appended, secrets left out"},
        {"request_timeout", "GENEVACTL_REQUEST_TIMEOUT", "duration", "60s",
         "the total time for one request, retries included", k_settings},
        {"connect_timeout", "GENEVACTL_CONNECT_TIMEOUT", "duration", "10s",
         "the time for one connection to be made", k_settings},
        {"poll_interval", "GENEVACTL_POLL_INTERVAL", "duration", "2s",
         "the time between two looks at a job that is waited for", k_settings},
        {"stale_after", "GENEVACTL_STALE_AFTER", "duration", "15m",
         "a job whose record was not updated for so long is stale", k_settings},
        {"appear_within", "GENEVACTL_APPEAR_WITHIN", "duration", "60s",
         "a job id that has no record for so long is unknown", k_settings},
        {"color", "GENEVACTL_COLOR", "text", "auto", "auto, always or never", k_settings},
    };
    return table;
}

const Key* find_key(std::string_view name) {
    const auto found = std::ranges::find(keys(), name, &Key::name);
    return found == keys().end() ? nullptr : &*found;
}

base::Result<const Key*> known_key(std::string_view name) {
    if (const auto* key = find_key(name)) {
        return key;
    }
    auto hint = base::did_you_mean(name, names_of_keys([](const Key&) { return true; }));
    return base::fail(base::ErrorKind::usage,
                      fmt::format("there is no setting '{}'", base::printable(name)),
                      hint.empty() ? "`genevactl config list` shows all of them" : std::move(hint));
}

std::vector<std::string> names_of_keys(const std::function<bool(const Key&)>& wanted) {
    std::vector<std::string> names;
    for (const auto& key : keys()) {
        if (wanted(key)) {
            names.emplace_back(key.name);
        }
    }
    return names;
}

}  // namespace genevactl::settings
