// SPDX-License-Identifier: Apache-2.0
// The manual pages, in the macros of man(7). groff_man(7) says which characters to escape.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "genevactl/base/files.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/settings/settings.hpp"
#include "tree.hpp"
#include "walk.hpp"

namespace genevactl::cli {

namespace {

/// The day of version 0.1.0: a page is the same whenever it is made.
constexpr std::string_view k_date = "2026-11-25";

/// Text as it is to be read: nothing in it is a request, and a hyphen stays the one that is typed.
std::string plain(std::string_view text) {
    std::string result;
    for (const char character : text) {
        if (character == '\\') {
            result += "\\e";
        } else if (character == '-') {
            result += "\\-";
        } else if (character == '\'') {
            result += "\\(aq";
        } else if (character == '`') {
            result += "\\(ga";
        } else if (character == '^') {
            result += "\\(ha";
        } else if (character == '~') {
            result += "\\(ti";
        } else {
            result += character;
        }
    }
    return base::starts_with(result, ".") ? "\\&" + result : result;
}

std::string bold(std::string_view text) {
    return "\\fB" + plain(text) + "\\fR";
}

std::string italic(std::string_view text) {
    return "\\fI" + plain(text) + "\\fR";
}

std::string page_name(std::string_view path) {
    std::string name(path);
    std::ranges::replace(name, ' ', '-');
    return name;
}

std::string reference_to(std::string_view path) {
    return fmt::format("\\fB{}\\fR(1)", plain(page_name(path)));
}

/// The parts of "TABLE|VIEW" as placeholders.
std::string value(const std::string& placeholder) {
    return italic(placeholder);
}

std::string title(const CommandEntry& command) {
    auto name = page_name(command.path);
    std::ranges::transform(name, name.begin(), [](char character) {
        return character >= 'a' && character <= 'z' ? static_cast<char>(character - 'a' + 'A')
                                                    : character;
    });
    return fmt::format(".TH \"{}\" 1 \"{}\" \"genevactl {}\" \"User Commands\"\n", plain(name),
                       k_date, base::version());
}

/// The first letter in lower case, unless the word is an abbreviation.
std::string as_phrase(std::string text) {
    const auto upper = [](char letter) { return letter >= 'A' && letter <= 'Z'; };
    if (text.size() > 1 && upper(text[0]) && !upper(text[1])) {
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    }
    return text;
}

std::string synopsis(const CommandEntry& command) {
    auto text = ".SH SYNOPSIS\n" + bold(command.path);
    for (const auto& option : command.options) {
        if (option.positional) {
            const auto name = value(option.names.front()) + (option.repeats ? "..." : "");
            text += option.required ? " " + name : " [" + name + "]";
        }
    }
    text += command.children.empty() ? " [" + italic("OPTION") + "...]"
                                     : " " + italic("COMMAND") + " [" + italic("OPTION") + "...]";
    return text + "\n";
}

std::string described(const OptionEntry& option) {
    std::string label;
    for (const auto& name : option.names) {
        label += (label.empty() ? "" : ", ") + (option.positional ? value(name) : bold(name));
    }
    if (!option.positional && !option.value.empty()) {
        label += " " + value(option.value);
    }
    return ".TP\n" + label + "\n" + plain(option.description) + ".\n";
}

std::string options(const CommandEntry& command, bool positional, std::string_view heading) {
    std::string text;
    for (const auto& option : command.options) {
        if (option.positional == positional) {
            text += described(option);
        }
    }
    return text.empty() ? "" : fmt::format(".SH {}\n", heading) + text;
}

std::string below(const CommandEntry& command, const std::vector<CommandEntry>& all) {
    std::string text;
    for (const auto& child : command.children) {
        const auto path = command.path + " " + child;
        const auto entry = std::ranges::find(all, path, &CommandEntry::path);
        text += ".TP\n" + reference_to(path) + "\n" + plain(entry->description) + ".\n";
    }
    return text.empty() ? "" : ".SH COMMANDS\n" + text;
}

std::string shown(const std::vector<std::string>& examples) {
    if (examples.empty()) {
        return "";
    }
    std::string text = ".SH EXAMPLES\n.nf\n";
    for (const auto& line : examples) {
        text += plain(line) + "\n";
    }
    return text + ".fi\n";
}

std::string exit_status() {
    std::string text = ".SH EXIT STATUS\n.TP\n.B 0\nsuccess.\n";
    for (const auto& row : base::exit_code_table()) {
        text += fmt::format(".TP\n.B {}\n{} ({}).\n", row.code, plain(row.meaning),
                            plain(base::name_of(row.kind)));
    }
    return text;
}

std::string environment() {
    std::string text = ".SH ENVIRONMENT\n";
    for (const auto& key : settings::keys()) {
        if (!key.environment.empty()) {
            text += fmt::format(".TP\n.B {}\n{}.\n", plain(key.environment), plain(key.meaning));
        }
    }
    return text +
           ".TP\n.B NO_COLOR\nNo colors.\n"
           ".TP\n.BR XDG_CONFIG_HOME \", \" XDG_DATA_HOME \", \" XDG_STATE_HOME \", \" "
           "XDG_CACHE_HOME\nWhere settings, the managed environment, the state of deployments and "
           "caches lie, in a folder\n.IR genevactl .\n";
}

std::string files() {
    return ".SH FILES\n"
           ".TP\n.IR geneva.toml \", \" pyproject.toml\nThe project file, in the working directory "
           "or above it.\n"
           ".TP\n.I $XDG_CONFIG_HOME/genevactl/config.toml\nThe user\\(aqs profiles.\n"
           ".TP\n.I $XDG_CONFIG_HOME/genevactl/credentials.toml\nTheir secrets; readable by nobody "
           "else.\n";
}

std::string see_also(const CommandEntry& command, const std::vector<CommandEntry>& all) {
    std::string text = ".SH SEE ALSO\n";
    const auto last = command.path.rfind(' ');
    const auto parent = command.path.substr(0, last);
    text += reference_to(all.front().path);
    if (parent != all.front().path) {
        text += ",\n" + reference_to(parent);
    }
    const auto entry = std::ranges::find(all, parent, &CommandEntry::path);
    for (const auto& sibling : entry->children) {
        const auto path = parent + " " + sibling;
        if (path != command.path && parent != all.front().path) {
            text += ",\n" + reference_to(path);
        }
    }
    return text + "\n";
}

std::string page_of(const CommandEntry& command, const std::vector<CommandEntry>& all) {
    const bool root = command.path == all.front().path;
    auto text = ".\\\" SPDX-License-Identifier: Apache-2.0\n.\\\" Generated by `genevactl man`.\n" +
                title(command) + ".SH NAME\n" + plain(page_name(command.path)) + " \\- " +
                plain(as_phrase(command.description)) + "\n" + synopsis(command) +
                ".SH DESCRIPTION\n" + plain(command.description) + ".\n";
    text += below(command, all);
    text += options(command, true, "ARGUMENTS");
    text += options(command, false, "OPTIONS");
    if (!root) {
        text +=
            ".PP\nThe options of " + reference_to(all.front().path) + " go with every command.\n";
    }
    text += shown(command.examples);
    if (root) {
        return text + exit_status() + environment() + files();
    }
    return text + see_also(command, all);
}

base::Result<std::string> print_page(const std::vector<CommandEntry>& all,
                                     const std::vector<std::string>& words) {
    auto path = all.front().path;
    for (const auto& word : words) {
        path += (word == path ? "" : " " + word);
    }
    const auto found = std::ranges::find(all, path, &CommandEntry::path);
    if (found == all.end()) {
        std::vector<std::string> paths;
        std::ranges::transform(all, std::back_inserter(paths), &CommandEntry::path);
        return base::fail(base::ErrorKind::usage, fmt::format("there is no command `{}`", path),
                          base::did_you_mean(path, paths));
    }
    return page_of(*found, all);
}

base::Result<std::string> write_pages(const std::vector<CommandEntry>& all,
                                      const std::filesystem::path& folder,
                                      const std::filesystem::path& start) {
    std::error_code code;
    std::filesystem::create_directories(start / folder, code);
    if (code) {
        return base::fail(base::ErrorKind::failed, fmt::format("cannot make the folder {}: {}",
                                                               folder.string(), code.message()));
    }
    for (const auto& command : all) {
        const auto file = start / folder / (page_name(command.path) + ".1");
        GENEVACTL_CHECK(base::write_atomic(file, page_of(command, all)));
    }
    return fmt::format("wrote {} to {}\n", base::plural(static_cast<long long>(all.size()), "page"),
                       folder.string());
}

struct ManRequest {
    std::vector<std::string> command = {};
    std::optional<std::filesystem::path> folder = {};
};

base::Result<std::string> man(const CLI::App& tree, const std::filesystem::path& start,
                              const ManRequest& request) {
    const auto all = walk(tree);
    if (!request.folder) {
        return print_page(all, request.command);
    }
    if (!request.command.empty()) {
        return base::fail(base::ErrorKind::usage, "man: --dir writes the pages of all commands",
                          "leave COMMAND away, or --dir");
    }
    return write_pages(all, *request.folder, start);
}

}  // namespace

void add_man(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("man", "Print the manual page of a command (roff)");
    auto request = std::make_shared<ManRequest>();
    command->add_option("command", request->command, "Its words, such as column add")
        ->type_name("COMMAND");
    command->add_option("--dir", request->folder, "Write the pages of all commands here")
        ->type_name("DIR");
    command->callback([&invocation, request] {
        invocation.text = [&invocation, request](const CLI::App& tree) {
            return man(tree, invocation.working_directory, *request);
        };
    });
}

}  // namespace genevactl::cli
