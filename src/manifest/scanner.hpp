// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "pep508.hpp"

namespace genevactl::manifest {

inline bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
inline bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
/// What a regular expression's \w takes for certain, and every byte of a non-ASCII character.
inline bool is_word(char c) {
    return is_digit(c) || is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// A text read from front to back, with the first problem found in it.
class Scanner {
public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    std::size_t at() const { return m_at; }
    std::string_view rest() const { return m_text.substr(m_at); }
    std::string_view since(std::size_t begin) const { return m_text.substr(begin, m_at - begin); }
    bool ends() const { return m_at == m_text.size(); }
    /// The next character, or NUL at the end.
    char peek() const { return ends() ? '\0' : m_text[m_at]; }
    void skip(std::size_t count) { m_at += count; }
    void go_to(std::size_t at) { m_at = at; }

    void skip_blanks() {
        while (peek() == ' ' || peek() == '\t') {
            ++m_at;
        }
    }
    bool take(std::string_view what) {
        if (rest().substr(0, what.size()) != what) {
            return false;
        }
        m_at += what.size();
        return true;
    }
    /// Like take(), of a whole word: no letter, digit or underscore follows.
    bool take_word(std::string_view word) {
        if (rest().substr(0, word.size()) != word) {
            return false;
        }
        const auto after = m_at + word.size();
        if (after < m_text.size() && is_word(m_text[after])) {
            return false;
        }
        m_at = after;
        return true;
    }

    /// Notes the problem, if it is the first, and says false.
    bool expected(std::string what) { return expected_at(m_at, std::move(what)); }
    bool expected_at(std::size_t at, std::string what) {
        if (m_problem.expected.empty()) {
            m_problem = {at, std::move(what)};
        }
        return false;
    }
    const SyntaxProblem& problem() const { return m_problem; }

private:
    std::string_view m_text;
    std::size_t m_at = 0;
    SyntaxProblem m_problem;
};

/// The length of the version specifier at the front ("== 1.0.post1", "=== anything"), or 0 when
/// there is none: the grammar of PEP 440 with all its spellings.
std::size_t specifier_at_front(std::string_view text);

/// Reads a marker with the blanks around it; false when there is a problem.
bool scan_marker(Scanner& scanner);

}  // namespace genevactl::manifest
