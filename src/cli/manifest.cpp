// SPDX-License-Identifier: Apache-2.0
#include "invocation.hpp"

namespace genevactl::cli {

namespace {

/// What every kind of manifest takes.
void builder_options(CLI::App& app, manifest::BuilderOptions& options) {
    add_env(app, options.env_vars);
    add_list(app, "--py-module", options.py_modules, "MODULE",
             "A Python module that the workers load");
    app.add_option("--head-image", options.head_image, "Container image of the Ray head")
        ->type_name("IMAGE");
    app.add_option("--worker-image", options.worker_image, "Container image of the Ray workers")
        ->type_name("IMAGE");
    app.add_option("--set-version", options.version, "The manifest's own version")
        ->type_name("VERSION");
}

void name_option(CLI::App& app, std::string& name) {
    app.add_option("name", name, "The manifest's name")->required()->type_name("NAME");
}

void packages_options(CLI::App& app, bool& upload_site_packages, bool& allow_unpinned) {
    app.add_flag("--upload-site-packages", upload_site_packages,
                 "Say that site-packages are captured (skip_site_packages is false)");
    app.add_flag("--allow-unpinned", allow_unpinned,
                 "Do not warn of requirements that are not fixed to one version");
}

/// A lock file and what it is read for.
void lock_options(CLI::App& app, manifest::PipOptions& options) {
    auto* lock = app.add_option("--lock", options.lock,
                                "Take the exact versions of a uv.lock, pylock.toml or poetry.lock")
                     ->type_name("FILE");
    auto& target = options.lock_target;
    add_list(app, "--extra", target.extras, "NAME", "With --lock: an extra of the project too")
        ->needs(lock);
    add_list(app, "--group", target.groups, "NAME", "With --lock: a group of dependencies too")
        ->needs(lock);
    app.add_option("--target-platform", target.platform,
                   "With --lock: platform of the workers, in uv's words")
        ->type_name("PLATFORM")
        ->capture_default_str()
        ->needs(lock);
    app.add_option("--target-python", target.python_version,
                   "With --lock: Python of the workers (that of the interpreter with geneva)")
        ->type_name("X.Y")
        ->needs(lock);
}

void create_pip_options(CLI::App& app, run::ManifestCreatePip& request) {
    auto& options = request.options;
    name_option(app, options.name);
    app.add_option("requirements", options.requirements, "Requirements, as for pip install")
        ->type_name("REQ");
    add_list(app, "-r,--requirement", options.requirement_files, "FILE",
             "Inline a requirements file");
    lock_options(app, options);
    add_list(app, "--extra-index-url", options.extra_index_urls, "URL",
             "Another package index for the workers");
    builder_options(app, options);
    packages_options(app, options.upload_site_packages, options.allow_unpinned);
    add_manifest_out(app, request.out);
}

void create_conda_options(CLI::App& app, run::ManifestCreateConda& request) {
    auto& options = request.options;
    name_option(app, options.name);
    app.add_option("specs", options.specs, "Packages, as for conda install")->type_name("SPEC");
    app.add_option("--file", options.file, "Take over an environment.yml")->type_name("FILE");
    add_list(app, "--channel", options.channels, "CHANNEL", "A channel in front of the file's");
    builder_options(app, options);
    packages_options(app, options.upload_site_packages, options.allow_unpinned);
    add_manifest_out(app, request.out);
}

void create_site_options(CLI::App& app, run::ManifestCreateSite& request) {
    name_option(app, request.options.name);
    builder_options(app, request.options);
    add_manifest_out(app, request.out);
}

void file_option(CLI::App& app, run::ManifestFile& request) {
    app.add_option("file", request.file, "A manifest's JSON")->required()->type_name("FILE");
}

void lint_options(CLI::App& app, run::ManifestLint& request) {
    app.add_option("file", request.file, "A manifest's JSON")->required()->type_name("FILE");
    app.add_flag("--strict", request.strict, "Fail on warnings too");
}

void diff_options(CLI::App& app, run::ManifestDiff& request) {
    app.add_option("before", request.before, "A manifest's JSON")->required()->type_name("A");
    app.add_option("after", request.after, "Another's")->required()->type_name("B");
    app.add_flag("--exit-code", request.exit_code, "End with exit code 3 when they differ");
}

void pin_options(CLI::App& app, run::ManifestPin& request) {
    app.add_option("file", request.file, "A manifest's JSON")->required()->type_name("FILE");
    app.add_option("--python-version", request.python_version,
                   "Python of the workers (that of the interpreter with geneva)")
        ->type_name("X.Y");
    app.add_option("--python-platform", request.python_platform,
                   "Platform of the workers, in uv's words")
        ->type_name("PLATFORM")
        ->capture_default_str();
    add_manifest_out(app, request.out);
}

}  // namespace

void add_manifest(CLI::App& app, Invocation& invocation) {
    auto* group = add_group(app, "manifest", "Environments of jobs: build, show, check");
    auto* create = add_group(*group, "create", "Build a manifest");
    add_command<run::ManifestCreatePip>(*create, invocation, "pip",
                                        "Build a manifest of pip requirements",
                                        run::manifest_create_pip, create_pip_options);
    add_command<run::ManifestCreateConda>(*create, invocation, "conda",
                                          "Build a manifest of a conda environment",
                                          run::manifest_create_conda, create_conda_options);
    add_command<run::ManifestCreateSite>(*create, invocation, "site",
                                         "Build a manifest of captured site-packages alone",
                                         run::manifest_create_site, create_site_options);
    add_command<run::ManifestFile>(*group, invocation, "show", "Show a manifest readably",
                                   run::manifest_show, file_option);
    add_command<run::ManifestFile>(*group, invocation, "checksum",
                                   "Print the checksum of a manifest's content",
                                   run::manifest_checksum, file_option);
    add_manifest_try(*group, invocation);
    add_named_manifests(*group, invocation);

    add_command<run::ManifestPin>(*group, invocation, "pin",
                                  "Set ranges to exact versions, asked of uv", run::manifest_pin,
                                  pin_options);
    add_command<run::ManifestDiff>(*group, invocation, "diff",
                                   "Compare two manifests, requirement by requirement",
                                   run::manifest_diff, diff_options);
    add_command<run::ManifestLint>(*group, invocation, "lint",
                                   "Look for what a job would trip over", run::manifest_lint,
                                   lint_options);
}

}  // namespace genevactl::cli
