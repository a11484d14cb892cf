// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <istream>

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/verbs.hpp"

namespace genevactl::run {

namespace {

Json document_of(const settings::Listed& setting) {
    auto json = versioned();
    json["key"] = setting.name;
    json["value"] = setting.value.empty() ? Json(nullptr) : Json(setting.value);
    json["origin"] = setting.origin.place;
    return json;
}

Answer changed(const std::filesystem::path& file, const std::string& said) {
    auto document = versioned();
    document["file"] = file.string();
    return outcome_of(document, file.string(), {model::Text{{said}}});
}

/// The value to set: from the command line, or for a secret from standard input, since arguments
/// are seen by everybody on the machine.
base::Result<std::string> value_of(Session& session, const ConfigSet& request) {
    GENEVACTL_TRY(const auto* key, settings::known_key(request.key));
    if (key->secret && request.value) {
        return base::fail(
            base::ErrorKind::refused,
            fmt::format("{} is a secret: on a command line everybody on the machine can read it",
                        request.key),
            fmt::format("leave the value away and give it on standard input: genevactl config set "
                        "{} < FILE",
                        request.key));
    }
    if (request.value) {
        return *request.value;
    }
    if (!key->secret) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("config set {}: VALUE is missing", request.key),
                          fmt::format("genevactl config set {} VALUE", request.key));
    }
    std::string line;
    if (session.surroundings().stdin_is_terminal) {
        session.reporter().note(fmt::format("type the value of {} and press Enter", request.key));
    }
    if (session.surroundings().input == nullptr ||
        !std::getline(*session.surroundings().input, line) || base::trim(line).empty()) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("config set {}: standard input is empty", request.key),
                          fmt::format("genevactl config set {} < FILE", request.key));
    }
    return std::string(base::trim(line));
}

}  // namespace

Answer config_list(Session& session, const ConfigKey& request) {
    std::vector<Json> items;
    std::vector<std::string> names;
    model::Table rows{.headings = {"KEY", "VALUE"}};
    if (request.show_origin) {
        rows.headings.emplace_back("ORIGIN");
    }
    for (const auto& setting : settings::list(session.settings())) {
        items.push_back(document_of(setting));
        names.push_back(setting.name);
        rows.rows.push_back(
            {{setting.name, model::Tone::strong}, {setting.value.empty() ? "-" : setting.value}});
        if (request.show_origin) {
            rows.rows.back().push_back({setting.origin.place, model::Tone::dim});
        }
    }
    return list_outcome(items, std::move(names), std::move(rows));
}

Answer config_get(Session& session, const ConfigKey& request) {
    GENEVACTL_TRY(const auto* key, settings::known_key(request.key));
    const auto all = settings::list(session.settings());
    const auto setting = std::ranges::find(all, key->name, &settings::Listed::name);
    auto outcome = outcome_of(document_of(*setting), setting->value, {});
    if (setting->value.empty()) {
        // Nothing on stdout: a script's $(…) is to be empty, too.
        outcome.names.clear();
        session.reporter().note(fmt::format("{} is not set", key->name));
    } else {
        outcome.blocks.emplace_back(model::Text{{setting->value}});
    }
    return outcome;
}

Answer config_set(Session& session, const ConfigSet& request) {
    GENEVACTL_TRY(const auto value, value_of(session, request));
    GENEVACTL_TRY(auto file, settings::set(session.surroundings(), session.settings().profile.value,
                                           request.key, value));
    return changed(file, fmt::format("set {} in {}", request.key, file.string()));
}

Answer config_use(Session& session, const ConfigKey& request) {
    GENEVACTL_TRY(auto file, settings::use(session.surroundings(), request.key));
    return changed(file,
                   fmt::format("profile {} is used from now on ({})", request.key, file.string()));
}

}  // namespace genevactl::run
