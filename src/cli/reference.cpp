// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "tree.hpp"
#include "walk.hpp"

namespace genevactl::cli {

namespace {

std::string label_of(const OptionEntry& option) {
    std::string label;
    for (const auto& name : option.names) {
        label += (label.empty() ? "" : ", ") + name;
    }
    if (!option.positional && !option.value.empty()) {
        label += " " + option.value;
    }
    return label;
}

std::string synopsis_of(const CommandEntry& command) {
    std::string text = command.path;
    for (const auto& option : command.options) {
        if (option.positional) {
            const auto name = option.names.front() + (option.repeats ? "..." : "");
            text += option.required ? " " + name : " [" + name + "]";
        }
    }
    return command.children.empty() ? text + " [options]" : text + " COMMAND";
}

std::string options_of(const CommandEntry& command) {
    std::string text;
    for (const auto& option : command.options) {
        text += fmt::format("| `{}` | {} |\n", label_of(option), option.description);
    }
    return text.empty() ? "" : "\n| option | meaning |\n|---|---|\n" + text;
}

}  // namespace

std::string reference_page(const CLI::App& tree) {
    std::string page =
        "# Reference\n\nEvery command with its options, generated from the program itself by\n"
        "`genevactl reference`. The options of `genevactl` itself are accepted by every command.\n";
    for (const auto& command : walk(tree)) {
        page += fmt::format("\n## {}\n\n{}.\n\n```\n{}\n```\n", command.path, command.description,
                            synopsis_of(command));
        page += options_of(command);
        if (!command.examples.empty()) {
            page += "\nExamples:\n\n```\n" + base::join(command.examples, "\n") + "\n```\n";
        }
    }
    return page;
}

}  // namespace genevactl::cli
