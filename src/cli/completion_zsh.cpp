// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "completion.hpp"
#include "genevactl/base/text.hpp"

namespace genevactl::cli {

namespace {

// $path is PATH there.
constexpr std::string_view k_values = R"zsh(# What may stand here: genevactl itself says.
_genevactl_values() {
    local -a names shown
    local answer line files=0 found=1
    answer="$($words[1] __complete "${typed[@]}" 2>/dev/null)" || files=1
    for line in "${(@f)answer}"; do
        [[ -n $line ]] || continue
        names+=("${line%%$'\t'*}")
        shown+=("${line/$'\t'/  -- }")
    done
    ((${#names})) && compadd "$@" -l -d shown -a names && found=0
    ((files)) && _files && found=0
    return found
}

_genevactl() {
    local command="genevactl" i
    local -a typed
    typed=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
    for ((i = 2; i < CURRENT; i++)); do
        case "$command ${words[i]}" in
)zsh";

std::string zsh_quoted(std::string text) {
    for (std::size_t at = 0; (at = text.find_first_of("'[]:", at)) != std::string::npos;) {
        const std::string escaped = text[at] == '\'' ? "'\\''" : std::string("\\") + text[at];
        text.replace(at, 1, escaped);
        at += escaped.size();
    }
    return text;
}  // namespace genevactl::cli

std::string value_of(const OptionEntry& option) {
    if (option.value.empty()) {
        return "";
    }
    const auto values = option.choices.empty() ? std::string("_genevactl_values")
                                               : "(" + base::join(option.choices, " ") + ")";
    return fmt::format(":{}:{}", zsh_quoted(option.value), values);
}

std::string zsh_options_of(const CommandEntry& command) {
    std::string text;
    for (const auto& option : command.options) {
        for (const auto& name : option.names) {
            if (!option.positional) {
                text += fmt::format(" '{}{}[{}]{}'", option.repeats ? "*" : "", name,
                                    zsh_quoted(option.description), value_of(option));
            }
        }
    }
    return text;
}

}  // namespace

std::string zsh_script(const std::vector<CommandEntry>& commands) {
    auto script = "#compdef genevactl\n" + script_header("zsh") + std::string(k_values);
    script += "            \"$command \"(" + base::join(options_with_value(commands), "|") +
              ")) ((i++)) ;;\n";
    for (const auto& command : commands) {
        if (command.path != commands.front().path) {
            script += fmt::format("            \"{0}\") command=\"{0}\" ;;\n", command.path);
        }
    }
    script += "        esac\n    done\n    local -a children options\n    case \"$command\" in\n";
    for (const auto& command : commands) {
        script += fmt::format("        \"{}\")\n            children=(", command.path);
        for (const auto& child : command.children) {
            const auto full = command.path + " " + child;
            const auto entry = std::ranges::find(commands, full, &CommandEntry::path);
            script += fmt::format(" '{}:{}'", child, zsh_quoted(entry->description));
        }
        script += " )\n            options=(" + zsh_options_of(command);
        if (&command != &commands.front()) {
            script += zsh_options_of(commands.front());
        }
        script += " ) ;;\n";
    }
    script +=
        "    esac\n"
        "    _arguments $options '--help[Show the help]' '*:argument:{ if ((${#children})); then "
        "_describe command children; else _genevactl_values; fi }'\n}\n"
        "if [[ \"${funcstack[1]}\" == _genevactl ]]; then\n    _genevactl \"$@\"\nelse\n"
        "    compdef _genevactl genevactl\nfi\n";
    return script;
}

}  // namespace genevactl::cli
