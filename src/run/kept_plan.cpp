// SPDX-License-Identifier: Apache-2.0
#include "kept_plan.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "project_documents.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

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

base::Result<KeptPlan> read_plan(const std::string& text) {
    KeptPlan kept;
    kept.document = Json::parse(text, nullptr, false);
    const auto& document = kept.document;
    const bool is_plan = document.is_object() && document.value("kind", Json()) == k_plan_kind &&
                         document.value("steps", Json()).is_array() &&
                         document.value("facts", Json()).is_array() &&
                         document.value("select", Json()).is_array() &&
                         document.value("database", Json()).is_string();
    if (!is_plan) {
        return base::fail(ErrorKind::usage, "it is no plan",
                          "`genevactl plan --out FILE` makes one");
    }
    if (document.value("format", Json()) != k_plan_format) {
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
