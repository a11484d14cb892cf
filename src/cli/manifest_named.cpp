// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/manifests.hpp"

#include "invocation.hpp"

namespace genevactl::cli {

namespace {

void push_options(CLI::App& app, run::ManifestPush& request) {
    app.add_option("source", request.source,
                   "A manifest's JSON, or NAME of [manifests.NAME] in the project file")
        ->required()
        ->type_name("FILE|NAME");
    app.add_flag("--yes", request.yes, "Replace a manifest of that name and other content");
    app.add_flag("--dry-run", request.dry_run, "Say what would change and store nothing");
}

void named_list_options(CLI::App& /*app*/, run::ManifestList& /*request*/) {}

void get_options(CLI::App& app, run::ManifestGet& request) {
    app.add_option("name", request.name, "A manifest of the deployment")
        ->required()
        ->type_name("MANIFEST");
    add_manifest_out(app, request.out);
}

void delete_options(CLI::App& app, run::ManifestDelete& request) {
    app.add_option("names", request.names, "Manifests of the deployment")
        ->required()
        ->type_name("MANIFEST");
    app.add_flag("--yes", request.yes, "Delete them: without it nothing is done");
    app.add_flag("--dry-run", request.dry_run, "Say what would be deleted and delete nothing");
}

}  // namespace

void add_named_manifests(CLI::App& group, Invocation& invocation) {
    add_command<run::ManifestPush>(group, invocation, "push",
                                   "Store a manifest in the deployment, by its name",
                                   run::manifest_push, push_options);
    add_command<run::ManifestList>(group, invocation, "list",
                                   "List the manifests that the deployment keeps by name",
                                   run::manifest_list, named_list_options);
    add_command<run::ManifestGet>(group, invocation, "get",
                                  "Print a manifest that the deployment keeps", run::manifest_get,
                                  get_options);
    add_command<run::ManifestDelete>(group, invocation, "delete",
                                     "Delete manifests that the deployment keeps by name",
                                     run::manifest_delete, delete_options);
}

}  // namespace genevactl::cli
