// SPDX-License-Identifier: Apache-2.0
#include "project_documents.hpp"

#include "difference_documents.hpp"

namespace genevactl::run {

using plan::Action;

namespace {

Json null_if_empty(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

template <typename T>
Json value_or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json manifest_or_null(const std::optional<model::PinnedManifest>& manifest) {
    if (!manifest) {
        return nullptr;
    }
    Json json;
    json["name"] = manifest->name;
    json["checksum"] = manifest->checksum;
    return json;
}

/// The flag without which apply does not carry the step out.
std::string flag_of(Action action) {
    switch (action) {
        case Action::recreate_view:
            return "--allow-recreate";
        case Action::drop_column:
        case Action::drop_view:
            return "--yes";
        default:
            return {};
    }
}

Json document_of(const plan::Step& step, std::size_t index) {
    Json json;
    json["step"] = index + 1;
    json["action"] = plan::name_of(step.action);
    json["target"] = step.target();
    json["table"] = null_if_empty(step.table.text());
    json["columns"] = step.columns;
    json["reason"] = step.reason;
    json["manifest_before"] = manifest_or_null(step.before);
    json["manifest_after"] = manifest_or_null(step.after);
    const auto difference = difference_of(step);
    json["manifest_diff"] = difference ? to_json(*difference) : Json(nullptr);
    json["recompute"] = step.recompute;
    json["where"] = value_or_null(step.where);
    json["follows_job"] = null_if_empty(step.follows);
    json["needs"] = Json::array();
    for (const auto need : step.needs) {
        json["needs"].push_back(need + 1);
    }
    json["needs_flag"] = null_if_empty(flag_of(step.action));
    json["rows"] = value_or_null(step.rows);
    json["bytes"] = value_or_null(step.bytes);
    return json;
}

Json document_of(const plan::Obstacle& obstacle) {
    Json json;
    json["target"] = obstacle.target;
    json["kind"] = base::name_of(obstacle.error.kind);
    json["message"] = obstacle.error.message;
    json["hint"] = null_if_empty(obstacle.error.hint);
    return json;
}

Json document_of(const plan::Unlisted& unlisted) {
    Json json;
    json["target"] = unlisted.text();
    json["kind"] = unlisted.columns.empty() ? "view" : "column";
    json["table"] = unlisted.table.text();
    json["columns"] = unlisted.columns;
    json["transform"] = null_if_empty(unlisted.made_by);
    json["manifest"] = manifest_or_null(unlisted.manifest);
    return json;
}

Json document_of(const plan::Facts& facts) {
    Json json;
    json["target"] = facts.target;
    json["deployment"] = facts.deployment;
    json["local"] = facts.local;
    return json;
}

}  // namespace

Json plan_document(const plan::Plan& plan, const ProjectChoice& choice, const std::string& database,
                   const std::string& place) {
    auto document = versioned();
    document["kind"] = k_plan_kind;
    document["format"] = k_plan_format;
    document["database"] = database;
    document["deployment"] = place;
    document["select"] = choice.select;
    document["prune"] = choice.prune;
    document["allow_recreate"] = choice.allow_recreate;
    document["changes"] = !plan.empty();
    document["steps"] = Json::array();
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        document["steps"].push_back(document_of(plan.steps[i], i));
    }
    for (const char* list : {"obstacles", "not_in_file", "notes", "facts"}) {
        document[list] = Json::array();
    }
    for (const auto& obstacle : plan.obstacles) {
        document["obstacles"].push_back(document_of(obstacle));
    }
    for (const auto& unlisted : plan.unlisted) {
        document["not_in_file"].push_back(document_of(unlisted));
    }
    document["notes"] = plan.notes;
    for (const auto& facts : plan.facts) {
        document["facts"].push_back(document_of(facts));
    }
    return document;
}

}  // namespace genevactl::run
