// SPDX-License-Identifier: Apache-2.0
#include "project_documents.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "capture_steps.hpp"
#include "difference_documents.hpp"
#include "genevactl/base/text.hpp"

namespace genevactl::run {

using base::ErrorKind;
using model::Tone;
using plan::Action;

namespace {

constexpr std::string_view k_kind = "genevactl-plan";
constexpr int k_version = 1;

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

bool changes_manifest(const plan::Step& step) {
    const auto checksum = [](const auto& manifest) {
        return manifest ? manifest->checksum : std::string();
    };
    const bool repoints =
        step.action == Action::alter_column || step.action == Action::recreate_view;
    return repoints && checksum(step.before) != checksum(step.after);
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
    const auto difference =
        changes_manifest(step) ? difference_of(step.before, step.after) : std::nullopt;
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

/// What will happen, in the words of the table and of the progress.
std::string what_of(const plan::Step& step) {
    const auto rows = [&](std::string_view otherwise) {
        return step.rows ? base::plural(*step.rows, "row") : std::string(otherwise);
    };
    switch (step.action) {
        case Action::upload:
            return fmt::format("will be uploaded, up to {} before compression",
                               megabytes(step.bytes.value_or(0)));
        case Action::add_column:
            return "will be added";
        case Action::alter_column:
            return "will be re-pointed (alter column)";
        case Action::create_view:
            return "will be created";
        case Action::recreate_view:
            return fmt::format("will be recreated (drops and rebuilds {})", rows("its rows"));
        case Action::backfill:
            if (!step.follows.empty()) return "will be followed";
            return fmt::format("{} will be {} (backfill)", rows("its rows"),
                               step.recompute ? "computed anew" : "computed");
        case Action::refresh:
            return step.follows.empty() ? "will be refreshed" : "will be followed";
        case Action::drop_column:
            return "will be dropped with its values";
        case Action::drop_view:
            return fmt::format("will be dropped ({})", rows("its rows"));
    }
    return {};
}

Tone tone_of_action(Action action) {
    switch (action) {
        case Action::add_column:
        case Action::create_view:
            return Tone::good;
        case Action::alter_column:
            return Tone::caution;
        case Action::recreate_view:
        case Action::drop_column:
        case Action::drop_view:
            return Tone::bad;
        default:
            return Tone::plain;
    }
}

std::string after_of(const plan::Step& step) {
    std::vector<std::string> needs;
    for (const auto need : step.needs) {
        needs.push_back(std::to_string(need + 1));
    }
    return needs.empty() ? std::string() : fmt::format("  [after {}]", base::join(needs, ", "));
}

void append_step(std::vector<model::Block>& blocks, const plan::Step& step, std::size_t index,
                 const ProjectChoice& choice) {
    auto line = fmt::format("{:>3}  {}{}", index + 1, step_sentence(step), after_of(step));
    if (step.action == Action::recreate_view && !choice.allow_recreate) {
        line += ": needs --allow-recreate";
    }
    blocks.emplace_back(model::Text{{std::move(line), tone_of_action(step.action)}});
    const auto difference =
        changes_manifest(step) ? difference_of(step.before, step.after) : std::nullopt;
    if (difference) {
        for (const auto& change : difference_lines(*difference)) {
            blocks.emplace_back(model::Text{{"       " + change}});
        }
    }
}

void append_list(std::vector<model::Block>& blocks, const std::string& heading,
                 const std::vector<std::string>& lines, Tone tone) {
    if (lines.empty()) {
        return;
    }
    blocks.emplace_back(model::Text{{heading, tone}});
    for (const auto& line : lines) {
        blocks.emplace_back(model::Text{{"  " + line}});
    }
}

std::string line_of(const plan::Unlisted& unlisted) {
    const auto* kind = unlisted.columns.empty() ? "view" : "column";
    return fmt::format("{} ({}, by {}, manifest {})", unlisted.text(), kind,
                       unlisted.made_by.empty() ? "?" : unlisted.made_by,
                       plan::short_text(unlisted.manifest));
}

/// "2 columns added, 1 re-pointed, 1 job, 878 rows computed, 3.1 MB uploaded".
std::string summary_of(const plan::Plan& plan) {
    std::map<Action, long long> counts;
    std::int64_t rows = 0;
    std::uint64_t bytes = 0;
    long long jobs = 0;
    for (const auto& step : plan.steps) {
        ++counts[step.action];
        jobs += plan::is_job(step.action) ? 1 : 0;
        rows += step.action == Action::backfill ? step.rows.value_or(0) : 0;
        bytes += step.bytes.value_or(0);
    }
    std::vector<std::string> parts;
    const auto say = [&](Action action, std::string_view noun, std::string_view what) {
        if (const auto count = counts[action]; count > 0) {
            parts.push_back(fmt::format("{} {}", base::plural(count, noun), what));
        }
    };
    say(Action::add_column, "column", "added");
    say(Action::alter_column, "column", "re-pointed");
    say(Action::create_view, "view", "created");
    say(Action::recreate_view, "view", "recreated");
    say(Action::drop_column, "column", "dropped");
    say(Action::drop_view, "view", "dropped");
    if (jobs > 0) parts.push_back(base::plural(jobs, "job"));
    if (rows > 0) parts.push_back(fmt::format("{} computed", base::plural(rows, "row")));
    if (bytes > 0) parts.push_back(fmt::format("{} uploaded", megabytes(bytes)));
    return base::join(parts, ", ");
}

/// The members of a step that make it the same step.
Json essence_of(const Json& step) {
    Json essence;
    for (const char* name : {"action", "target", "manifest_before", "manifest_after", "recompute",
                             "where", "follows_job", "needs"}) {
        essence[name] = step.value(name, Json(nullptr));
    }
    return essence;
}

std::vector<Json> essences_of(const Json& plan) {
    std::vector<Json> essences;
    for (const auto& step : plan.value("steps", Json::array())) {
        essences.push_back(essence_of(step));
    }
    return essences;
}

std::string named(const Json& step) {
    return fmt::format("{} {}", step.value("action", std::string("?")),
                       step.value("target", std::string("?")));
}

/// The first member in which two objects differ, with both values.
std::string difference_in(const Json& kept, const Json& now) {
    for (const auto& [name, value] : kept.items()) {
        if (now.value(name, Json(nullptr)) != value) {
            return fmt::format("{} was {}, is {}", name, value.dump(),
                               now.value(name, Json(nullptr)).dump());
        }
    }
    for (const auto& [name, value] : now.items()) {
        if (!kept.contains(name)) {
            return fmt::format("{} was not there, is {}", name, value.dump());
        }
    }
    return "differs";
}

/// Without the port: a local deployment gets another one at every start.
std::string host_of(const Json& plan) {
    const auto place = plan.value("deployment", std::string());
    return place.substr(0, place.rfind(':'));
}

void compare_facts(const Json& kept, const Json& now, std::vector<std::string>& moved) {
    std::map<std::string, Json> current;
    for (const auto& facts : now.value("facts", Json::array())) {
        current[facts.value("target", std::string())] = facts;
    }
    for (const auto& facts : kept.value("facts", Json::array())) {
        const auto target = facts.value("target", std::string());
        const auto found = current.find(target);
        if (found == current.end()) {
            moved.push_back(fmt::format("{}: is no longer in the project file", target));
            continue;
        }
        for (const char* side : {"deployment", "local"}) {
            const auto before = facts.value(side, Json::object());
            const auto after = found->second.value(side, Json::object());
            if (before != after) {
                moved.push_back(
                    fmt::format("{}: {} ({})", target, difference_in(before, after),
                                side == std::string("local") ? "here" : "the deployment"));
            }
        }
        current.erase(found);
    }
    for (const auto& [target, facts] : current) {
        moved.push_back(fmt::format("{}: is new in the project file", target));
    }
}

}  // namespace

std::string step_sentence(const plan::Step& step) {
    return fmt::format("{}: {}: {}", step.target(), step.reason, what_of(step));
}

Json plan_document(const plan::Plan& plan, const ProjectChoice& choice, const std::string& database,
                   const std::string& place) {
    auto document = versioned();
    document["kind"] = k_kind;
    document["format"] = k_version;
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

std::vector<model::Block> blocks_of(const plan::Plan& plan, const ProjectChoice& choice) {
    std::vector<model::Block> blocks;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        append_step(blocks, plan.steps[i], i, choice);
    }
    std::vector<std::string> lines;
    for (const auto& obstacle : plan.obstacles) {
        lines.push_back(fmt::format("{}: {}", obstacle.target, obstacle.error.message));
        if (!obstacle.error.hint.empty()) lines.push_back("  try: " + obstacle.error.hint);
    }
    append_list(blocks, "cannot be applied:", lines, Tone::bad);
    append_list(blocks, "note:", plan.notes, Tone::caution);
    lines.clear();
    if (!choice.prune) {
        std::ranges::transform(plan.unlisted, std::back_inserter(lines), line_of);
    }
    append_list(blocks, "not in the file, and left alone (--prune would drop it):", lines,
                Tone::dim);
    const auto summary = summary_of(plan);
    blocks.emplace_back(
        model::Text{{plan.empty()      ? "nothing to do: the deployment is as the file says"
                     : summary.empty() ? "nothing can be done"
                                       : summary,
                     Tone::strong}});
    return blocks;
}

base::Result<KeptPlan> read_plan(const std::string& text) {
    KeptPlan kept;
    kept.document = Json::parse(text, nullptr, false);
    const auto& document = kept.document;
    const bool is_plan = document.is_object() && document.value("kind", Json()) == k_kind &&
                         document.value("steps", Json()).is_array() &&
                         document.value("facts", Json()).is_array() &&
                         document.value("select", Json()).is_array() &&
                         document.value("database", Json()).is_string();
    if (!is_plan) {
        return base::fail(ErrorKind::usage, "it is no plan",
                          "`genevactl plan --out FILE` makes one");
    }
    if (document.value("format", Json()) != k_version) {
        return base::fail(ErrorKind::usage, "it is a plan of another format than this version's",
                          "make it again with `genevactl plan --out FILE`");
    }
    for (const auto& glob : document["select"]) {
        if (glob.is_string()) kept.choice.select.push_back(glob.get<std::string>());
    }
    kept.choice.prune = document.value("prune", Json()) == true;
    kept.choice.allow_recreate = document.value("allow_recreate", Json()) == true;
    return kept;
}

std::vector<std::string> moved_since(const Json& kept, const Json& now) {
    std::vector<std::string> moved;
    if (kept.value("database", Json()) != now.value("database", Json()) ||
        host_of(kept) != host_of(now)) {
        moved.push_back(fmt::format(
            "the plan is of database {} at {}, this is {} at {}",
            kept.value("database", std::string("?")), kept.value("deployment", std::string("?")),
            now.value("database", std::string("?")), now.value("deployment", std::string("?"))));
        return moved;
    }
    compare_facts(kept, now, moved);
    if (!moved.empty()) {
        return moved;
    }
    const auto before = essences_of(kept);
    const auto after = essences_of(now);
    for (const auto& step : before) {
        if (std::ranges::find(after, step) == after.end()) {
            moved.push_back(fmt::format("{}: is no longer a step as it was planned", named(step)));
        }
    }
    for (const auto& step : after) {
        if (std::ranges::find(before, step) == before.end()) {
            moved.push_back(fmt::format("{}: was not planned so", named(step)));
        }
    }
    return moved;
}

}  // namespace genevactl::run
