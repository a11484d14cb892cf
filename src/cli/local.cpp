// SPDX-License-Identifier: Apache-2.0
#include "invocation.hpp"

namespace genevactl::cli {

namespace {

void root_option(CLI::App& app, std::optional<std::filesystem::path>& root,
                 const std::string& description) {
    app.add_option("--root", root, description)->type_name("DIR|URL");
}

void start_options(CLI::App& app, run::LocalStart& request) {
    root_option(app, request.root, "Folder whose folders are the databases, or s3://BUCKET/PREFIX");
    app.add_option("--port", request.port, "Port on 127.0.0.1 (0: any free one)")
        ->type_name("N")
        ->check(whole_number(0, 65535));
    app.add_option("--ray", request.ray,
                   "auto (a Ray of its own, with the first job) or the address of a Jobs API")
        ->type_name("auto|URL");
    app.add_option("--config", request.config,
                   "The deployment's own settings (default: deployment.toml in the root)")
        ->type_name("FILE");
    app.add_option("--max-jobs", request.max_jobs,
                   "Jobs that run at once, 1 to 64 (default: what its settings say)")
        ->type_name("N")
        ->check(whole_number(1, 64));
    app.add_flag("--detach", request.detach, "Return as soon as it answers");
}

void running_root(CLI::App& app, run::LocalRoot& request) {
    root_option(app, request.root, "Its root (default: the one started last)");
}

}  // namespace

void add_local(CLI::App& app, Invocation& invocation) {
    auto* group = add_group(app, "local", "The deployment on this machine");
    add_command<run::LocalSetup>(
        *group, invocation, "setup", "Make the managed Python environment with geneva",
        run::local_setup, [](CLI::App& command, run::LocalSetup& request) {
            command.add_flag("--recreate", request.recreate, "Make it anew");
        });
    add_command<run::LocalStart>(*group, invocation, "start",
                                 "Serve the databases of a folder or bucket on loopback",
                                 run::local_start, start_options);
    add_command<run::LocalRoot>(*group, invocation, "status", "Show the running deployment",
                                run::local_status, running_root);
    add_command<run::LocalRoot>(*group, invocation, "stop", "Stop it, and the Ray it started",
                                run::local_stop, running_root);
    add_command<run::LocalRoot>(*group, invocation, "logs", "Show the end of its log",
                                run::local_logs, [](CLI::App& command, run::LocalRoot& request) {
                                    running_root(command, request);
                                    command.add_option("--lines", request.lines, "How many lines")
                                        ->type_name("N")
                                        ->check(whole_number(1, 1000000));
                                });
    add_command<run::LocalRoot>(*group, invocation, "env",
                                "Print LANCEDB_URI and LANCEDB_API_KEY for a shell (shows the key)",
                                run::local_env, running_root);
}

void add_config(CLI::App& app, Invocation& invocation) {
    auto* group = add_group(app, "config", "Settings and profiles");
    add_command<run::ConfigKey>(*group, invocation, "list", "List every setting", run::config_list,
                                [](CLI::App& command, run::ConfigKey& request) {
                                    command.add_flag("--show-origin", request.show_origin,
                                                     "Say where each comes from");
                                });
    add_command<run::ConfigKey>(
        *group, invocation, "get", "Print one setting", run::config_get,
        [](CLI::App& command, run::ConfigKey& request) {
            command.add_option("key", request.key, "Its name")->required()->type_name("KEY");
        });
    auto* set = add_command<run::ConfigSet>(
        *group, invocation, "set", "Set it in your profile (a secret: from standard input)",
        run::config_set, [](CLI::App& command, run::ConfigSet& request) {
            command.add_option("key", request.key, "Its name")->required()->type_name("KEY");
            command.add_option("value", request.value, "Its value")->type_name("VALUE");
        });
    set->preparse_callback([&invocation](std::size_t) { invocation.profile_must_exist = false; });
    add_command<run::ConfigKey>(*group, invocation, "use", "Use a profile from now on",
                                run::config_use, [](CLI::App& command, run::ConfigKey& request) {
                                    command.add_option("profile", request.key, "Its name")
                                        ->required()
                                        ->type_name("PROFILE");
                                });
}

}  // namespace genevactl::cli
