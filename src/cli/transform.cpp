// SPDX-License-Identifier: Apache-2.0
#include "invocation.hpp"

namespace genevactl::cli {

namespace {

void inspect_options(CLI::App& app, run::TransformInspect& request) {
    app.add_option("transform", request.target, "A module and an object in it, or a bundle's file")
        ->required()
        ->type_name("MODULE:OBJECT|FILE");
}

void pack_options(CLI::App& app, run::TransformPack& request) {
    app.add_option("transform", request.target, "A module and an object in it")
        ->required()
        ->type_name("MODULE:OBJECT")
        ->check(module_and_object());
    app.add_option("--out", request.out, "Write the bundle here")->required()->type_name("FILE");
    app.add_option("--manifest", request.manifest, "Pin this manifest")->type_name("FILE");
    add_input_columns(app, request.input_columns);
    app.add_flag("--replace-pinned", request.replace_pinned,
                 "Let --manifest win over the manifest that the decorator pins");
}

void run_options(CLI::App& app, run::TransformRun& request) {
    app.add_option("transform", request.target, "A module and an object in it")
        ->required()
        ->type_name("MODULE:OBJECT")
        ->check(module_and_object());
    app.add_option("--table", request.table, "The table whose rows it gets")
        ->required()
        ->type_name("TABLE");
    app.add_option("--rows", request.rows, "How many rows (5)")->type_name("N");
    app.add_option("--where", request.where, "Only rows that match")->type_name("SQL");
    app.add_option("--manifest", request.manifest,
                   "Run it in the environment of this manifest, made for this run")
        ->type_name("FILE");
    add_input_columns(app, request.input_columns);
}

}  // namespace

void add_transform(CLI::App& app, Invocation& invocation) {
    auto* group = add_group(app, "transform", "Transforms in your own code");
    add_command<run::TransformInspect>(
        *group, invocation, "inspect",
        "Show what a transform is, takes and gives, and how it travels", run::transform_inspect,
        inspect_options);
    add_command<run::TransformPack>(*group, invocation, "pack",
                                    "Write a file that registers later, without Python",
                                    run::transform_pack, pack_options);
    add_command<run::TransformRun>(*group, invocation, "run",
                                   "Run a transform here on a few rows; registers nothing",
                                   run::transform_run, run_options);
}

}  // namespace genevactl::cli
