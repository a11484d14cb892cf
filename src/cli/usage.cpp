// SPDX-License-Identifier: Apache-2.0
#include "usage.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "walk.hpp"

namespace genevactl::cli {

using base::Error;
using base::ErrorKind;

namespace {

std::vector<std::string> command_names(const CLI::App& command) {
    std::vector<std::string> names;
    for (const auto* child : command.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(child->get_name());
    }
    return names;
}

std::vector<std::string> option_names(const CLI::App& tree, const CLI::App& command) {
    std::vector<std::string> names;
    for (const auto* app : {&command, &tree}) {
        for (const auto* option : app->get_options()) {
            for (const auto& name : option->get_lnames()) {
                names.push_back("--" + name);
            }
        }
    }
    return names;
}

/// The name that the help shows: "--limit", or "COLUMN" for an argument by its place.
std::string shown_name(const CLI::Option& option) {
    return option.get_positional() ? placeholder_of(option) : option.get_name();
}

/// "backfill TABLE COLUMN...": the arguments by their place.
std::string usage_line(const Reached& reached) {
    auto line = "genevactl " + reached.path;
    for (const auto* option : reached.command->get_options()) {
        if (!option->get_positional()) {
            continue;
        }
        auto name = placeholder_of(*option);
        name += option->get_items_expected_max() > 1 ? "..." : "";
        line += option->get_required() ? " " + name : " [" + name + "]";
    }
    return line;
}

std::string without_last_period(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    while (!text.empty() && (text.back() == ' ' || text.back() == '.')) {
        text.pop_back();
    }
    return text;
}

/// No command, or one that there is not.
void tell_commands(Error& error, const Reached& reached, const std::vector<std::string>& names) {
    const auto words = reached.path + (reached.path.empty() ? "" : " ") + reached.stranger;
    if (!reached.stranger.empty()) {
        error.message = fmt::format("there is no command `{}`", words);
        error.hint = base::did_you_mean(reached.stranger, names);
        return;
    }
    error.message = reached.path.empty() ? std::string("no command was given")
                                         : fmt::format("`{}` needs one more word", reached.path);
    error.hint = "one of " + base::join(names, ", ");
}

void tell_missing(Error& error, const Reached& reached) {
    std::vector<std::string> missing;
    for (const auto* option : reached.command->get_options()) {
        if (option->get_required() && option->count() == 0) {
            missing.push_back(shown_name(*option));
        }
    }
    if (!missing.empty()) {
        error.message =
            fmt::format("`{}`: {} {} missing", reached.path, base::join(missing, " and "),
                        missing.size() > 1 ? "are" : "is");
        error.hint = usage_line(reached);
    }
}

/// True if there is an option that neither the command nor genevactl has, which it then tells.
bool tell_unknown_option(Error& error, const CLI::App& tree, const Reached& reached,
                         const std::vector<std::string>& arguments) {
    const auto options = option_names(tree, *reached.command);
    for (const auto& word : arguments) {
        const auto name = word.substr(0, word.find('='));
        if (base::starts_with(word, "--") && std::ranges::find(options, name) == options.end()) {
            error.message = fmt::format("`{}` has no option {}",
                                        reached.path.empty() ? "genevactl" : reached.path, name);
            error.hint = base::did_you_mean(name, options);
            return true;
        }
    }
    return false;
}

/// An option that there is not, or one argument too many.
void tell_extras(Error& error, const CLI::App& tree, const Reached& reached,
                 const std::vector<std::string>& arguments) {
    if (tell_unknown_option(error, tree, reached, arguments)) {
        return;
    }
    const auto colon = error.message.rfind(": ");
    const auto extra = colon == std::string::npos ? "" : error.message.substr(colon + 2);
    if (base::starts_with(extra, "-")) {
        error.message = fmt::format("`{}` has no option {}", reached.path, extra);
    } else {
        error.message = fmt::format("`{}` does not take {}", reached.path, extra);
        error.hint = usage_line(reached);
    }
}

/// What the message of CLI11 begins with; null if it begins otherwise.
const CLI::Option* named_in(const Error& error, const CLI::App& tree, const Reached& reached) {
    const auto name = error.message.substr(0, error.message.find(':'));
    for (const auto* app : {reached.command, &tree}) {
        for (const auto* option : app->get_options()) {
            if (option->get_name() == name) {
                return option;
            }
        }
    }
    return nullptr;
}

/// An option without its value, or an argument given more often than it can be.
void tell_mismatch(Error& error, const CLI::Option& option) {
    const auto value = placeholder_of(option);
    error.message = option.count() == 0
                        ? fmt::format("{} needs a value: {}", shown_name(option), value)
                        : fmt::format("{} may be given once", shown_name(option));
}
}  // namespace

Reached reach(const CLI::App& tree, const std::vector<std::string>& arguments) {
    Reached reached{.command = &tree};
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto& word = arguments[i];
        if (base::starts_with(word, "-")) {
            const auto* option = tree.get_option_no_throw(word);
            const bool takes_value = option != nullptr && option->get_items_expected_max() > 0;
            i += takes_value ? 1U : 0U;
            continue;
        }
        const auto named = [&](const CLI::App* child) { return child->get_name() == word; };
        const auto children = reached.command->get_subcommands(named);
        if (!children.empty()) {
            reached.command = children.front();
            reached.path += (reached.path.empty() ? "" : " ") + word;
        } else if (reached.stranger.empty()) {
            reached.stranger = word;
        }
    }
    return reached;
}

Error usage_error(const CLI::App& tree, const CLI::ParseError& parse,
                  const std::vector<std::string>& arguments) {
    const auto reached = reach(tree, arguments);
    const auto commands = command_names(*reached.command);
    Error error{.kind = ErrorKind::usage, .message = without_last_period(parse.what())};
    if (!commands.empty()) {
        if (!reached.stranger.empty() || !tell_unknown_option(error, tree, reached, arguments)) {
            tell_commands(error, reached, commands);
        }
    } else if (dynamic_cast<const CLI::RequiredError*>(&parse) != nullptr) {
        tell_missing(error, reached);
    } else if (dynamic_cast<const CLI::ExtrasError*>(&parse) != nullptr) {
        tell_extras(error, tree, reached, arguments);
    } else if (const auto* option = named_in(error, tree, reached)) {
        if (dynamic_cast<const CLI::ArgumentMismatch*>(&parse) != nullptr) {
            tell_mismatch(error, *option);
        } else {
            error.message.replace(0, option->get_name().size(), shown_name(*option));
        }
    }
    const auto help = reached.path.empty() ? "genevactl --help"
                                           : fmt::format("genevactl {} --help", reached.path);
    error.hint += fmt::format("{}`{}`", error.hint.empty() ? "" : "; ", help);
    return error;
}

}  // namespace genevactl::cli
