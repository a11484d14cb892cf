// SPDX-License-Identifier: Apache-2.0
#include "wildmatch.hpp"

#include <array>
#include <optional>

namespace genevactl::capture {

namespace {

/// Why a try failed: the last two end the tries of the stars to the left of it, which otherwise
/// would cost exponential time.
enum class Verdict : std::uint8_t {
    match,
    no_match,
    no_match_of_star,      ///< no single star before here can mend it, a `**` may
    no_match_of_any_star,  ///< the text is used up, or the glob is malformed
};

bool is_alpha(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(unsigned char c) {
    return c >= '0' && c <= '9';
}
bool is_print(unsigned char c) {
    return c >= 0x20 && c < 0x7f;
}
bool is_alnum(unsigned char c) {
    return is_alpha(c) || is_digit(c);
}

struct NamedClass {
    std::string_view name;
    bool (*has)(unsigned char);
};

/// The POSIX classes in the C locale.
constexpr std::array<NamedClass, 12> k_classes{{
    {"alnum", is_alnum},
    {"alpha", is_alpha},
    {"blank", [](unsigned char c) { return c == ' ' || c == '\t'; }},
    {"cntrl", [](unsigned char c) { return c < 0x20 || c == 0x7f; }},
    {"digit", is_digit},
    {"graph", [](unsigned char c) { return is_print(c) && c != ' '; }},
    {"lower", [](unsigned char c) { return c >= 'a' && c <= 'z'; }},
    {"print", is_print},
    {"punct", [](unsigned char c) { return is_print(c) && c != ' ' && !is_alnum(c); }},
    {"space", [](unsigned char c) { return c == ' ' || (c >= 0x09 && c <= 0x0d); }},
    {"upper", [](unsigned char c) { return c >= 'A' && c <= 'Z'; }},
    {"xdigit",
     [](unsigned char c) {
         return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
     }},
}};

/// Reads the members of a bracket expression, from behind its `[`.
class Bracket {
public:
    explicit Bracket(std::string_view rest) : m_rest(rest) {}

    /// Is `c` in it? Nothing when the expression is malformed.
    std::optional<bool> has(unsigned char c) {
        const bool negated = next_is('!') || next_is('^');
        if (negated) {
            take();
        }
        bool found = false;
        bool first = true;
        while (true) {
            if (m_rest.empty()) {
                return std::nullopt;
            }
            if (m_rest.front() == ']' && !first) {
                take();
                return found != negated;
            }
            first = false;
            const auto member = has_member(c);
            if (!member) {
                return std::nullopt;
            }
            found = found || *member;
        }
    }
    std::string_view rest() const { return m_rest; }

private:
    bool next_is(char c) const { return !m_rest.empty() && m_rest.front() == c; }
    unsigned char take() {
        const auto c = static_cast<unsigned char>(m_rest.front());
        m_rest.remove_prefix(1);
        return c;
    }
    std::optional<unsigned char> character() {
        if (next_is('\\')) {
            take();
        }
        return m_rest.empty() ? std::nullopt : std::optional(take());
    }

    std::optional<bool> has_member(unsigned char c) {
        if (m_rest.substr(0, 2) == "[:") {
            const auto end = m_rest.find(']', 2);
            if (end == std::string_view::npos) {
                return std::nullopt;
            }
            if (m_rest[end - 1] == ':' && end >= 3) {
                return has_class(c, end);
            }
        }
        const auto low = character();
        if (!low) {
            return std::nullopt;
        }
        if (!next_is('-') || m_rest.size() < 2 || m_rest[1] == ']') {
            return *low == c;
        }
        take();
        const auto high = character();
        return high ? std::optional(*low <= c && c <= *high) : std::nullopt;
    }

    std::optional<bool> has_class(unsigned char c, std::size_t end) {
        const auto name = m_rest.substr(2, end - 3);
        m_rest.remove_prefix(end + 1);
        for (const auto& known : k_classes) {
            if (known.name == name) {
                return known.has(c);
            }
        }
        return std::nullopt;
    }

    std::string_view m_rest;
};

class Matcher {
public:
    Matcher(std::string_view glob, Slash slash)
        : m_glob(glob), m_separates(slash == Slash::separates) {}

    Verdict match(std::size_t at, std::string_view text) const {
        while (at < m_glob.size()) {
            const char c = m_glob[at];
            if (c == '*') {
                return match_stars(at, text);
            }
            if (text.empty()) {
                return Verdict::no_match_of_any_star;
            }
            const auto verdict = match_one(at, text.front());
            if (verdict != Verdict::match) {
                return verdict;
            }
            text.remove_prefix(1);
        }
        return text.empty() ? Verdict::match : Verdict::no_match;
    }

private:
    /// One element that is no star against one character; moves `at` behind the element.
    Verdict match_one(std::size_t& at, char c) const {
        char wanted = m_glob[at++];
        if (wanted == '?') {
            return m_separates && c == '/' ? Verdict::no_match : Verdict::match;
        }
        if (wanted == '[') {
            Bracket bracket(m_glob.substr(at));
            const auto has = bracket.has(static_cast<unsigned char>(c));
            if (!has) {
                return Verdict::no_match_of_any_star;
            }
            at = m_glob.size() - bracket.rest().size();
            return *has && !(m_separates && c == '/') ? Verdict::match : Verdict::no_match;
        }
        if (wanted == '\\') {
            if (at == m_glob.size()) {
                return Verdict::no_match_of_any_star;
            }
            wanted = m_glob[at++];
        }
        return wanted == c ? Verdict::match : Verdict::no_match;
    }

    Verdict match_stars(std::size_t at, std::string_view text) const {
        const auto begin = at;
        while (at < m_glob.size() && m_glob[at] == '*') {
            ++at;
        }
        bool passes_slash = !m_separates;
        if (m_separates && at - begin >= 2) {
            const bool starts_part = begin == 0 || m_glob[begin - 1] == '/';
            const bool ends_part =
                at == m_glob.size() || m_glob[at] == '/' || m_glob.substr(at, 2) == "\\/";
            passes_slash = starts_part && ends_part;
            // "**/" stands for no folder at all, too.
            if (passes_slash && at < m_glob.size() && m_glob[at] == '/' &&
                match(at + 1, text) == Verdict::match) {
                return Verdict::match;
            }
        }
        if (at == m_glob.size()) {
            return passes_slash || text.find('/') == std::string_view::npos
                       ? Verdict::match
                       : Verdict::no_match_of_star;
        }
        if (!passes_slash && m_glob[at] == '/') {
            const auto slash = text.find('/');
            return slash == std::string_view::npos ? Verdict::no_match_of_any_star
                                                   : match(at, text.substr(slash));
        }
        return match_after_star(at, text, passes_slash);
    }

    /// Lets the star take more and more of the text until the rest of the glob matches.
    Verdict match_after_star(std::size_t at, std::string_view text, bool passes_slash) const {
        while (true) {
            if (text.empty()) {
                return Verdict::no_match_of_any_star;
            }
            const auto verdict = match(at, text);
            if (verdict != Verdict::no_match &&
                (!passes_slash || verdict != Verdict::no_match_of_star)) {
                return verdict;
            }
            if (verdict == Verdict::no_match && !passes_slash && text.front() == '/') {
                return Verdict::no_match_of_star;
            }
            text.remove_prefix(1);
        }
    }

    std::string_view m_glob;
    bool m_separates;
};

}  // namespace

bool wildmatch(std::string_view glob, std::string_view text, Slash slash) {
    return Matcher(glob, slash).match(0, text) == Verdict::match;
}

}  // namespace genevactl::capture
