// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "completion.hpp"
#include "genevactl/base/text.hpp"

namespace genevactl::cli {

namespace {

// readline cuts words at ":" and "=" (`--uri db://demo` is four): they are put together again, and
// of what is offered only the part behind the last cut is given back.
constexpr std::string_view k_functions =
    R"bash(# Offers the candidates that begin with $1, without $2, which readline keeps.
_genevactl_offer() {
    local current=$1 kept=$2 candidate
    shift 2
    for candidate; do
        [[ $candidate == "$current"* ]] || continue
        printf -v candidate %q "${candidate#"$kept"}"
        COMPREPLY+=("$candidate")
    done
}

_genevactl() {
    local word rest=$COMP_LINE i typed=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i == 0)) || [[ $rest == [[:space:]]* ]]; then
            typed+=("$word")
        else
            typed[-1]+=$word
        fi
        rest=${rest#"${rest%%[![:space:]]*}"}
        rest=${rest#"$word"}
    done
    local last=$((${#typed[@]} - 1))
    local current=${typed[last]} path=genevactl skip=0 option=
    for ((i = 1; i < last; i++)); do
        if ((skip)); then
            skip=0
            continue
        fi
        case "${typed[i]}" in
)bash";

constexpr std::string_view k_bash_end = R"bash(    esac
    if [[ $current == --*=* ]]; then
        option=${current%%=*}
        current=${current#*=}
    elif ((skip)); then
        option=${typed[last - 1]}
    fi
    word=${COMP_WORDS[COMP_CWORD]}
    [[ $word != [=:] ]] || word=
    local kept=${current%"$word"}
    COMPREPLY=()
    if [[ -z $option && $current == -* ]]; then
        _genevactl_offer "$current" "$kept" $options
        return
    fi
    if [[ -z $option && -n $words ]]; then
        _genevactl_offer "$current" "$kept" $words
        return
    fi
    local answer names=()
    if answer=$("${typed[0]}" __complete "${typed[@]:1}" 2>/dev/null); then
        compopt +o default 2>/dev/null # there are no files among them
    fi
    while IFS= read -r word; do
        [[ -z $word ]] || names+=("${word%%$'\t'*}")
    done <<<"$answer"
    _genevactl_offer "$current" "$kept" "${names[@]}"
}
complete -o default -F _genevactl genevactl
)bash";

}  // namespace

std::string bash_script(const std::vector<CommandEntry>& commands) {
    auto script = script_header("bash") + std::string(k_functions);
    script += "            " + base::join(options_with_value(commands), "|") + ") skip=1 ;;\n";
    script +=
        "            -*) ;;\n"
        "            *) case \"$path ${typed[i]}\" in\n";
    for (const auto& command : commands) {
        if (command.path != commands.front().path) {
            script += fmt::format("                \"{0}\") path=\"{0}\" ;;\n", command.path);
        }
    }
    script +=
        "            esac ;;\n        esac\n    done\n"
        "    local words=\"\" options=\"\"\n    case \"$path\" in\n";
    for (const auto& command : commands) {
        script += fmt::format(
            "        \"{}\")\n            words=\"{}\"\n            options=\"{}\" ;;\n",
            command.path, base::join(command.children, " "),
            base::join(option_words(command, commands.front()), " "));
    }
    return script + std::string(k_bash_end);
}

}  // namespace genevactl::cli
