// SPDX-License-Identifier: Apache-2.0
#include "option_words.hpp"

#include <array>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"

namespace genevactl::manifest {

namespace {

using std::string_view;

struct OptionRow {
    string_view name;
    char letter;  // NUL when there is none
    bool takes_value;
    LineOption option;
};

/// The options of pip 24 to 26 in requirements files (its documentation, "Requirements File
/// Format").
constexpr std::array<OptionRow, 21> k_options = {{
    {"--index-url", 'i', true, LineOption::index_url},
    {"--pypi-url", '\0', true, LineOption::index_url},
    {"--extra-index-url", '\0', true, LineOption::extra_index_url},
    {"--no-index", '\0', false, LineOption::no_index},
    {"--constraint", 'c', true, LineOption::constraint},
    {"--requirement", 'r', true, LineOption::requirement},
    {"--editable", 'e', true, LineOption::editable},
    {"--find-links", 'f', true, LineOption::find_links},
    {"--no-binary", '\0', true, LineOption::no_binary},
    {"--only-binary", '\0', true, LineOption::only_binary},
    {"--prefer-binary", '\0', false, LineOption::prefer_binary},
    {"--require-hashes", '\0', false, LineOption::require_hashes},
    {"--no-require-hashes", '\0', false, LineOption::no_require_hashes},
    {"--pre", '\0', false, LineOption::pre},
    {"--all-releases", '\0', true, LineOption::all_releases},
    {"--only-final", '\0', true, LineOption::only_final},
    {"--trusted-host", '\0', true, LineOption::trusted_host},
    {"--use-feature", '\0', true, LineOption::use_feature},
    {"--hash", '\0', true, LineOption::hash},
    {"--config-settings", 'C', true, LineOption::config_settings},
    {"--config-setting", '\0', true, LineOption::config_settings},
}};

std::string no_such_option(string_view name) {
    std::vector<std::string> names;
    for (const auto& row : k_options) {
        names.emplace_back(row.name);
    }
    const auto meant = base::did_you_mean(name, names);
    return fmt::format("pip reads no option {} in a requirements file{}", name,
                       meant.empty() ? "" : ": " + meant);
}

/// By the whole name, or by a beginning that only one option has.
const OptionRow* find_long(string_view name) {
    const OptionRow* found = nullptr;
    for (const auto& row : k_options) {
        if (row.name == name) {
            return &row;
        }
        if (base::starts_with(row.name, name)) {
            if (found != nullptr && found->option != row.option) {
                return nullptr;
            }
            found = &row;
        }
    }
    return found;
}

const OptionRow* find_short(char letter) {
    for (const auto& row : k_options) {
        if (row.letter == letter) {
            return &row;
        }
    }
    return nullptr;
}

/// An option as written: its row, and the value where it is joined to the name.
struct Written {
    const OptionRow* row = nullptr;
    std::optional<std::string> value = {};
};

Written read_word(const std::string& word) {
    if (base::starts_with(word, "--")) {
        const auto equals = word.find('=');
        const auto* const row = find_long(string_view(word).substr(0, equals));
        if (equals == std::string::npos) {
            return {row};
        }
        return {row, word.substr(equals + 1)};
    }
    const auto* const row = find_short(word[1]);
    if (word.size() == 2) {
        return {row};
    }
    return {row, word.substr(2)};
}

/// Takes one word of a shell's text off the front; false when a quote is not closed.
bool take_word(string_view& text, std::string& word) {
    char quote = '\0';
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\\' && quote != '\'') {
            if (++at == text.size()) {
                return false;
            }
            if (quote == '"' && text[at] != '"' && text[at] != '\\') {
                word += '\\';
            }
            word += text[at];
        } else if (quote != '\0') {
            if (c == quote) {
                quote = '\0';
            } else {
                word += c;
            }
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == ' ' || c == '\t') {
            break;
        } else {
            word += c;
        }
    }
    text.remove_prefix(at);
    return quote == '\0';
}

/// What is wrong with the value of a requirement's own option, or "".
std::string problem_of(LineOption option, string_view value) {
    if (option == LineOption::config_settings && value.find('=') == string_view::npos) {
        return "--config-settings needs KEY=VALUE";
    }
    const auto algorithm = value.substr(0, value.find(':'));
    const bool strong = algorithm == "sha256" || algorithm == "sha384" || algorithm == "sha512";
    if (option == LineOption::hash && (!strong || algorithm == value)) {
        return "--hash needs sha256:DIGEST (or sha384, sha512)";
    }
    return {};
}

}  // namespace

SplitLine split_line(string_view line) {
    std::size_t begin = 0;
    while (begin < line.size() && line[begin] != '-') {
        const auto blank = line.find(' ', begin);
        if (blank == string_view::npos) {
            return {std::string(line), {}};
        }
        begin = blank + 1;
    }
    return {std::string(base::trim(line.substr(0, begin))), std::string(line.substr(begin))};
}

std::optional<std::vector<std::string>> shell_words(string_view text) {
    std::vector<std::string> words;
    while (true) {
        while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
            text.remove_prefix(1);
        }
        if (text.empty()) {
            return words;
        }
        if (!take_word(text, words.emplace_back())) {
            return std::nullopt;
        }
    }
}

tl::expected<std::vector<OptionWord>, std::string> parse_options(string_view text) {
    const auto words = shell_words(text);
    if (!words) {
        return tl::unexpected<std::string>("a quote that is not closed");
    }
    std::vector<OptionWord> result;
    for (std::size_t i = 0; i < words->size(); ++i) {
        const auto& word = (*words)[i];
        if (word.size() < 2 || word.front() != '-' || word == "--") {
            return tl::unexpected<std::string>("words after the options that belong to none");
        }
        auto written = read_word(word);
        if (written.row == nullptr) {
            return tl::unexpected<std::string>(no_such_option(word.substr(0, word.find('='))));
        }
        const auto& row = *written.row;
        if (row.takes_value && !written.value) {
            if (++i == words->size()) {
                return tl::unexpected<std::string>(fmt::format("{} needs a value", row.name));
            }
            written.value = (*words)[i];
        } else if (!row.takes_value && written.value) {
            return tl::unexpected<std::string>(fmt::format("{} takes no value", row.name));
        }
        if (auto problem = problem_of(row.option, written.value.value_or("")); !problem.empty()) {
            return tl::unexpected<std::string>(std::move(problem));
        }
        result.push_back({row.option, row.name, written.value.value_or("")});
    }
    return result;
}

}  // namespace genevactl::manifest
