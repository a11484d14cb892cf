// SPDX-License-Identifier: Apache-2.0
#include "plan_text.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "capture_steps.hpp"
#include "difference_documents.hpp"
#include "genevactl/base/text.hpp"

namespace genevactl::run {

using model::Tone;
using plan::Action;

namespace {

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
    if (const auto difference = difference_of(step)) {
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

}  // namespace

std::string step_sentence(const plan::Step& step) {
    return fmt::format("{}: {}: {}", step.target(), step.reason, what_of(step));
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

}  // namespace genevactl::run
