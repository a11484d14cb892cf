// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/diff.hpp"
#include "genevactl/manifest/json.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"

namespace genevactl::run {

namespace {

using manifest::Difference;
using manifest::FieldChange;
using manifest::RequirementChange;

Json shown_or_null(const std::optional<std::string>& text) {
    return text ? Json(*text) : Json(nullptr);
}

/// A manifest whatever checksum its file says: the content is compared.
base::Result<model::Manifest> read_side(Session& session, const std::filesystem::path& file) {
    GENEVACTL_TRY(auto read, read_manifest(session, file, false));
    const auto checksum = manifest::checksum_of(read.manifest);
    if (!read.manifest.checksum.empty() && read.manifest.checksum != checksum) {
        session.reporter().warn(
            fmt::format("{}: the checksum is not that of the content: it was edited",
                        file.string()),
            "the content is what is compared");
    }
    read.manifest.checksum = checksum;
    return std::move(read.manifest);
}

Json side(const std::filesystem::path& file, const model::Manifest& manifest) {
    Json json;
    json["path"] = file.string();
    json["name"] = manifest.name;
    json["checksum"] = manifest.checksum;
    return json;
}

Json json_of(const RequirementChange& change) {
    Json json;
    json["list"] = change.list;
    json["change"] = manifest::name_of(change.kind);
    json["name"] = change.name;
    json["before"] = shown_or_null(change.before);
    json["after"] = shown_or_null(change.after);
    const auto direction = manifest::name_of(change.direction);
    json["direction"] = direction.empty() ? Json(nullptr) : Json(direction);
    return json;
}

Json json_of(const FieldChange& change) {
    Json json;
    json["field"] = change.field;
    json["before"] = shown_or_null(change.before);
    json["after"] = shown_or_null(change.after);
    json["hidden"] = change.hidden;
    return json;
}

/// "+", "-" or "~", and how it is painted.
model::Cell mark_of(bool before, bool after) {
    if (before && after) {
        return {"~", model::Tone::caution};
    }
    return before ? model::Cell{"-", model::Tone::bad} : model::Cell{"+", model::Tone::good};
}

model::Table differences_table(const Difference& difference) {
    model::Table table{.headings = {"", "FIELD", "BEFORE", "AFTER"}};
    auto add = [&table](const std::string& field, const std::optional<std::string>& before,
                        const std::optional<std::string>& after, std::string_view note) {
        auto now = after.value_or("-");
        if (!note.empty()) {
            now += fmt::format(" ({})", note);
        }
        table.rows.push_back({mark_of(before.has_value(), after.has_value()),
                              {field},
                              {before.value_or("-")},
                              {std::move(now)}});
    };
    for (const auto& change : difference.requirements) {
        add(change.list, change.before, change.after, manifest::name_of(change.direction));
    }
    for (const auto& change : difference.fields) {
        add(change.field, change.before, change.after, change.hidden ? "changed" : "");
    }
    return table;
}

}  // namespace

Answer manifest_diff(Session& session, const ManifestDiff& request) {
    GENEVACTL_TRY(const auto before, read_side(session, request.before));
    GENEVACTL_TRY(const auto after, read_side(session, request.after));
    const auto difference = manifest::diff(before, after);
    auto document = versioned();
    document["before"] = side(request.before, before);
    document["after"] = side(request.after, after);
    document["differ"] = !difference.empty();
    document["requirements"] = Json::array();
    document["fields"] = Json::array();
    model::Outcome outcome;
    for (const auto& change : difference.requirements) {
        document["requirements"].push_back(json_of(change));
        outcome.names.push_back(change.name);
    }
    for (const auto& change : difference.fields) {
        document["fields"].push_back(json_of(change));
        outcome.names.push_back(change.field);
    }
    outcome.document = dump(document);
    if (difference.empty()) {
        outcome.blocks.emplace_back(
            model::Text{{fmt::format("no difference: {}@{}", before.name, before.checksum)}});
        return outcome;
    }
    outcome.blocks.emplace_back(differences_table(difference));
    if (request.exit_code) {
        outcome.ended = base::ErrorKind::changes_pending;
    }
    return outcome;
}

}  // namespace genevactl::run
