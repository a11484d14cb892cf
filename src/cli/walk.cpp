// SPDX-License-Identifier: Apache-2.0
#include "walk.hpp"

#include <map>

#include "examples.hpp"
#include "genevactl/base/text.hpp"

namespace genevactl::cli {

namespace {

/// What CLI11 puts behind a placeholder: "SHELL:{bash,zsh,fish}".
constexpr std::string_view k_set_begins = ":{";

OptionEntry entry_of(const CLI::Option& option) {
    OptionEntry entry;
    for (const auto& name : option.get_snames()) {
        entry.names.push_back("-" + name);
    }
    for (const auto& name : option.get_lnames()) {
        entry.names.push_back("--" + name);
    }
    entry.positional = entry.names.empty();
    entry.value = option.get_items_expected_max() == 0 ? "" : placeholder_of(option);
    if (entry.positional) {
        entry.names.push_back(entry.value);
    }
    entry.description = option.get_description();
    entry.choices = choices_of(option);
    entry.required = option.get_required();
    entry.repeats = option.get_items_expected_max() > 1 ||
                    option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
    return entry;
}

void walk_into(const CLI::App& app, const std::string& path, std::vector<CommandEntry>& entries) {
    if (app.get_group().empty()) {
        return;
    }
    CommandEntry entry{.path = path,
                       .name = app.get_name(),
                       .description = app.get_description(),
                       .options = {},
                       .children = {},
                       .examples = examples_of(path)};
    for (const auto* option : app.get_options()) {
        if (option != app.get_help_ptr() && !option->get_group().empty()) {
            entry.options.push_back(entry_of(*option));
        }
    }
    const auto children = app.get_subcommands([](const CLI::App*) { return true; });
    for (const auto* child : children) {
        if (!child->get_group().empty()) {
            entry.children.push_back(child->get_name());
        }
    }
    entries.push_back(std::move(entry));
    for (const auto* child : children) {
        walk_into(*child, path + " " + child->get_name(), entries);
    }
}

}  // namespace

std::string placeholder_of(const CLI::Option& option) {
    const auto name = option.get_type_name();
    return name.substr(0, name.find(k_set_begins));
}

std::vector<std::string> choices_of(const CLI::Option& option) {
    // Those that are checked later, for an error with more to say.
    static const std::map<std::string, std::vector<std::string>, std::less<>> k_checked_later = {
        {"--output", {"table", "json", "jsonl", "name"}},
        {"--color", {"auto", "always", "never"}},
        {"--status", {"PENDING", "RUNNING", "DONE", "FAILED", "CANCELLED"}}};
    const auto name = option.get_type_name();
    const auto set = name.find(k_set_begins);
    if (set != std::string::npos && name.ends_with('}')) {
        const auto begin = set + k_set_begins.size();
        return base::split(name.substr(begin, name.size() - begin - 1), ',');
    }
    const auto found = k_checked_later.find(option.get_name());
    return found == k_checked_later.end() ? std::vector<std::string>() : found->second;
}

std::vector<CommandEntry> walk(const CLI::App& tree) {
    std::vector<CommandEntry> entries;
    walk_into(tree, tree.get_name(), entries);
    return entries;
}

}  // namespace genevactl::cli
