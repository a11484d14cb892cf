// SPDX-License-Identifier: Apache-2.0
#include "examples.hpp"

#include <algorithm>

#include "genevactl/base/text.hpp"
#include "support/catch.hpp"
#include "tree.hpp"
#include "walk.hpp"

using namespace genevactl;

namespace {

/// The words of an example as a shell reads them, from `genevactl` to the end of that command.
std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    char quote = 0;
    bool any = false;
    const auto end_word = [&] {
        if (any) words.push_back(word);
        word.clear();
        any = false;
    };
    for (const char c : line.substr(line.find("genevactl "))) {
        if (quote == 0 && (c == '|' || c == '<' || c == ')')) break;
        if (quote == 0 && c == ' ') {
            end_word();
        } else if (c == quote) {
            quote = 0;
        } else if (quote == 0 && (c == '\'' || c == '"')) {
            quote = c;
            any = true;
        } else {
            word += c;
            any = true;
        }
    }
    end_word();
    words.erase(words.begin());
    return words;
}

}  // namespace

TEST_CASE("every example can be typed as it stands", "[cli]") {
    for (const auto& example : cli::examples()) {
        CAPTURE(example.line);
        cli::Invocation invocation;
        const auto tree = cli::make_tree(invocation);
        auto words = words_of(example.line);
        const auto path = base::split(std::string(example.command), ' ');
        const std::vector<std::string> command(path.begin() + 1, path.end());
        CHECK(std::ranges::search(words, command).size() == command.size());
        std::ranges::reverse(words);
        CHECK_NOTHROW(tree->parse(words));
        CHECK((invocation.verb || invocation.text));
    }
}

TEST_CASE("every example is of a command that there is, and stands in its help", "[cli]") {
    cli::Invocation invocation;
    const auto tree = cli::make_tree(invocation);
    const auto commands = cli::walk(*tree);
    for (const auto& example : cli::examples()) {
        CAPTURE(example.command);
        CHECK(std::ranges::count(commands, example.command, &cli::CommandEntry::path) == 1);
    }
    const auto* backfill = tree->get_subcommand("backfill");
    CHECK(backfill->help().find("Examples:\n  genevactl backfill docs embedding\n") !=
          std::string::npos);
}
