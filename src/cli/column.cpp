// SPDX-License-Identifier: Apache-2.0
#include "invocation.hpp"

namespace genevactl::cli {

namespace {

void table_and_column(CLI::App& app, std::string& table, std::string& column) {
    app.add_option("table", table, "The table")->required()->type_name("TABLE");
    app.add_option("column", column, "The column")->required()->type_name("COLUMN");
}

void register_options(CLI::App& app, run::ColumnRegister& request) {
    table_and_column(app, request.table, request.column);
    app.add_option(
           "transform", request.target,
           "The transform: a module and the name of an object in it, or the file of a bundle")
        ->type_name("MODULE:OBJECT|FILE");
    app.add_option("--manifest", request.manifest, "Pin this manifest to the column")
        ->type_name("FILE");
    add_input_columns(app, request.input_columns);
    app.add_flag("--replace-pinned", request.replace_pinned,
                 "Let --manifest win over the manifest that the decorator pins");
    app.add_flag("--dry-run", request.dry_run, "Check everything and register nothing");
}

void add_options(CLI::App& app, run::ColumnRegister& request) {
    register_options(app, request);
    app.get_option("column")->description(
        "The column, or - for a transform with several outputs, which names them");
    app.add_option("--expression", request.expression, "An SQL expression instead of a transform")
        ->type_name("SQL");
}

void drop_options(CLI::App& app, run::ColumnDrop& request) {
    app.add_option("table", request.table, "The table")->required()->type_name("TABLE");
    app.add_option("columns", request.columns, "The columns")->required()->type_name("COLUMN");
    app.add_flag("--yes", request.yes, "Drop them: without it nothing is done");
    app.add_flag("--dry-run", request.dry_run, "Only say what would be dropped");
}

}  // namespace

void add_column(CLI::App& app, Invocation& invocation) {
    auto* group = add_group(app, "column", "Columns: register transforms, look at them");
    add_command<run::ColumnRegister>(*group, invocation, "add",
                                     "Add a column that a transform or an SQL expression computes",
                                     run::column_add, add_options);
    add_command<run::ColumnRegister>(*group, invocation, "alter",
                                     "Point a computed column at another transform or manifest",
                                     run::column_alter, register_options);
    add_command<run::ColumnDrop>(*group, invocation, "drop", "Drop columns with their values",
                                 run::column_drop, drop_options);
    add_command<run::TableColumn>(
        *group, invocation, "show", "Show a column and what was frozen when it was registered",
        run::column_show, [](CLI::App& command, run::TableColumn& request) {
            table_and_column(command, request.table, request.column);
        });
    add_command<run::TableColumn>(
        *group, invocation, "list", "List the columns of a table", run::column_list,
        [](CLI::App& command, run::TableColumn& request) {
            command.add_option("table", request.table, "The table")->required()->type_name("TABLE");
        });
}

void add_resolve(CLI::App& app, Invocation& invocation) {
    add_command<run::Resolve>(
        app, invocation, "resolve",
        "Show which manifest a job on a column, or the refresh of a view, will use, and why",
        run::resolve_manifest, [](CLI::App& command, run::Resolve& request) {
            command.add_option("table", request.table, "The table, or the view")
                ->required()
                ->type_name("TABLE|VIEW");
            command.add_option("column", request.column, "The column; a view needs none")
                ->type_name("COLUMN");
            command
                .add_option("--manifest", request.manifest,
                            "As if backfill were given this manifest of the deployment, or refresh "
                            "this file")
                ->type_name("NAME|FILE");
        });
}

}  // namespace genevactl::cli
