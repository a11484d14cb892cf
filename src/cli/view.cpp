// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/views.hpp"
#include "invocation.hpp"

namespace genevactl::cli {

namespace {

void view_list_options(CLI::App& app, run::TableList& request) {
    app.add_option("namespace", request.parent, "A namespace of the database")
        ->type_name("NAMESPACE");
    app.add_flag("--recursive", request.recursive, "Those of the namespaces in it too");
}

void refresh_options(CLI::App& app, run::Refresh& request) {
    auto& parameters = request.parameters;
    app.add_option("views", request.views, "Views, a job each")->required()->type_name("VIEW");
    add_count(app, "--src-version", parameters.src_version,
              "Version of the source to show (default: the present one)");
    add_count(app, "--max-rows-per-fragment", parameters.max_rows_per_fragment,
              "Rows of a fragment of the view at most");
    add_count(app, "--concurrency", parameters.concurrency, "Workers (default 8)");
    add_count(app, "--intra-applier-concurrency", parameters.intra_applier_concurrency,
              "Threads in each worker (default 1)");
    add_count(app, "--source-task-size", parameters.source_task_size,
              "Rows of the source in a task");
    add_count(app, "--output-limit", parameters.output_limit,
              "Rows to make at most, of a chunker view");
    app.add_option("--cluster", parameters.cluster, "Run on this cluster of the deployment")
        ->type_name("NAME");
    app.add_option("--manifest", request.manifest,
                   "Use this manifest for this refresh only; the view's snapshot stays")
        ->type_name("FILE");
    app.add_flag("--new", request.fresh, "Start another job although one runs");
    app.add_flag("--dry-run", request.dry_run,
                 "Show the manifest and how far each view is behind; start nothing");
    app.add_flag("--detach", request.waiting.detach, "Do not wait for the end");
    add_waiting(app, request.waiting);
}

}  // namespace

void add_view(CLI::App& app, Invocation& invocation) {
    auto* group = add_group(app, "view", "Materialized views of the database");
    add_command<run::TableList>(*group, invocation, "list", "List the views", run::view_list,
                                view_list_options);
    add_command<run::ViewShow>(
        *group, invocation, "show", "Show a view: its definition, and how far it is behind",
        run::view_show, [](CLI::App& command, run::ViewShow& request) {
            command.add_option("view", request.view, "The view")->required()->type_name("VIEW");
        });
    add_view_changes(*group, invocation);
}

void add_refresh(CLI::App& app, Invocation& invocation) {
    add_command<run::Refresh>(app, invocation, "refresh",
                              "Bring views up to date and follow the jobs to their end",
                              run::refresh, refresh_options);
}

}  // namespace genevactl::cli
