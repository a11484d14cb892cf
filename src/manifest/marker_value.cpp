// SPDX-License-Identifier: Apache-2.0
#include "marker_value.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "genevactl/base/text.hpp"
#include "python_text.hpp"
#include "scanner.hpp"
#include "version.hpp"

namespace genevactl::manifest {

namespace {

using std::string_view;
using Pair = std::pair<string_view, string_view>;

constexpr std::array<Pair, 6> k_older_spellings = {
    {{"os.name", "os_name"},
     {"sys.platform", "sys_platform"},
     {"platform.version", "platform_version"},
     {"platform.machine", "platform_machine"},
     {"platform.python_implementation", "platform_python_implementation"},
     {"python_implementation", "platform_python_implementation"}}};

string_view replaced(string_view text, const auto& table) {
    const auto found =
        std::ranges::find_if(table, [&](const Pair& pair) { return pair.first == text; });
    return found == table.end() ? text : found->second;
}

bool is_version(string_view variable) {
    return variable == "python_version" || variable == "python_full_version" ||
           variable == "implementation_version";
}

bool is_set(string_view variable) {
    return variable == "extra" || variable == "extras" || variable == "dependency_groups";
}

struct Operand {
    std::string text;  ///< a literal's content, or a variable's name
    bool is_variable = false;
};

/// Evaluates a marker whose syntax was checked.
class Evaluation {
public:
    Evaluation(string_view marker, const MarkerEnvironment& environment)
        : m_scanner(marker), m_environment(environment) {}

    bool expression() {
        bool value = conjunction();
        while (m_scanner.take_word("or")) {
            const bool next = conjunction();
            value = value || next;
        }
        return value;
    }

private:
    bool conjunction() {
        bool value = atom();
        while (m_scanner.take_word("and")) {
            const bool next = atom();
            value = value && next;
        }
        return value;
    }

    bool atom() {
        m_scanner.skip_blanks();
        bool value = false;
        if (m_scanner.take("(")) {
            value = expression();
            m_scanner.take(")");
        } else {
            const auto left = operand();
            const auto op = operation();
            value = compare(left, op, operand());
        }
        m_scanner.skip_blanks();
        return value;
    }

    Operand operand() {
        m_scanner.skip_blanks();
        const char quote = m_scanner.peek();
        if (quote == '\'' || quote == '"') {
            const auto length = m_scanner.rest().find(quote, 1);
            std::string content(m_scanner.rest().substr(1, length - 1));
            m_scanner.skip(length + 1);
            return {std::move(content)};
        }
        const auto begin = m_scanner.at();
        while (is_word(m_scanner.peek()) || m_scanner.peek() == '.') {
            m_scanner.skip(1);
        }
        return {std::string(replaced(m_scanner.since(begin), k_older_spellings)), true};
    }

    std::string operation() {
        m_scanner.skip_blanks();
        if (m_scanner.take_word("in")) {
            return "in";
        }
        if (m_scanner.take_word("not")) {
            m_scanner.skip_blanks();
            m_scanner.take_word("in");
            return "not in";
        }
        const auto begin = m_scanner.at();
        while (string_view("=<>!~").find(m_scanner.peek()) != string_view::npos &&
               !m_scanner.ends()) {
            m_scanner.skip(1);
        }
        return std::string(m_scanner.since(begin));
    }

    std::string value_of(const Operand& operand) const {
        if (!operand.is_variable) {
            return operand.text;
        }
        const auto found = m_environment.variables.find(operand.text);
        return found == m_environment.variables.end() ? "" : found->second;
    }

    bool compare(const Operand& left, const std::string& op, const Operand& right) const {
        if (left.is_variable && is_set(left.text)) {
            return compare_set(left.text, op, value_of(right));
        }
        if (right.is_variable && is_set(right.text)) {
            return compare_set(right.text, op, value_of(left));
        }
        const auto a = value_of(left);
        const auto b = value_of(right);
        if (op == "in" || op == "not in") {
            return is_in(left, a, b) == (op == "in");
        }
        const auto& variable = left.is_variable ? left : right;
        if (variable.is_variable && is_version(variable.text)) {
            const auto answer = compare_version(a, op, b);
            if (answer) {
                return *answer;
            }
        }
        return compare_text(a, op, b);
    }

    bool compare_set(string_view variable, string_view op, string_view name) const {
        const auto& set =
            variable == "dependency_groups" ? m_environment.groups : m_environment.extras;
        const bool has = set.contains(canonical_name(name));
        return has == (op == "==" || op == "===" || op == "in");
    }

    /// `python_version in "3.10 3.11"` is meant as a list.
    static bool is_in(const Operand& left, const std::string& a, string_view b) {
        if (!left.is_variable || !is_version(left.text)) {
            return b.find(a) != string_view::npos;
        }
        std::string list(b);
        std::ranges::replace_if(
            list, [](char c) { return c == ',' || c == '|'; }, ' ');
        for (const auto& item : base::split(list, ' ')) {
            if (!item.empty() && contains({{"==", item}}, a)) {
                return true;
            }
        }
        return false;
    }

    /// Whichever side is the variable, the right one is what is compared with, as `packaging` has
    /// it. Nothing if one is no version.
    static std::optional<bool> compare_version(string_view a, const std::string& op,
                                               string_view b) {
        const VersionSpecifier specifier{op, std::string(strip(b))};
        if (op == "===" || !parse_version(a) || !parse_requirement("x" + op + specifier.version)) {
            return std::nullopt;
        }
        return contains({specifier}, a);
    }

    static bool compare_text(string_view a, string_view op, string_view b) {
        if (op == "==" || op == "===") return a == b;
        if (op == "!=") return a != b;
        if (op == "<") return a < b;
        if (op == "<=") return a <= b;
        if (op == ">") return a > b;
        return op == ">=" && a >= b;
    }

    Scanner m_scanner;
    const MarkerEnvironment& m_environment;
};

}  // namespace

tl::expected<bool, SyntaxProblem> marker_holds(string_view marker,
                                               const MarkerEnvironment& environment) {
    if (strip(marker).empty()) {
        return true;
    }
    if (auto problem = check_marker(marker)) {
        return tl::unexpected<SyntaxProblem>(std::move(*problem));
    }
    return Evaluation(marker, environment).expression();
}

}  // namespace genevactl::manifest
