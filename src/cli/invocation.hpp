// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "genevactl/base/clock.hpp"
#include "genevactl/run/verbs.hpp"
#include "genevactl/settings/settings.hpp"

namespace genevactl::cli {

/// What one command line said. CLI11's callbacks only fill it in; the work starts after parsing.
struct Invocation {
    settings::Flags flags = {};
    std::string output = "table";
    bool quiet = false;
    bool verbose = false;
    bool profile_must_exist = true;  ///< off for the command that makes a profile
    std::function<run::Answer(run::Session&)> verb = {};
    std::filesystem::path working_directory = {};  ///< for what needs no session
    /// For commands that need no session (completion, reference): what goes to stdout.
    std::function<base::Result<std::string>(const CLI::App&)> text = {};
};

/// The nouns: each adds its commands below `app`. One file a noun.
void add_manifest(CLI::App& app, Invocation& invocation);
/// The command `try` of the group `manifest`.
void add_manifest_try(CLI::App& group, Invocation& invocation);
/// The commands of the group `manifest` over what a deployment keeps by name.
void add_named_manifests(CLI::App& group, Invocation& invocation);

void add_capture(CLI::App& app, Invocation& invocation);
void add_transform(CLI::App& app, Invocation& invocation);
void add_column(CLI::App& app, Invocation& invocation);
void add_table(CLI::App& app, Invocation& invocation);
void add_view(CLI::App& app, Invocation& invocation);
/// The commands `create`, `recreate` and `drop` of the group `view`.
void add_view_changes(CLI::App& group, Invocation& invocation);
void add_resolve(CLI::App& app, Invocation& invocation);
void add_backfill(CLI::App& app, Invocation& invocation);
void add_refresh(CLI::App& app, Invocation& invocation);
void add_job(CLI::App& app, Invocation& invocation);
void add_local(CLI::App& app, Invocation& invocation);
void add_project_file(CLI::App& app, Invocation& invocation);
void add_config(CLI::App& app, Invocation& invocation);
void add_shell(CLI::App& app, Invocation& invocation);
void add_man(CLI::App& app, Invocation& invocation);
void add_doctor(CLI::App& app, Invocation& invocation);
void add_api(CLI::App& app, Invocation& invocation);

/// The options of every command.
void add_global_options(CLI::App& app, Invocation& invocation);

/// A subcommand whose callback stores `verb` applied to a request of its own.
template <typename Request>
CLI::App* add_command(CLI::App& parent, Invocation& invocation, const std::string& name,
                      const std::string& description,
                      run::Answer (*verb)(run::Session&, const Request&),
                      const std::function<void(CLI::App&, Request&)>& options) {
    auto* command = parent.add_subcommand(name, description);
    auto request = std::make_shared<Request>();
    options(*command, *request);
    command->callback([&invocation, request, verb] {
        invocation.verb = [request, verb](run::Session& session) {
            return verb(session, *request);
        };
    });
    return command;
}

/// A group of commands ("manifest", "job", …): one of them must follow.
CLI::App* add_group(CLI::App& app, const std::string& name, const std::string& description);

/// An option that may be given several times, with one value each.
template <typename T>
CLI::Option* add_list(CLI::App& app, const std::string& name, std::vector<T>& values,
                      const std::string& value_name, const std::string& description) {
    return app.add_option(name, values, description + " (repeatable)")
        ->type_name(value_name)
        ->expected(1)
        ->take_all();
}

/// An option whose value has several names: "a,b".
CLI::Option* add_names(CLI::App& app, const std::string& name,
                       std::optional<std::vector<std::string>>& names,
                       const std::string& description);

/// --input-columns of whatever reads or registers a transform.
void add_input_columns(CLI::App& app, std::optional<std::vector<std::string>>& columns);

/// --env NAME=VALUE, and --out of whatever makes a manifest.
void add_env(CLI::App& app, std::vector<std::pair<std::string, std::string>>& variables);
void add_manifest_out(CLI::App& app, std::optional<std::filesystem::path>& out);

/// An option that takes a duration ("90s", "1h30m").
CLI::Option* add_duration(CLI::App& app, const std::string& name,
                          std::optional<base::Microseconds>& value, const std::string& description);

/// An option that takes a whole number from 1.
CLI::Option* add_count(CLI::App& app, const std::string& name, std::optional<std::int64_t>& value,
                       const std::string& description);
/// Lets whole numbers of this range pass, and names it where one does not.
CLI::Validator whole_number(std::int64_t least, std::int64_t most);
/// Lets MODULE:OBJECT pass.
CLI::Validator module_and_object();

/// --timeout, --detach and what else belongs to waiting.
void add_waiting(CLI::App& app, run::Waiting& waiting);

}  // namespace genevactl::cli
