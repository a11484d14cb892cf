// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/view_create.hpp"
#include "invocation.hpp"

namespace genevactl::cli {

namespace {

void making_options(CLI::App& app, run::ViewOptions& options) {
    add_list(app, "--select", options.select, "COLUMNS",
             "What of the source: COLUMN,COLUMN or NAME=SQL, or * for every column");
    app.add_option("--where", options.where, "Only rows of the source that match")
        ->type_name("SQL");
    app.add_flag("--query", options.query, "A view of the selected rows as they are");
    app.add_option("--chunker", options.chunker, "A view of the rows that a chunker makes of each")
        ->type_name("MODULE:OBJECT")
        ->check(module_and_object());
    app.add_option("--udtf", options.udtf,
                   "A view of the rows that a table function makes of all of them")
        ->type_name("MODULE:OBJECT")
        ->check(module_and_object());
    app.add_option("--manifest", options.manifest, "Pin this manifest to the view")
        ->type_name("FILE");
    app.add_option("--partition-by", options.partition_by,
                   "Run the table function once for each value of this column")
        ->type_name("COLUMN");
    app.add_flag("--replace-pinned", options.replace_pinned,
                 "Let --manifest win over the manifest that the decorator pins");
    app.add_flag("--with-data", options.creation.with_data, "Start a refresh at once");
    app.add_flag("--auto-refresh", options.creation.auto_refresh,
                 "Let the deployment refresh it when its source changes");
}

void view_name(CLI::App& app, std::string& name) {
    app.add_option("name", name, "The view")->required()->type_name("NAME");
}

void create_options(CLI::App& app, run::ViewCreate& request) {
    view_name(app, request.name);
    app.add_option("--source", request.source, "The table that it reads")
        ->required()
        ->type_name("TABLE");
    making_options(app, request.options);
    app.add_flag("--dry-run", request.dry_run, "Check everything and make nothing");
}

void recreate_options(CLI::App& app, run::ViewRecreate& request) {
    view_name(app, request.name);
    app.add_option("--source", request.source, "Another table to read")->type_name("TABLE");
    making_options(app, request.options);
    app.add_flag("--restore", request.restore,
                 "Put back the old view after a recreation that was interrupted");
    app.add_flag("--yes", request.yes, "Do it: without it nothing is changed");
    app.add_flag("--dry-run", request.dry_run, "Check everything and change nothing");
}

void drop_options(CLI::App& app, run::ViewDrop& request) {
    app.add_option("names", request.names, "The views")->required()->type_name("NAME");
    app.add_flag("--yes", request.yes, "Drop them: without it nothing is done");
    app.add_flag("--dry-run", request.dry_run, "Only say what would be dropped");
}

}  // namespace

void add_view_changes(CLI::App& group, Invocation& invocation) {
    add_command<run::ViewCreate>(group, invocation, "create",
                                 "Make a view: a query, or rows that a transform makes",
                                 run::view_create, create_options);
    add_command<run::ViewRecreate>(group, invocation, "recreate",
                                   "Make a view anew, with another transform, manifest or query",
                                   run::view_recreate, recreate_options);
    add_command<run::ViewDrop>(group, invocation, "drop", "Drop views with their rows",
                               run::view_drop, drop_options);
}

}  // namespace genevactl::cli
