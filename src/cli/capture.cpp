// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/capture.hpp"
#include "invocation.hpp"

namespace genevactl::cli {

namespace {

void jobs_option(CLI::App& app, std::optional<unsigned>& jobs, const std::string& description) {
    app.add_option("--jobs", jobs, description)->type_name("N")->check(whole_number(1, 256));
}

void source_options(CLI::App& app, run::CaptureSources& sources) {
    add_list(app, "--workspace", sources.workspaces, "DIR",
             "Capture this folder instead of the project around");
    app.add_flag("--skip-site-packages", sources.skip_site_packages, "Capture the workspace alone");
    app.add_option("--from-venv", sources.from_venv,
                   "Virtual environment whose site-packages to capture")
        ->type_name("DIR");
    add_list(app, "--include", sources.include, "GLOB",
             "Take in what a rule leaves out, as in a .gitignore");
    add_list(app, "--exclude", sources.exclude, "GLOB", "Leave this out, as in a .gitignore");
    app.add_flag("--no-gitignore", sources.no_gitignore, "Do not read git's ignore files");
    app.add_flag("--follow", sources.follow_links, "Follow links that leave the folder");
    add_list(app, "--allow-secret", sources.allow_secrets, "PATH",
             "Take in this file although it looks like a secret");
    app.add_option("--target-platform", sources.target_platform,
                   "Platform of the workers: linux_x86_64 or linux_aarch64")
        ->type_name("PLATFORM");
    app.add_option("--target-python", sources.target_python, "Python of the workers, as 3.11")
        ->type_name("X.Y");
    jobs_option(app, sources.jobs, "Threads that read and pack");
}

void create_options(CLI::App& app, run::CaptureCreate& request) {
    app.add_option("name", request.name, "The manifest's name")->type_name("NAME");
    source_options(app, request.sources);
    app.add_flag("--strict-secrets", request.strict_secrets,
                 "End with exit 9 if a file looks like a secret");
    app.add_flag("--allow-platform-mismatch", request.allow_misfits,
                 "Go on although native modules do not fit the workers");
    app.add_option("--compression", request.compression, "auto, store, or 1 to 9")
        ->type_name("LEVEL");
    app.add_flag("--no-upload", request.no_upload, "Write the archives to --output-dir instead");
    app.add_option("--output-dir", request.output_dir,
                   "With --no-upload: archives go to DIR/_geneva_uploads")
        ->type_name("DIR");
}

void manifest_options(CLI::App& app, run::CaptureCreate& request) {
    create_options(app, request);
    add_list(app, "--pip", request.pip, "REQ", "A requirement that the workers install, too");
    add_env(app, request.env_vars);
    add_manifest_out(app, request.out);
}

void verify_options(CLI::App& app, run::CaptureVerify& request) {
    app.add_option("manifest", request.file, "A manifest's JSON")->required()->type_name("FILE");
    app.add_flag("--deep", request.deep, "Read every archive and compare it with its name");
    jobs_option(app, request.jobs, "Threads that read");
}

void prune_options(CLI::App& app, run::CapturePrune& request) {
    app.add_flag("--yes", request.yes, "Remove them: without it they are listed");
    add_duration(app, "--older-than", request.older_than,
                 "Leave what was written later than this ago (1h)");
    add_list(app, "--keep", request.keep, "FILE", "Keep what this manifest's JSON refers to, too");
    app.add_flag("--no-default", request.no_default,
                 "The deployment has no default manifest with archives");
}

}  // namespace

void add_capture(CLI::App& app, Invocation& invocation) {
    auto* group = add_group(app, "capture", "The local environment, for the workers");
    add_command<run::CaptureCreate>(
        *group, invocation, "create",
        "Pack and upload the workspace and site-packages; print the manifest", run::capture_create,
        [](CLI::App& command, run::CaptureCreate& request) {
            manifest_options(command, request);
            command.add_flag("--dry-run", request.dry_run, "The same as capture plan");
        });
    add_command<run::CaptureCreate>(*group, invocation, "plan",
                                    "Show what would go and why; nothing is written or sent",
                                    run::capture_plan, manifest_options);
    add_command<run::CaptureWhy>(*group, invocation, "why",
                                 "Say why a path is captured or left out", run::capture_why,
                                 [](CLI::App& command, run::CaptureWhy& request) {
                                     command.add_option("path", request.path, "A file or folder")
                                         ->required()
                                         ->type_name("PATH");
                                     source_options(command, request.sources);
                                 });
    add_command<run::CaptureVerify>(*group, invocation, "verify",
                                    "Check that a manifest's archives are there and whole",
                                    run::capture_verify, verify_options);
    add_command<run::CapturePrune>(*group, invocation, "prune",
                                   "Remove uploaded archives that nothing registered refers to",
                                   run::capture_prune, prune_options);
}

}  // namespace genevactl::cli
