// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "completion.hpp"
#include "genevactl/base/text.hpp"
#include "typed.hpp"

namespace genevactl::cli {

namespace {

constexpr std::string_view k_ask =
    R"fish(# Asks genevactl itself what may stand here; true if that is all.
function __genevactl_ask
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -g __genevactl_names ($words[1] __complete $words[2..-1] "$current" 2>/dev/null)
end
function __genevactl_names
    __genevactl_ask
    string join \n -- $__genevactl_names
end
)fish";

std::string fish_quoted(std::string text) {
    for (std::size_t at = 0; (at = text.find_first_of("'\\", at)) != std::string::npos; at += 2) {
        text.insert(at, "\\");
    }
    return "'" + text + "'";
}

std::string values_of(const OptionEntry& option) {
    if (option.value.empty()) {
        return "";
    }
    if (!option.choices.empty()) {
        return " -r -f -a " + fish_quoted(base::join(option.choices, " "));
    }
    if (kinds_of(option.value).empty()) {
        return " -r";
    }
    return fmt::format(" -r{} -a '(__genevactl_names)'",
                       takes_only_names(option.value) ? " -f" : "");
}

std::string option_line(const std::string& condition, const OptionEntry& option) {
    std::string line = "complete -c genevactl" + condition;
    for (const auto& name : option.names) {
        line += name.size() == 2 ? " -s " + name.substr(1) : " -l " + name.substr(2);
    }
    return line + values_of(option) + " -d " + fish_quoted(option.description) + "\n";
}

std::string functions(const std::vector<CommandEntry>& commands) {
    return "function __genevactl_command\n"
           "    set -l words (commandline -opc)\n"
           "    set -l skip 0\n"
           "    for word in $words[2..-1]\n"
           "        if test $skip = 1\n"
           "            set skip 0\n"
           "        else if contains -- $word " +
           base::join(options_with_value(commands), " ") +
           "\n            set skip 1\n"
           "        else if not string match -q -- '-*' $word\n"
           "            echo $word\n"
           "        end\n"
           "    end\n"
           "end\n"
           "function __genevactl_at\n"
           "    set -l command (__genevactl_command)\n"
           "    string match -q -- \"$argv[1] *\" \"$command \"\n"
           "end\n"
           "function __genevactl_exactly\n"
           "    set -l command (__genevactl_command)\n"
           "    test \"$command\" = \"$argv[1]\"\n"
           "end\n";
}

bool takes_names(const OptionEntry& option) {
    return option.positional && (!option.choices.empty() || !kinds_of(option.value).empty());
}

}  // namespace

std::string fish_script(const std::vector<CommandEntry>& commands) {
    auto script = script_header("fish") + functions(commands) + std::string(k_ask);
    for (const auto& command : commands) {
        const bool root = &command == &commands.front();
        const auto path = root ? "" : command.path.substr(commands.front().path.size() + 1);
        for (const auto& child : command.children) {
            const auto full = command.path + " " + child;
            const auto entry = std::ranges::find(commands, full, &CommandEntry::path);
            script += fmt::format(
                "complete -c genevactl -f -n '__genevactl_exactly \"{}\"' -a {} -d {}\n", path,
                child, fish_quoted(entry->description));
        }
        for (const auto& option : command.options) {
            if (!option.positional) {
                script += option_line(root ? "" : fmt::format(" -n '__genevactl_at \"{}\"'", path),
                                      option);
            }
        }
        if (std::ranges::any_of(command.options, takes_names)) {
            script += fmt::format(
                "complete -c genevactl -f -n '__genevactl_at \"{}\"; and __genevactl_ask' "
                "-a '(string join \\n -- $__genevactl_names)'\n",
                path);
        }
    }
    return script;
}

}  // namespace genevactl::cli
