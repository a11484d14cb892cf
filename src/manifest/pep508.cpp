// SPDX-License-Identifier: Apache-2.0
#include "pep508.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "python_text.hpp"
#include "scanner.hpp"

namespace genevactl::manifest {

namespace {

using std::string_view;

bool is_name_character(char c) {
    return is_digit(c) || is_letter(c) || c == '.' || c == '_' || c == '-';
}

/// A project's or extra's name: letters, digits and `._-`, first a letter or digit, last no `.-`.
string_view take_name(Scanner& scanner) {
    if (!is_digit(scanner.peek()) && !is_letter(scanner.peek())) {
        return {};
    }
    const auto rest = scanner.rest();
    std::size_t length = 1;
    while (length < rest.size() && is_name_character(rest[length])) {
        ++length;
    }
    while (rest[length - 1] == '.' || rest[length - 1] == '-') {
        --length;
    }
    scanner.skip(length);
    return rest.substr(0, length);
}

bool scan_extras(Scanner& scanner, Requirement& result) {
    if (!scanner.take("[")) {
        return true;
    }
    scanner.skip_blanks();
    if (scanner.take("]")) {
        return true;
    }
    while (true) {
        const auto extra = take_name(scanner);
        if (extra.empty()) {
            return scanner.expected("the name of an extra");
        }
        result.extras.emplace_back(extra);
        scanner.skip_blanks();
        if (scanner.take("]")) {
            return true;
        }
        if (!scanner.take(",")) {
            return scanner.expected("a comma or a closing bracket");
        }
        scanner.skip_blanks();
    }
}

constexpr std::array<string_view, 8> k_operators = {"===", "==", "!=", "~=", "<=", ">=", "<", ">"};
constexpr string_view k_operator_characters = "=!~<>";

/// The operator that the text starts with, or "".
string_view operator_at_front(string_view text) {
    for (const auto op : k_operators) {
        if (base::starts_with(text, op)) {
            return op;
        }
    }
    return {};
}

VersionSpecifier split_specifier(string_view text) {
    const auto op = operator_at_front(text);
    return {std::string(op), std::string(strip(text.substr(op.size())))};
}

/// `===1,==2` is one token of the grammar and yet two specifiers.
bool add_specifiers(Scanner& scanner, std::size_t begin, Requirement& result) {
    for (const auto& piece : base::split(scanner.since(begin), ',')) {
        const auto text = strip(piece);
        if (text.empty()) {
            continue;
        }
        if (specifier_at_front(text) != text.size()) {
            return scanner.expected_at(begin, "versions after '===' without a comma");
        }
        result.specifiers.push_back(split_specifier(text));
    }
    return true;
}

/// The problem of a comparison that is none, or whose version does not follow.
bool no_version(Scanner& scanner) {
    const auto op = operator_at_front(scanner.rest());
    const auto after = scanner.rest().substr(op.size(), 1);
    if (op.empty() || (!after.empty() && k_operator_characters.find(after) != string_view::npos)) {
        return scanner.expected("one of ==, !=, ~=, <=, >=, <, >, ===");
    }
    scanner.skip(op.size());
    scanner.skip_blanks();
    if (op == "~=" && is_digit(scanner.peek())) {
        return scanner.expected("a version of at least two numbers after '~='");
    }
    return scanner.expected(fmt::format("a version after '{}'", op));
}

bool check_after_specifier(Scanner& scanner) {
    if (base::starts_with(scanner.rest(), ".*")) {
        return scanner.expected("no '.*': it goes with '==' and '!=' and plain numbers only");
    }
    if (scanner.peek() == '+') {
        return scanner.expected("no local version: it goes with '==' and '!=' only");
    }
    return true;
}

bool scan_specifiers(Scanner& scanner, Requirement& result) {
    const bool enclosed = scanner.take("(");
    scanner.skip_blanks();
    bool more = true;
    while (more) {
        const auto begin = scanner.at();
        const auto length = specifier_at_front(scanner.rest());
        if (length == 0) {
            break;
        }
        scanner.skip(length);
        if (!check_after_specifier(scanner) || !add_specifiers(scanner, begin, result)) {
            return false;
        }
        scanner.skip_blanks();
        more = scanner.take(",");
        scanner.skip_blanks();
    }
    if (!scanner.ends() && k_operator_characters.find(scanner.peek()) != string_view::npos) {
        return more ? no_version(scanner) : scanner.expected("a comma");
    }
    if (enclosed && !scanner.take(")")) {
        return scanner.expected("a closing parenthesis");
    }
    return true;
}

bool scan_url(Scanner& scanner, Requirement& result) {
    scanner.skip_blanks();
    const auto length = std::min(scanner.rest().find_first_of(" \t"), scanner.rest().size());
    if (length == 0) {
        return scanner.expected("a URL after '@'");
    }
    result.url = scanner.rest().substr(0, length);
    scanner.skip(length);
    return true;
}

bool scan_requirement(Scanner& scanner, Requirement& result) {
    scanner.skip_blanks();
    result.name = take_name(scanner);
    if (result.name.empty()) {
        return scanner.expected("the name of a package");
    }
    scanner.skip_blanks();
    if (!scan_extras(scanner, result)) {
        return false;
    }
    scanner.skip_blanks();
    const bool direct = scanner.take("@");
    if (!(direct ? scan_url(scanner, result) : scan_specifiers(scanner, result))) {
        return false;
    }
    scanner.skip_blanks();
    if (scanner.ends()) {
        return true;
    }
    if (!scanner.take(";")) {
        return scanner.expected(direct ? "' ; ' with a marker, or the end"
                                : result.specifiers.empty()
                                    ? "a version comparison, a marker after ';', or the end"
                                    : "a comma, a marker after ';', or the end");
    }
    const auto begin = scanner.at();
    if (!scan_marker(scanner)) {
        return false;
    }
    result.marker = strip(scanner.since(begin));
    return scanner.ends() || scanner.expected("'and', 'or' or the end");
}

}  // namespace

tl::expected<Requirement, SyntaxProblem> parse_requirement(string_view text) {
    Scanner scanner(text);
    Requirement result;
    if (!scan_requirement(scanner, result)) {
        return tl::unexpected<SyntaxProblem>(scanner.problem());
    }
    return result;
}

std::string canonical_name(string_view name) {
    std::string result;
    for (const char c : base::lower(name)) {
        const bool separator = c == '-' || c == '_' || c == '.';
        if (!separator) {
            result += c;
        } else if (result.empty() || result.back() != '-') {
            result += '-';
        }
    }
    return result;
}

}  // namespace genevactl::manifest
