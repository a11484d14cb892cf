// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "scanner.hpp"

namespace genevactl::manifest {

namespace {

using std::string_view;

/// The variables of a marker with their older spellings.
constexpr std::array<string_view, 20> k_variables = {"python_version",
                                                     "python_full_version",
                                                     "os_name",
                                                     "os.name",
                                                     "sys_platform",
                                                     "sys.platform",
                                                     "platform_release",
                                                     "platform_system",
                                                     "platform_version",
                                                     "platform.version",
                                                     "platform_machine",
                                                     "platform.machine",
                                                     "platform_python_implementation",
                                                     "platform.python_implementation",
                                                     "python_implementation",
                                                     "implementation_name",
                                                     "implementation_version",
                                                     "extra",
                                                     "extras",
                                                     "dependency_groups"};
constexpr std::array<string_view, 8> k_comparisons = {
    "===", "==", "~=", "!=", "<=", ">=", "<", ">"};
/// Deeper parentheses than anybody writes; the parser recurses.
constexpr int k_deepest_marker = 64;

bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_character_name(char c) {
    return is_letter(c) || is_digit(c) || c == ' ' || c == '-';
}

/// Does the escape sequence after a backslash name a character, as Python's literals have it?
bool escape_is_valid(string_view after) {
    const char kind = after.front();
    const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    if (kind == 'N') {
        // Whether a character has this name is left to Python.
        const auto name = after.substr(1, after.find('}') - 1);
        return name.size() > 1 && name.front() == '{' && name.size() + 1 < after.size() &&
               std::all_of(name.begin() + 1, name.end(), is_character_name);
    }
    const auto number = after.substr(1, digits);
    if (number.size() < digits || !std::all_of(number.begin(), number.end(), is_hex)) {
        return false;
    }
    return kind != 'U' || number <= "0010ffff";
}

/// Is this, between quotes, a string literal of one line that Python reads?
bool is_python_string(string_view content) {
    for (std::size_t at = 0; at < content.size(); ++at) {
        const char c = content[at];
        if (c == '\n' || c == '\r' || c == '\0') {
            return false;
        }
        if (c == '\\') {
            if (at + 1 == content.size() || !escape_is_valid(content.substr(at + 1))) {
                return false;
            }
            ++at;
        }
    }
    return true;
}

bool scan_operand(Scanner& scanner) {
    for (const auto variable : k_variables) {
        if (scanner.take_word(variable)) {
            return true;
        }
    }
    const auto begin = scanner.at();
    const char quote = scanner.peek();
    if (quote != '\'' && quote != '"') {
        return scanner.expected(
            "a variable of markers (such as python_version or sys_platform) or a quoted string");
    }
    const auto length = scanner.rest().find(quote, 1);
    if (length == string_view::npos) {
        return scanner.expected_at(begin, "a closing quote");
    }
    if (!is_python_string(scanner.rest().substr(1, length - 1))) {
        return scanner.expected_at(begin, "a string whose backslashes are valid escapes");
    }
    scanner.skip(length + 1);
    return true;
}

bool scan_operator(Scanner& scanner) {
    if (scanner.take_word("in")) {
        return true;
    }
    if (scanner.take_word("not")) {
        const auto before = scanner.at();
        scanner.skip_blanks();
        return (scanner.at() > before && scanner.take_word("in")) ||
               scanner.expected("'in' after 'not'");
    }
    for (const auto op : k_comparisons) {
        if (scanner.take(op)) {
            return true;
        }
    }
    return scanner.expected("a comparison (==, !=, <=, >=, <, >, ~=, ===, in, not in)");
}

bool scan_expression(Scanner& scanner, int depth);

bool scan_atom(Scanner& scanner, int depth) {
    scanner.skip_blanks();
    if (scanner.peek() == '(') {
        if (depth == k_deepest_marker) {
            return scanner.expected("fewer nested parentheses");
        }
        scanner.skip(1);
        if (!scan_expression(scanner, depth + 1)) {
            return false;
        }
        if (!scanner.take(")")) {
            return scanner.expected("'and', 'or' or a closing parenthesis");
        }
    } else {
        if (!scan_operand(scanner)) {
            return false;
        }
        scanner.skip_blanks();
        if (!scan_operator(scanner)) {
            return false;
        }
        scanner.skip_blanks();
        if (!scan_operand(scanner)) {
            return false;
        }
    }
    scanner.skip_blanks();
    return true;
}

bool scan_expression(Scanner& scanner, int depth) {
    do {
        if (!scan_atom(scanner, depth)) {
            return false;
        }
    } while (scanner.take_word("and") || scanner.take_word("or"));
    return true;
}

}  // namespace

bool scan_marker(Scanner& scanner) {
    return scan_expression(scanner, 0);
}

std::optional<SyntaxProblem> check_marker(string_view text) {
    Scanner scanner(text);
    if (!scan_marker(scanner)) {
        return scanner.problem();
    }
    if (!scanner.ends()) {
        return SyntaxProblem{scanner.at(), "'and', 'or' or the end"};
    }
    return std::nullopt;
}

}  // namespace genevactl::manifest
