// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "completion.hpp"
#include "genevactl/base/text.hpp"

namespace genevactl::cli {

namespace {

constexpr std::string_view k_powershell_end = R"powershell(
    $words = @($commandAst.CommandElements | ForEach-Object { $_.Extent.Text })
    if ($wordToComplete -eq '') { $words += '' }
    $path = 'genevactl'
    $skip = $false
    for ($i = 1; $i -lt $words.Count - 1; $i++) {
        if ($skip) { $skip = $false }
        elseif ($withValue -ccontains $words[$i]) { $skip = $true }
        elseif ($commands.ContainsKey("$path $($words[$i])")) { $path = "$path $($words[$i])" }
    }
    $entry = $commands[$path]
    if (-not $skip -and $wordToComplete.StartsWith('-')) { $found = $entry.options }
    elseif (-not $skip -and $entry.children.Count -gt 0) { $found = $entry.children }
    else {
        $rest = @($words | Select-Object -Skip 1)
        $found = @(& $words[0] __complete @rest 2>$null | ForEach-Object { ($_ -split "`t")[0] })
    }
    $found | Where-Object { $_ -clike "$wordToComplete*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
)powershell";

std::string list_of(const std::vector<std::string>& words) {
    return words.empty() ? "@()" : "@('" + base::join(words, "', '") + "')";
}

}  // namespace

std::string powershell_script(const std::vector<CommandEntry>& commands) {
    auto script = script_header("powershell");
    script +=
        "Register-ArgumentCompleter -Native -CommandName genevactl -ScriptBlock {\n"
        "    param($wordToComplete, $commandAst, $cursorPosition)\n"
        "    $withValue = " +
        list_of(options_with_value(commands)) + "\n    $commands = @{\n";
    for (const auto& command : commands) {
        script += fmt::format("        '{}' = @{{ children = {}; options = {} }}\n", command.path,
                              list_of(command.children),
                              list_of(option_words(command, commands.front())));
    }
    return script + "    }\n" + std::string(k_powershell_end);
}

}  // namespace genevactl::cli
