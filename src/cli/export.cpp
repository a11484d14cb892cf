// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/export.hpp"

#include "invocation.hpp"

namespace genevactl::cli {

namespace {

void export_options(CLI::App& app, run::Export& request) {
    app.add_option(
           "--out", request.out,
           "Write the file here, and manifests that have no entry into manifests/ beside it")
        ->type_name("FILE");
    app.add_flag("--force", request.force, "Replace a file that is there");
}

}  // namespace

void add_project_file(CLI::App& app, Invocation& invocation) {
    add_command<run::Export>(app, invocation, "export",
                             "Write a project file for what the deployment has",
                             run::export_project, export_options);
    auto* schema = app.add_subcommand("schema", "Print the JSON Schema of project files");
    schema->callback(
        [&invocation] { invocation.text = [](const CLI::App&) { return run::project_schema(); }; });
}

}  // namespace genevactl::cli
