// SPDX-License-Identifier: Apache-2.0
#include "manifest_differences.hpp"

#include <fmt/format.h>

namespace genevactl::run {

namespace {

using manifest::Difference;
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

}  // namespace

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

void add_differences(Json& document, const Difference& difference) {
    document["requirements"] = Json::array();
    for (const auto& change : difference.requirements) {
        document["requirements"].push_back(json_of(change));
    }
    document["fields"] = Json::array();
    for (const auto& change : difference.fields) {
        document["fields"].push_back(json_of(change));
    }
}

std::string differences_text(const Difference& difference) {
    std::string text;
    for (const auto& row : differences_table(difference).rows) {
        text += fmt::format("{}{} {}: {} -> {}", text.empty() ? "" : "\n", row[0].text, row[1].text,
                            row[2].text, row[3].text);
    }
    return text;
}

}  // namespace genevactl::run
