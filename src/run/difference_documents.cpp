// SPDX-License-Identifier: Apache-2.0
#include "difference_documents.hpp"

#include <fmt/format.h>

#include "genevactl/manifest/json.hpp"

namespace genevactl::run {

namespace {

using manifest::FieldChange;
using manifest::RequirementChange;

Json shown_or_null(const std::optional<std::string>& text) {
    return text ? Json(*text) : Json(nullptr);
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

/// Both sides of a change, as one line.
std::string line_of(const std::string& field, const std::optional<std::string>& before,
                    const std::optional<std::string>& after, std::string_view note) {
    const auto mark = mark_of(before.has_value(), after.has_value()).text;
    const auto change = before && after ? fmt::format("{} -> {}", *before, *after)
                                        : before.value_or(after.value_or(""));
    return fmt::format("{} {}: {}{}", mark, field, change,
                       note.empty() ? std::string() : fmt::format(" ({})", note));
}

/// The content of a pinned manifest, whatever its checksum says; an empty one for none.
std::optional<model::Manifest> content_of(const std::optional<model::PinnedManifest>& pinned) {
    if (!pinned) {
        return model::Manifest{};
    }
    auto read = manifest::from_json(pinned->json, false);
    return read ? std::optional(std::move(read->manifest)) : std::nullopt;
}

}  // namespace

Json to_json(const manifest::Difference& difference) {
    Json json;
    json["requirements"] = Json::array();
    json["fields"] = Json::array();
    for (const auto& change : difference.requirements) {
        json["requirements"].push_back(json_of(change));
    }
    for (const auto& change : difference.fields) {
        json["fields"].push_back(json_of(change));
    }
    return json;
}

model::Table differences_table(const manifest::Difference& difference) {
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

std::vector<std::string> difference_lines(const manifest::Difference& difference) {
    std::vector<std::string> lines;
    for (const auto& change : difference.requirements) {
        lines.push_back(
            line_of(change.list, change.before, change.after, manifest::name_of(change.direction)));
    }
    for (const auto& change : difference.fields) {
        lines.push_back(change.hidden ? fmt::format("~ {}: changed", change.field)
                                      : line_of(change.field, change.before, change.after, ""));
    }
    return lines;
}

std::optional<manifest::Difference> difference_of(
    const std::optional<model::PinnedManifest>& before,
    const std::optional<model::PinnedManifest>& after) {
    const auto old = content_of(before);
    const auto now = content_of(after);
    if (!old || !now) {
        return std::nullopt;
    }
    return manifest::diff(*old, *now);
}

std::optional<manifest::Difference> difference_of(const plan::Step& step) {
    const auto checksum = [](const auto& manifest) {
        return manifest ? manifest->checksum : std::string();
    };
    const bool repoints =
        step.action == plan::Action::alter_column || step.action == plan::Action::recreate_view;
    if (!repoints || checksum(step.before) == checksum(step.after)) {
        return std::nullopt;
    }
    return difference_of(step.before, step.after);
}

}  // namespace genevactl::run
