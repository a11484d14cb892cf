// SPDX-License-Identifier: Apache-2.0
#include "examples.hpp"

#include <array>

#include "genevactl/base/text.hpp"

namespace genevactl::cli {

namespace {

constexpr auto k_lines = std::to_array<Example>({
    {"genevactl manifest create pip",
     "genevactl manifest create pip deps wordllama==0.3.9 --out deps.json"},
    {"genevactl manifest create pip",
     "genevactl manifest create pip deps -r requirements.txt --env HF_HUB_OFFLINE=1 --out "
     "deps.json"},
    {"genevactl manifest show", "genevactl manifest show deps.json"},
    {"genevactl manifest diff", "genevactl manifest diff deps.json new.json --exit-code"},
    {"genevactl manifest pin", "genevactl manifest pin deps.json --out pinned.json"},
    {"genevactl manifest try", "genevactl manifest try deps.json features:embed"},
    {"genevactl capture plan", "genevactl capture plan --skip-site-packages"},
    {"genevactl capture create",
     "genevactl capture create workspace --skip-site-packages --out workspace.json"},
    {"genevactl transform inspect", "genevactl transform inspect features:embed"},
    {"genevactl transform run", "genevactl transform run features:embed --table docs --rows 3"},
    {"genevactl column add",
     "genevactl column add docs embedding features:embed --manifest deps.json"},
    {"genevactl column add", "genevactl column add docs words --expression \"length(text) / 5\""},
    {"genevactl column alter",
     "genevactl column alter docs embedding features:embed --manifest new.json"},
    {"genevactl column list", "genevactl column list docs"},
    {"genevactl table list", "genevactl table list --recursive"},
    {"genevactl table head",
     "genevactl table head docs --columns id,text --where \"lang = 'en'\" --limit 3"},
    {"genevactl resolve", "genevactl resolve docs embedding"},
    {"genevactl backfill", "genevactl backfill docs embedding"},
    {"genevactl backfill", "genevactl backfill docs embedding --where \"lang = 'en'\" --dry-run"},
    {"genevactl backfill", "genevactl backfill docs embedding --detach -o name"},
    {"genevactl job list", "genevactl job list --table docs --status FAILED --since 7d"},
    {"genevactl job wait", "genevactl job wait --timeout 30m"},
    {"genevactl local start", "genevactl local start --root data --detach"},
    {"genevactl local env", "eval \"$(genevactl local env)\""},
    {"genevactl config set", "genevactl config set api_key < key.txt"},
    {"genevactl config set", "genevactl --profile work config set uri db://demo"},
    {"genevactl doctor", "genevactl doctor"},
    {"genevactl doctor", "genevactl doctor --write -o json"},
    {"genevactl api", "genevactl api GET '/v1/namespace/$/table/list?delimiter=%24'"},
    {"genevactl api",
     "echo '{\"id\": [\"docs\"]}' | genevactl api POST /v1/table/docs/count_rows --body -"},
    {"genevactl completion", "source <(genevactl completion bash)"},
    {"genevactl man", "genevactl man column add | man -l -"},
});

void add_below(CLI::App& app, const std::string& path) {
    for (auto* child : app.get_subcommands([](const CLI::App*) { return true; })) {
        const auto command = path + " " + child->get_name();
        const auto lines = examples_of(command);
        child->footer(lines.empty() ? "" : "Examples:\n  " + base::join(lines, "\n  "));
        add_below(*child, command);
    }
}

}  // namespace

const std::vector<Example>& examples() {
    static const std::vector<Example> all(k_lines.begin(), k_lines.end());
    return all;
}

std::vector<std::string> examples_of(std::string_view command) {
    std::vector<std::string> lines;
    for (const auto& example : examples()) {
        if (example.command == command) {
            lines.emplace_back(example.line);
        }
    }
    return lines;
}

void add_examples(CLI::App& tree) {
    add_below(tree, tree.get_name());
}

}  // namespace genevactl::cli
