// SPDX-License-Identifier: Apache-2.0
#include "walk.hpp"

namespace genevactl::cli {

namespace {

OptionEntry entry_of(const CLI::Option& option) {
    OptionEntry entry;
    for (const auto& name : option.get_snames()) {
        entry.names.push_back("-" + name);
    }
    for (const auto& name : option.get_lnames()) {
        entry.names.push_back("--" + name);
    }
    entry.positional = entry.names.empty();
    entry.value = option.get_items_expected_max() == 0 ? "" : option.get_type_name();
    if (entry.positional) {
        entry.names.push_back(entry.value);
    }
    entry.description = option.get_description();
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
                       .children = {}};
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

std::vector<CommandEntry> walk(const CLI::App& tree) {
    std::vector<CommandEntry> entries;
    walk_into(tree, tree.get_name(), entries);
    return entries;
}

}  // namespace genevactl::cli
