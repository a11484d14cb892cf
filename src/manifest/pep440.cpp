// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <initializer_list>

#include "genevactl/base/text.hpp"
#include "python_text.hpp"
#include "scanner.hpp"

namespace genevactl::manifest {

namespace {

using std::string_view;

bool is_separator(char c) {
    return c == '-' || c == '_' || c == '.';
}

/// A version being read; every function takes as much as it can and never steps back over what
/// another has taken, which suffices for this grammar.
class VersionScanner {
public:
    explicit VersionScanner(string_view text) : m_scanner(text) {}

    std::size_t taken() const { return m_scanner.at(); }

    void white_space() {
        while (const auto size = whitespace_at_front(m_scanner.rest())) {
            m_scanner.skip(size);
        }
    }
    /// v, an epoch, and the numbers between dots; false without a number, or with fewer than two
    /// when `two` is asked for.
    bool release(bool two) {
        if (m_scanner.peek() == 'v' || m_scanner.peek() == 'V') {
            m_scanner.skip(1);
        }
        if (!digits()) {
            return false;
        }
        if (m_scanner.peek() == '!') {
            const auto before = m_scanner.at();
            m_scanner.skip(1);
            if (!digits()) {
                m_scanner.go_to(before);
            }
        }
        std::size_t parts = 1;
        for (; take_dot_and_digits(); ++parts) {
        }
        return !two || parts > 1;
    }
    bool wild_card() { return m_scanner.take(".*"); }
    void pre_release() { labelled({"alpha", "beta", "preview", "pre", "a", "b", "c", "rc"}); }
    void post_release() {
        const auto before = m_scanner.at();
        if (m_scanner.take("-") && digits()) {
            return;
        }
        m_scanner.go_to(before);
        labelled({"post", "rev", "r"});
    }
    void dev_release() { labelled({"dev"}); }
    void local() {
        const auto before = m_scanner.at();
        if (!m_scanner.take("+") || !alphanumerics()) {
            m_scanner.go_to(before);
            return;
        }
        for (auto after = m_scanner.at(); is_separator(m_scanner.peek()); after = m_scanner.at()) {
            m_scanner.skip(1);
            if (!alphanumerics()) {
                m_scanner.go_to(after);
                return;
            }
        }
    }

private:
    bool digits() {
        const auto before = m_scanner.at();
        while (is_digit(m_scanner.peek())) {
            m_scanner.skip(1);
        }
        return m_scanner.at() > before;
    }
    bool alphanumerics() {
        const auto before = m_scanner.at();
        while (is_digit(m_scanner.peek()) || is_letter(m_scanner.peek())) {
            m_scanner.skip(1);
        }
        return m_scanner.at() > before;
    }
    bool take_dot_and_digits() {
        const auto before = m_scanner.at();
        if (m_scanner.take(".") && digits()) {
            return true;
        }
        m_scanner.go_to(before);
        return false;
    }
    /// [separator] LABEL [separator] [number], the first label that fits.
    void labelled(std::initializer_list<string_view> labels) {
        const auto before = m_scanner.at();
        if (is_separator(m_scanner.peek())) {
            m_scanner.skip(1);
        }
        for (const auto label : labels) {
            if (base::lower(m_scanner.rest().substr(0, label.size())) == label) {
                m_scanner.skip(label.size());
                if (is_separator(m_scanner.peek())) {
                    m_scanner.skip(1);
                }
                digits();
                return;
            }
        }
        m_scanner.go_to(before);
    }

    Scanner m_scanner;
};

/// Anything but white space, a semicolon and a closing parenthesis.
std::size_t arbitrary_version(string_view text) {
    std::size_t at = 0;
    while (at < text.size() && text[at] != ';' && text[at] != ')' &&
           whitespace_at_front(text.substr(at)) == 0) {
        ++at;
    }
    return at;
}

}  // namespace

std::size_t specifier_at_front(string_view text) {
    constexpr std::array<string_view, 8> k_operators = {
        "===", "==", "!=", "~=", "<=", ">=", "<", ">"};
    for (const auto op : k_operators) {
        if (!base::starts_with(text, op)) {
            continue;
        }
        VersionScanner version(text.substr(op.size()));
        version.white_space();
        if (op == "===") {
            const auto begin = op.size() + version.taken();
            return begin + arbitrary_version(text.substr(begin));
        }
        if (!version.release(op == "~=")) {
            return 0;
        }
        const bool equality = op == "==" || op == "!=";
        if (!equality || !version.wild_card()) {
            version.pre_release();
            version.post_release();
            version.dev_release();
            if (equality) {
                version.local();
            }
        }
        return op.size() + version.taken();
    }
    return 0;
}

}  // namespace genevactl::manifest
