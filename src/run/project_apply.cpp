// SPDX-License-Identifier: Apache-2.0
#include <istream>

#include <fmt/format.h>

#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/project.hpp"
#include "inputs.hpp"
#include "kept_plan.hpp"
#include "plan_text.hpp"
#include "project_run.hpp"
#include "project_session.hpp"

namespace genevactl::run {

using base::ErrorKind;
using plan::Action;

namespace {

/// What is to be done, and whether it was planned before.
struct Request {
    ProjectChoice choice;
    std::optional<Json> kept = {};
};

base::Result<Request> request_of(const Session& session, const ProjectApply& asked) {
    if (!asked.plan) {
        return Request{.choice = asked.choice};
    }
    if (!asked.choice.select.empty() || asked.choice.prune) {
        return base::fail(
            ErrorKind::usage,
            "--select and --prune belong to the making of a plan: this one is made",
            fmt::format("give them to `genevactl plan --out {}`", asked.plan->string()));
    }
    const auto file = from_working_directory(session, *asked.plan);
    auto text = base::read_file(file);
    if (!text) {
        return base::fail(as_given(session, *asked.plan, std::move(text).error()));
    }
    auto kept = read_plan(*text);
    if (!kept) {
        return base::fail(std::move(kept).error().while_doing("reading " + asked.plan->string()));
    }
    kept->choice.allow_recreate = kept->choice.allow_recreate || asked.choice.allow_recreate;
    return Request{.choice = std::move(kept->choice), .kept = std::move(kept->document)};
}

base::Status check_not_moved(const Request& request, const Json& now) {
    const auto moved = request.kept ? moved_since(*request.kept, now) : std::vector<std::string>{};
    if (moved.empty()) {
        return {};
    }
    base::Error error{
        .kind = ErrorKind::conflict,
        .message = fmt::format(
            "the plan is out of date: {}{}", moved.front(),
            moved.size() > 1 ? fmt::format(" (and {} more)", moved.size() - 1) : std::string()),
        .hint = "make it again with `genevactl plan --out FILE`; nothing was done"};
    error.detail = base::join(moved, "\n");
    return base::fail(std::move(error));
}

base::Status check_obstacles(const plan::Plan& plan) {
    if (plan.obstacles.empty()) {
        return {};
    }
    const auto& first = plan.obstacles.front();
    auto error = first.error;
    error.message = fmt::format("{}: {}", first.target, error.message);
    std::vector<std::string> lines;
    for (const auto& obstacle : plan.obstacles) {
        lines.push_back(fmt::format("{}: {}", obstacle.target, obstacle.error.message));
    }
    if (lines.size() > 1) {
        error.detail = base::join(lines, "\n");
    }
    return base::fail(std::move(error).while_doing("checking the plan; nothing was done"));
}

base::Status check_flags(const plan::Plan& plan, const ProjectChoice& choice) {
    std::vector<std::string> views;
    for (const auto& step : plan.steps) {
        if (step.action == Action::recreate_view) {
            views.push_back(fmt::format("{} ({})", step.target(),
                                        step.rows ? base::plural(*step.rows, "row") : "its rows"));
        }
    }
    if (views.empty() || choice.allow_recreate) {
        return {};
    }
    return base::fail(
        ErrorKind::refused,
        fmt::format("{} would be dropped and made anew; nothing was done", base::join(views, ", ")),
        "give --allow-recreate to allow it, or leave it out with --select");
}

bool is_drop(const plan::Step& step) {
    return step.action == Action::drop_column || step.action == Action::drop_view;
}

/// --prune lists; only with --yes it drops. The drops stand at the end: nothing waits for them.
std::vector<std::string> take_out_drops(plan::Plan& plan) {
    std::vector<std::string> targets;
    std::erase_if(plan.steps, [&](const plan::Step& step) {
        if (is_drop(step)) targets.push_back(step.target());
        return is_drop(step);
    });
    return targets;
}

/// On a terminal somebody is there to be asked.
base::Status confirm(Session& session, const plan::Plan& plan, const ProjectChoice& choice) {
    const auto& surroundings = session.surroundings();
    if (!surroundings.stdin_is_terminal || !surroundings.stderr_is_terminal ||
        surroundings.input == nullptr) {
        return {};
    }
    for (const auto& block : blocks_of(plan, choice)) {
        if (const auto* text = std::get_if<model::Text>(&block)) {
            session.reporter().note(text->cell.text);
        }
    }
    session.reporter().warn("apply this plan? [y/N]", "");
    std::string line;
    std::getline(*surroundings.input, line);
    const auto answer = base::lower(base::trim(line));
    if (answer == "y" || answer == "yes") {
        return {};
    }
    return base::fail(ErrorKind::failed, "not applied; nothing was done",
                      "--yes applies without asking");
}

}  // namespace

Answer project_apply(Session& session, const ProjectApply& asked) {
    GENEVACTL_TRY(const auto request, request_of(session, asked));
    GENEVACTL_TRY(auto made, make_plan(session, request.choice));
    GENEVACTL_CHECK(check_not_moved(request, made->document));
    GENEVACTL_CHECK(check_obstacles(made->plan));
    GENEVACTL_CHECK(check_flags(made->plan, request.choice));
    for (const auto& note : made->plan.notes) {
        session.reporter().note(note);
    }
    if (!asked.yes) {
        const auto left = take_out_drops(made->plan);
        if (!left.empty()) {
            session.reporter().warn(fmt::format("not dropped: {}", base::join(left, ", ")),
                                    "they are not in the file; --prune with --yes drops them");
        }
        if (!made->plan.steps.empty()) {
            GENEVACTL_CHECK(confirm(session, made->plan, request.choice));
        }
    }
    return run_plan(session, *made, asked.timeout);
}

}  // namespace genevactl::run
