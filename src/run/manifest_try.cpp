// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/bridge/trial.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"
#include "trial_environment.hpp"

namespace genevactl::run {

namespace {

/// The distributions that a manifest names; options and bare URLs name none.
std::vector<std::string> named_distributions(const model::Manifest& manifest) {
    std::vector<std::string> names;
    for (const auto& line : manifest.pip) {
        const auto end = line.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
        const auto name = line.substr(0, end);
        const bool is_url = end != std::string::npos && line.compare(end, 3, "://") == 0;
        const bool is_path = name.empty() || name.front() == '-' || name.front() == '.' ||
                             (end != std::string::npos && line[end] == '/');
        const bool is_vcs = end != std::string::npos && line[end] == '+';
        if (!is_url && !is_path && !is_vcs) names.push_back(name);
    }
    return names;
}

base::Error import_error(const bridge::ImportedDistribution& distribution,
                         const bridge::ImportedModule& module, const std::string& manifest) {
    base::Error error{
        .kind = base::ErrorKind::failed,
        .message = fmt::format("{} {} is installed, but `import {}` fails: {}", distribution.name,
                               distribution.version, module.name, module.error),
        .hint = fmt::format("add to the manifest {} what it needs", manifest)};
    error.detail = module.traceback;
    return error;
}

Json distribution_json(const bridge::ImportedDistribution& distribution) {
    Json json;
    json["distribution"] = distribution.name;
    json["version"] = distribution.version.empty() ? Json(nullptr) : Json(distribution.version);
    json["modules"] = Json::array();
    for (const auto& module : distribution.modules)
        json["modules"].push_back(module.name);
    return json;
}

struct Imported {
    Json document = Json::array();
    model::Table table{.headings = {"DISTRIBUTION", "VERSION", "IMPORTS"}};
};

base::Result<Imported> import_all(const TrialEnvironment& environment,
                                  const model::Manifest& manifest) {
    Imported imported;
    imported.table.when_empty = "the manifest names no distribution to import";
    GENEVACTL_TRY(const auto found,
                  bridge::try_imports(environment.surroundings, environment.interpreter,
                                      named_distributions(manifest)));
    for (const auto& distribution : found) {
        std::vector<std::string> names;
        for (const auto& module : distribution.modules) {
            if (!module.error.empty()) {
                return base::fail(import_error(distribution, module, manifest.name));
            }
            names.push_back(module.name);
        }
        imported.document.push_back(distribution_json(distribution));
        // A requirement whose marker excludes this machine is not installed: no failure.
        const bool there = !distribution.version.empty();
        imported.table.rows.push_back({{distribution.name, model::Tone::strong},
                                       {there ? distribution.version : "-"},
                                       {there ? base::join(names, ", ") : "not for this machine"}});
    }
    return imported;
}

}  // namespace

Answer manifest_try(Session& session, const ManifestTry& request) {
    GENEVACTL_TRY(const auto manifest, read_manifest(session, request.file));
    GENEVACTL_TRY(const auto environment, make_trial_environment(session, manifest));
    const auto name = fmt::format("{}@{}", manifest.manifest.name, manifest.manifest.checksum);
    auto document = versioned();
    document["manifest"] = manifest.manifest.name;
    document["checksum"] = manifest.manifest.checksum;
    document["python"] = environment.python;
    document["installer"] = environment.installer;
    document["installed"] = environment.requirements;
    document["imports"] = nullptr;
    document["transform"] = nullptr;
    const auto made = fmt::format("{} can be installed with {} on Python {}", name,
                                  environment.installer, environment.python);
    if (!request.target) {
        GENEVACTL_TRY(auto imported, import_all(environment, manifest.manifest));
        document["imports"] = std::move(imported.document);
        return outcome_of(document, name, {model::Text{{made}}, std::move(imported.table)});
    }
    GENEVACTL_TRY(const auto transform,
                  bridge::describe_transform(environment.surroundings, environment.interpreter,
                                             {.target = *request.target}));
    document["transform"] = Json::parse(transform.document, nullptr, false);
    return outcome_of(document, name,
                      {model::Text{{made}},
                       model::Text{{fmt::format("{} can be imported there: {} {}", transform.target,
                                                transform.kind, transform.name)}}});
}

}  // namespace genevactl::run
