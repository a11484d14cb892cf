// SPDX-License-Identifier: Apache-2.0
#include "invocation.hpp"

namespace genevactl::cli {

namespace {

void add_table_name(CLI::App& app, std::string& table) {
    app.add_option("table", table, "The table, or NAMESPACE/TABLE")->required()->type_name("TABLE");
}

void table_list_options(CLI::App& app, run::TableList& request) {
    app.add_option("namespace", request.parent, "A namespace of the database")
        ->type_name("NAMESPACE");
    app.add_flag("--recursive", request.recursive, "Those of the namespaces in it too");
}

void table_head_options(CLI::App& app, run::TableHead& request) {
    add_table_name(app, request.table);
    add_names(app, "--columns", request.columns, "Only these columns, in this order");
    app.add_option("--where", request.where, "Only rows for which this is true")->type_name("SQL");
    add_count(app, "--limit", request.limit, "At most so many rows (default 10)");
}

}  // namespace

void add_table(CLI::App& app, Invocation& invocation) {
    auto* group = add_group(app, "table", "Tables and views of the database");
    add_command<run::TableList>(*group, invocation, "list", "List the tables", run::table_list,
                                table_list_options);
    add_command<run::TableColumn>(*group, invocation, "show",
                                  "Show a table: rows, version, columns", run::table_show,
                                  [](CLI::App& command, run::TableColumn& request) {
                                      add_table_name(command, request.table);
                                  });
    add_command<run::TableHead>(*group, invocation, "head", "Show some rows of a table",
                                run::table_head, table_head_options);
}

}  // namespace genevactl::cli
