// SPDX-License-Identifier: Apache-2.0
#include "complete.hpp"

#include <algorithm>
#include <ostream>

#include "genevactl/base/text.hpp"
#include "tree.hpp"
#include "typed.hpp"
#include "walk.hpp"

namespace genevactl::cli {

namespace {

constexpr int k_all = 0;
constexpr int k_files_too = 1;
constexpr base::Microseconds k_patience = std::chrono::milliseconds(850);

class Silent final : public model::Reporter {
public:
    void note(const std::string& /*text*/) override {}
    void warn(const std::string& /*text*/, const std::string& /*hint*/) override {}
    void step(const std::string& /*text*/) override {}
    void jobs(const std::vector<model::JobProgress>& /*jobs*/) override {}
    void finish() override {}
};

/// The settings that the options typed so far would give.
std::optional<settings::Settings> settings_of(CLI::App& tree, const Invocation& invocation,
                                              std::vector<std::string> globals,
                                              const base::Surroundings& surroundings) {
    globals.emplace_back("version");  // a command that takes nothing
    std::ranges::reverse(globals);
    try {
        tree.parse(std::move(globals));
    } catch (const CLI::Error&) {
        return std::nullopt;
    }
    auto settings = settings::load(surroundings, invocation.flags);
    if (!settings) {
        return std::nullopt;
    }
    settings->trace_http.value.reset();
    return std::move(*settings);
}

void write_names(const Typed& typed, settings::Settings settings,
                 const base::Surroundings& surroundings, std::ostream& out) {
    Silent reporter;
    auto quiet = surroundings;
    quiet.log = nullptr;
    run::Session session(quiet, std::move(settings), reporter);
    session.limit_time(k_patience);
    const run::WantedNames wanted{
        .kinds = kinds_of(*typed.place), .table = typed.table, .prefix = typed.current};
    for (const auto& found : run::complete_names(session, wanted)) {
        out << found.name;
        if (!found.about.empty()) {
            out << '\t' << base::printable(found.about);
        }
        out << '\n';
    }
}

}  // namespace

int complete(const std::vector<std::string>& words, const base::Surroundings& surroundings,
             std::ostream& out) {
    Invocation invocation;
    const auto tree = make_tree(invocation);
    const auto typed = read_typed(*tree, words);
    if (typed.place == nullptr) {
        return k_files_too;
    }
    if (const auto choices = choices_of(*typed.place); !choices.empty()) {
        for (const auto& choice : choices) {
            if (base::starts_with(choice, typed.current)) {
                out << choice << '\n';
            }
        }
        return k_all;
    }
    if (kinds_of(*typed.place).empty()) {
        return k_files_too;
    }
    const auto placeholder = placeholder_of(*typed.place);
    if (auto settings = settings_of(*tree, invocation, typed.globals, surroundings)) {
        write_names(typed, std::move(*settings), surroundings, out);
    }
    return takes_only_names(placeholder) ? k_all : k_files_too;
}

}  // namespace genevactl::cli
