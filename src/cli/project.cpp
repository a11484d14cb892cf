// SPDX-License-Identifier: Apache-2.0
#include "project.hpp"

#include "genevactl/run/project.hpp"

namespace genevactl::cli {

namespace {

void add_choice(CLI::App& app, run::ProjectChoice& choice) {
    add_list(app, "--select", choice.select, "GLOB",
             "Only columns (TABLE.COLUMN) and views whose names match");
    app.add_flag("--allow-recreate", choice.allow_recreate,
                 "Let views be dropped and made anew where that is the only way");
}

}  // namespace

void add_project(CLI::App& app, Invocation& invocation) {
    add_command<run::ProjectPlan>(
        app, invocation, "plan",
        "Show what apply would do to make the deployment as the project "
        "file says",
        run::project_plan, [](CLI::App& command, run::ProjectPlan& request) {
            add_choice(command, request.choice);
            command.add_flag("--prune", request.choice.prune,
                             "Plan to drop computed columns and views that the file has not");
            command.add_option("--out", request.out, "Keep the plan here, for apply")
                ->type_name("PLAN");
            command.add_flag("--exit-code", request.exit_code,
                             "Exit 3 when something would change");
        });
    add_command<run::ProjectApply>(
        app, invocation, "apply", "Make the deployment as the project file says",
        run::project_apply, [](CLI::App& command, run::ProjectApply& request) {
            command.add_option("plan", request.plan, "A plan that `plan --out` kept")
                ->type_name("PLAN");
            add_choice(command, request.choice);
            command.add_flag("--prune", request.choice.prune,
                             "List computed columns and views that the file has not; with --yes "
                             "drop them");
            command.add_flag("--yes", request.yes, "Ask nothing, and drop what --prune lists");
            add_duration(command, "--timeout", request.timeout,
                         "Wait no longer than this for all of it (exit 8); jobs go on");
        });
}

}  // namespace genevactl::cli
