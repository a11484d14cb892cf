// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/manifests.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "difference_documents.hpp"
#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/json.hpp"
#include "genevactl/namespace/named_manifests.hpp"
#include "genevactl/project/file.hpp"
#include "inputs.hpp"
#include "manifest_out.hpp"
#include "project_manifest.hpp"
#include "user_name.hpp"

namespace genevactl::run {

namespace {

using base::ErrorKind;
using ns::NamedManifest;

/// How many packages it names, of pip or of conda.
std::size_t packages_of(const Json& manifest) {
    const auto conda = manifest.value("conda", Json::object());
    return manifest.value("pip", Json::array()).size() +
           conda.value("dependencies", Json::array()).size();
}

Json listed(const NamedManifest& each) {
    const auto manifest = Json::parse(each.manifest.json);
    auto item = versioned();
    item["name"] = each.manifest.name;
    item["checksum"] = each.manifest.checksum;
    item["version"] = manifest.value("version", Json(nullptr));
    item["packages"] = packages_of(manifest);
    item["created_at"] = each.created_at ? Json(base::rfc3339(*each.created_at)) : Json(nullptr);
    item["created_by"] = each.created_by.empty() ? Json(nullptr) : Json(each.created_by);
    return item;
}

std::string or_dash(const Json& text) {
    return text.is_string() ? text.get<std::string>() : "-";
}

/// The manifests of these names; not_found with the nearest names if one is not there.
base::Result<std::vector<NamedManifest>> find_all(ns::Client& client,
                                                  const std::vector<std::string>& names) {
    GENEVACTL_TRY(auto found, ns::named_manifests(client, names));
    for (const auto& name : names) {
        const auto is_it = [&](const auto& each) { return each.manifest.name == name; };
        if (std::ranges::any_of(found, is_it)) {
            continue;
        }
        base::Error error{.kind = ErrorKind::not_found,
                          .message = fmt::format("the deployment has no manifest called {}", name)};
        if (const auto all = ns::named_manifests(client)) {
            std::vector<std::string> others;
            for (const auto& each : *all) {
                others.push_back(each.manifest.name);
            }
            error.hint = base::did_you_mean(name, others);
        }
        if (error.hint.empty()) {
            error.hint = "`genevactl manifest list` shows what it has";
        }
        return base::fail(std::move(error));
    }
    return found;
}

/// The entry [manifests.NAME] of the project file, or nothing if the source is a file: one that is
/// there, or whose name can only be meant as one's.
base::Result<std::optional<project::ManifestEntry>> entry_of(Session& session,
                                                             const std::string& source) {
    std::error_code ignored;
    if (source.find('/') != std::string::npos || source.ends_with(".json") ||
        std::filesystem::exists(from_working_directory(session, source), ignored)) {
        return std::nullopt;
    }
    auto file = project::load(session.surroundings());
    if (!file && file.error().kind == ErrorKind::not_found) {
        return base::fail(ErrorKind::not_found,
                          fmt::format("{} is no file, and there is no project file with "
                                      "[manifests.{}]",
                                      source, source),
                          "make one with `genevactl manifest create pip NAME REQ... --out FILE`");
    }
    if (!file) {
        return base::fail(std::move(file).error());
    }
    std::vector<std::string> names;
    for (auto& entry : file->manifests) {
        if (entry.name == source) {
            return std::optional(std::move(entry));
        }
        names.push_back(entry.name);
    }
    return base::fail(ErrorKind::not_found,
                      fmt::format("{} is no file, and {} has no [manifests.{}]", source,
                                  file->path.filename().string(), source),
                      base::did_you_mean(source, names));
}

/// What a push does: "created", "replaced" or "unchanged".
struct Push {
    std::string action = "created";
    std::optional<std::string> before = {};  ///< the checksum that is replaced or stays
    manifest::Difference difference = {};
};

base::Result<Push> plan_push(ns::Client& client, const model::Manifest& manifest) {
    Push push;
    GENEVACTL_TRY(const auto there, ns::named_manifests(client, {manifest.name}));
    if (there.empty()) {
        return push;
    }
    push.before = there.front().manifest.checksum;
    push.action = *push.before == manifest.checksum ? "unchanged" : "replaced";
    if (push.action == "replaced") {
        // What another version of geneva wrote may have fields that are not known here.
        if (const auto before = manifest::from_json(there.front().manifest.json, false)) {
            push.difference = manifest::diff(before->manifest, manifest);
        }
    }
    return push;
}

base::Error would_replace(const model::Manifest& manifest, const Push& push) {
    return {.kind = ErrorKind::conflict,
            .message = fmt::format("the deployment has another manifest called {}: {}",
                                   manifest.name, *push.before),
            .hint = "add --yes to replace it; columns and views that are pinned keep their copy",
            .detail = base::join(difference_lines(push.difference), "\n")};
}

model::Outcome pushed(const model::Manifest& manifest, const Push& push, bool dry_run) {
    auto document = versioned();
    document["name"] = manifest.name;
    document["checksum"] = manifest.checksum;
    document["action"] = push.action;
    document["dry_run"] = dry_run;
    document["before"] = push.before ? Json(*push.before) : Json(nullptr);
    document.update(to_json(push.difference));
    const auto said = push.action == "unchanged" ? std::string("unchanged")
                      : dry_run                  ? fmt::format("would be {}", push.action)
                                                 : push.action;
    std::vector<model::Block> blocks = {
        model::Text{{fmt::format("{}@{} {}", manifest.name, manifest.checksum, said)}}};
    if (!push.difference.empty()) {
        blocks.emplace_back(differences_table(push.difference));
    }
    return outcome_of(document, manifest.name, std::move(blocks));
}

}  // namespace

Answer manifest_push(Session& session, const ManifestPush& request) {
    GENEVACTL_TRY(const auto entry, entry_of(session, request.source));
    model::ManifestDocument document;
    if (entry) {
        GENEVACTL_TRY(auto built, build_manifest(session, *entry, Upload::no));
        for (const auto& remark : built.remarks) {
            session.reporter().warn(remark.text, remark.hint);
        }
        document = std::move(built.document);
    } else {
        GENEVACTL_TRY(document, read_public_manifest(session, request.source));
    }
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(const auto push, plan_push(*client, document.manifest));
    if (push.action == "replaced" && !request.yes && !request.dry_run) {
        return base::fail(would_replace(document.manifest, push));
    }
    if (push.action != "unchanged" && !request.dry_run) {
        if (entry && entry->kind == project::ManifestEntry::Kind::capture) {
            GENEVACTL_TRY(auto sent, build_manifest(session, *entry, Upload::yes));
            document = std::move(sent.document);
        }
        const auto& manifest = document.manifest;
        const auto& surroundings = session.surroundings();
        GENEVACTL_CHECK(ns::store_manifest(
            *client, {.manifest = {manifest.name, manifest.checksum, document.json},
                      .created_at = surroundings.clock->now(),
                      .created_by = user_name(surroundings)}));
    }
    return pushed(document.manifest, push, request.dry_run);
}

Answer manifest_list(Session& session, const ManifestList& /*request*/) {
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(const auto found, ns::named_manifests(*client));
    std::vector<Json> items;
    std::vector<std::string> names;
    model::Table table{
        .headings = {"MANIFEST", "CHECKSUM", "VERSION", "PACKAGES", "CREATED", "CREATED BY"},
        .right_aligned = {false, false, false, true},
        .when_empty = "the deployment keeps no manifests by name"};
    for (const auto& each : found) {
        auto item = listed(each);
        constexpr std::size_t k_short = 8;  // digits of a checksum that people tell apart
        table.rows.push_back({{each.manifest.name, model::Tone::strong},
                              {each.manifest.checksum.substr(0, k_short)},
                              {or_dash(item["version"])},
                              {item["packages"].dump()},
                              {or_dash(item["created_at"])},
                              {or_dash(item["created_by"])}});
        names.push_back(each.manifest.name);
        items.push_back(std::move(item));
    }
    return list_outcome(items, std::move(names), std::move(table));
}

Answer manifest_get(Session& session, const ManifestGet& request) {
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(const auto found, find_all(*client, {request.name}));
    auto read = manifest::from_json(found.front().manifest.json, false);
    if (!read) {
        return base::fail(
            std::move(read).error().while_doing(fmt::format("reading manifest {}", request.name)));
    }
    read->manifest.checksum = manifest::checksum_of(read->manifest);
    return manifest_outcome(session, {std::move(read->manifest), {}}, request.out);
}

Answer manifest_delete(Session& session, const ManifestDelete& request) {
    // Each name once, in the order given.
    std::vector<std::string> names;
    for (const auto& name : request.names) {
        if (std::ranges::find(names, name) == names.end()) {
            names.push_back(name);
        }
    }
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_CHECK(find_all(*client, names));
    if (!request.yes && !request.dry_run) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("this would delete {} from the deployment", base::join(names, ", ")),
            "add --yes to do it; columns and views that are pinned keep their copy");
    }
    if (!request.dry_run) {
        GENEVACTL_CHECK(ns::delete_manifests(*client, names));
    }
    auto document = versioned();
    document["manifests"] = names;
    document["action"] = "deleted";
    document["dry_run"] = request.dry_run;
    auto outcome =
        outcome_of(document, "",
                   {model::Text{{fmt::format("{} {}", request.dry_run ? "would delete" : "deleted",
                                             base::join(names, ", "))}}});
    outcome.names = names;
    return outcome;
}

}  // namespace genevactl::run
