// SPDX-License-Identifier: Apache-2.0
#include "typed.hpp"

#include <algorithm>
#include <map>

#include "genevactl/base/text.hpp"
#include "walk.hpp"

namespace genevactl::cli {

using run::NameKind;

namespace {

bool looks_like_option(const std::string& word) {
    return word.size() > 1 && word.front() == '-';
}

bool takes_value(const CLI::Option& option) {
    return option.get_items_expected_max() > 0;
}

/// Goes through the words as the parser would, without minding what is wrong with them.
class Reader {
public:
    explicit Reader(const CLI::App& tree) : m_tree(tree), m_command(&tree) {}

    Typed read(const std::vector<std::string>& words) {
        for (std::size_t i = 0; i + 1 < words.size(); ++i) {
            const auto& word = words[i];
            if (!looks_like_option(word)) {
                take_word(word);
                continue;
            }
            const auto equals = word.find('=');
            const auto name = word.substr(0, equals);
            const auto* option = option_of(name);
            if (option == nullptr || !takes_value(*option)) {
                continue;
            }
            if (equals != std::string::npos) {
                take_value(name, *option, word.substr(equals + 1));
            } else if (++i + 1 < words.size()) {
                take_value(name, *option, words[i]);
            } else {
                m_typed.place = option;
            }
        }
        finish(words.empty() ? "" : words.back());
        return std::move(m_typed);
    }

private:
    const CLI::Option* option_of(const std::string& name) const {
        const auto* option = m_command->get_option_no_throw(name);
        return option != nullptr ? option : m_tree.get_option_no_throw(name);
    }

    const CLI::Option* argument(std::size_t index) const {
        const CLI::Option* last = nullptr;
        for (const auto* option : m_command->get_options()) {
            if (!option->get_positional()) {
                continue;
            }
            last = option;
            if (index-- == 0) {
                return option;
            }
        }
        return last != nullptr && last->get_items_expected_max() > 1 ? last : nullptr;
    }

    void take_word(const std::string& word) {
        const auto children = m_command->get_subcommands(
            [&](const CLI::App* child) { return child->get_name() == word; });
        if (!children.empty() && m_arguments == 0) {
            m_command = children.front();
        } else if (const auto* place = argument(m_arguments++)) {
            note_table(*place, word);
        }
    }

    void take_value(const std::string& name, const CLI::Option& option, const std::string& value) {
        note_table(option, value);
        if (&option == m_tree.get_option_no_throw(name)) {
            m_typed.globals.insert(m_typed.globals.end(), {name, value});
        }
    }

    void note_table(const CLI::Option& option, const std::string& value) {
        const auto kinds = kinds_of(option);
        const bool names_one = std::ranges::any_of(
            kinds, [](NameKind kind) { return kind == NameKind::table || kind == NameKind::view; });
        if (names_one && m_typed.table.empty()) {
            m_typed.table = value;
        }
    }

    void finish(const std::string& last) {
        m_typed.current = last;
        if (m_typed.place != nullptr) {
            return;
        }
        if (!looks_like_option(last)) {
            m_typed.place = argument(m_arguments);
        } else if (const auto equals = last.find('='); equals != std::string::npos) {
            m_typed.place = option_of(last.substr(0, equals));
            m_typed.current = last.substr(equals + 1);
        }
    }

    const CLI::App& m_tree;
    const CLI::App* m_command;
    std::size_t m_arguments = 0;
    Typed m_typed = {};
};

const std::map<std::string, NameKind, std::less<>>& kinds_by_placeholder() {
    static const std::map<std::string, NameKind, std::less<>> kinds = {
        {"TABLE", NameKind::table},       {"VIEW", NameKind::view},  {"COLUMN", NameKind::column},
        {"JOB", NameKind::job},           {"ID", NameKind::job},     {"PROFILE", NameKind::profile},
        {"MANIFEST", NameKind::manifest}, {"KEY", NameKind::setting}};
    return kinds;
}

}  // namespace

Typed read_typed(const CLI::App& tree, const std::vector<std::string>& words) {
    return Reader(tree).read(words);
}

std::vector<NameKind> kinds_of(const std::string& placeholder) {
    std::vector<NameKind> kinds;
    for (const auto& word : base::split(placeholder, '|')) {
        const auto found = kinds_by_placeholder().find(word);
        if (found != kinds_by_placeholder().end()) {
            kinds.push_back(found->second);
        }
    }
    return kinds;
}

std::vector<NameKind> kinds_of(const CLI::Option& option) {
    return kinds_of(placeholder_of(option));
}

bool takes_only_names(const std::string& placeholder) {
    const auto words = base::split(placeholder, '|');
    return std::ranges::all_of(
        words, [](const std::string& word) { return kinds_by_placeholder().contains(word); });
}

}  // namespace genevactl::cli
