// SPDX-License-Identifier: Apache-2.0
#include "tree.hpp"

#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "examples.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/model/names.hpp"
#include "project.hpp"

namespace genevactl::cli {

namespace {

/// An option whose text goes to the settings under `key`.
CLI::Option* add_flag_setting(CLI::App& app, Invocation& invocation, const std::string& name,
                              const std::string& key, const std::string& value_name,
                              const std::string& description) {
    return app
        .add_option_function<std::string>(
            name, [&invocation, key](const std::string& text) { invocation.flags[key] = text; },
            description)
        ->type_name(value_name);
}

/// "K=V" to a pair; a missing "=" or an empty name is a usage error of --env.
std::pair<std::string, std::string> assignment(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        // What was written may be a secret: it is not repeated.
        throw CLI::ValidationError("--env", "write NAME=VALUE");
    }
    return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace

void add_global_options(CLI::App& app, Invocation& invocation) {
    add_flag_setting(app, invocation, "--uri", "uri", "URI",
                     "Database: db://NAME, or a directory of tables");
    add_flag_setting(app, invocation, "--host-override", "host_override", "URL",
                     "Server of the deployment (environment: LANCEDB_URI)");
    add_flag_setting(app, invocation, "--profile", "profile", "PROFILE",
                     "Profile of the user's settings");
    add_flag_setting(app, invocation, "--python", "python", "EXE",
                     "Python interpreter or environment that has geneva");
    add_flag_setting(app, invocation, "--ca-bundle", "ca_bundle", "FILE",
                     "Certificate authorities to trust (PEM)");
    add_flag_setting(app, invocation, "--trace-http", "trace_http", "FILE",
                     "Append every request and answer, secrets left out");
    add_flag_setting(app, invocation, "--color", "color", "WHEN", "auto, always or never");
    app.add_option("-o,--output", invocation.output, "table, json, jsonl or name")
        ->type_name("FORMAT");
    app.add_flag("-q,--quiet", invocation.quiet, "No notes and no progress");
    app.add_flag("--verbose", invocation.verbose,
                 "Log to stderr what is done and why: settings, Python, requests");
}

CLI::App* add_group(CLI::App& app, const std::string& name, const std::string& description) {
    auto* group = app.add_subcommand(name, description);
    group->require_subcommand(1);
    return group;
}

CLI::Option* add_names(CLI::App& app, const std::string& name,
                       std::optional<std::vector<std::string>>& names,
                       const std::string& description) {
    return app
        .add_option_function<std::string>(
            name, [&names](const std::string& text) { names = CLI::detail::split(text, ','); },
            description)
        ->type_name("A,B");
}

void add_input_columns(CLI::App& app, std::optional<std::vector<std::string>>& columns) {
    add_names(app, "--input-columns", columns,
              "Columns to read instead of the function's own, in its order");
}

void add_env(CLI::App& app, std::vector<std::pair<std::string, std::string>>& variables) {
    app.add_option_function<std::vector<std::string>>(
           "--env",
           [&variables](const std::vector<std::string>& texts) {
               for (const auto& text : texts) {
                   variables.push_back(assignment(text));
               }
           },
           "A variable of the workers' environment (repeatable)")
        ->type_name("NAME=VALUE")
        ->expected(1)
        ->take_all();
}

void add_manifest_out(CLI::App& app, std::optional<std::filesystem::path>& out) {
    app.add_option("--out", out, "Write the JSON here and print NAME@CHECKSUM")->type_name("FILE");
}

CLI::Option* add_duration(CLI::App& app, const std::string& name,
                          std::optional<base::Microseconds>& value,
                          const std::string& description) {
    return app
        .add_option_function<std::string>(
            name,
            [&value, name](const std::string& text) {
                const auto duration = base::parse_duration(text);
                if (!duration) {
                    throw CLI::ValidationError(
                        name, duration.error().message + ": " + duration.error().hint);
                }
                value = *duration;
            },
            description)
        ->type_name("DURATION");
}

CLI::Validator whole_number(std::int64_t least, std::int64_t most) {
    return CLI::Validator(
        [least, most](const std::string& text) {
            std::int64_t number = 0;
            const auto* end = text.data() + text.size();
            const auto [stop, failure] = std::from_chars(text.data(), end, number);
            if (failure == std::errc() && stop == end && number >= least && number <= most) {
                return std::string();
            }
            return most == std::numeric_limits<std::int64_t>::max()
                       ? fmt::format("'{}' is not a whole number from {}", text, least)
                       : fmt::format("'{}' is not a whole number from {} to {}", text, least, most);
        },
        "");
}

CLI::Option* add_count(CLI::App& app, const std::string& name, std::optional<std::int64_t>& value,
                       const std::string& description) {
    return app.add_option(name, value, description)
        ->type_name("N")
        ->check(whole_number(1, std::numeric_limits<std::int64_t>::max()));
}

CLI::Validator module_and_object() {
    return CLI::Validator(
        [](const std::string& text) {
            return model::names_an_object(text)
                       ? std::string()
                       : fmt::format(
                             "'{}' does not say what to take from the module: write "
                             "MODULE:OBJECT, such as features:embed",
                             text);
        },
        "");
}

void add_waiting(CLI::App& app, run::Waiting& waiting) {
    add_duration(app, "--timeout", waiting.timeout,
                 "Wait no longer than this (exit 8); the job goes on");
}

std::unique_ptr<CLI::App> make_tree(Invocation& invocation) {
    auto app = std::make_unique<CLI::App>("The command line for LanceDB Geneva feature engineering",
                                          "genevactl");
    app->fallthrough();
    app->require_subcommand(1);
    app->set_version_flag("--version", "genevactl " + std::string(base::version()));
    app->get_formatter()->column_width(34);
    app->footer("Every command has its own --help. Documentation: docs/ beside the sources.");
    add_global_options(*app, invocation);
    add_manifest(*app, invocation);
    add_capture(*app, invocation);
    add_transform(*app, invocation);
    add_column(*app, invocation);
    add_table(*app, invocation);
    add_view(*app, invocation);
    add_resolve(*app, invocation);
    add_project(*app, invocation);
    add_backfill(*app, invocation);
    add_refresh(*app, invocation);
    add_job(*app, invocation);
    add_local(*app, invocation);
    add_project_file(*app, invocation);
    add_config(*app, invocation);
    add_doctor(*app, invocation);
    add_api(*app, invocation);
    add_shell(*app, invocation);
    add_man(*app, invocation);
    add_examples(*app);
    return app;
}

}  // namespace genevactl::cli
