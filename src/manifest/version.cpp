// SPDX-License-Identifier: Apache-2.0
#include "version.hpp"

#include <algorithm>
#include <array>

#include "genevactl/base/text.hpp"
#include "python_text.hpp"
#include "scanner.hpp"
#include "version_order.hpp"

namespace genevactl::manifest {

namespace {

using std::string_view;

std::string number(string_view digits) {
    if (digits.empty()) {
        return "0";  // "1.0a" is 1.0a0
    }
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
    return std::string(digits);
}

bool is_version_separator(char c) {
    return c == '-' || c == '_' || c == '.';
}

struct Label {
    string_view text;
    char stands_for;
};
/// The longer spellings first: "preview" begins with "pre".
constexpr std::array<Label, 8> k_pre_labels = {{{"alpha", 'a'},
                                                {"beta", 'b'},
                                                {"preview", 'r'},
                                                {"pre", 'r'},
                                                {"rc", 'r'},
                                                {"a", 'a'},
                                                {"b", 'b'},
                                                {"c", 'r'}}};
constexpr std::array<Label, 3> k_post_labels = {{{"post", 'p'}, {"rev", 'p'}, {"r", 'p'}}};
constexpr std::array<Label, 1> k_dev_labels = {{{"dev", 'd'}}};

/// Reads the parts of a version in lower case, one after the other.
class VersionParser {
public:
    explicit VersionParser(string_view text) : m_scanner(text) {}

    std::optional<Version> parse() {
        Version version;
        m_scanner.take("v");
        if (!release(version)) {
            return std::nullopt;
        }
        if (const auto pre = labelled(k_pre_labels)) {
            version.pre = {pre->first, pre->second};
        }
        post(version);
        if (const auto dev = labelled(k_dev_labels)) {
            version.dev = dev->second;
        }
        if (!local(version) || !m_scanner.ends()) {
            return std::nullopt;
        }
        return version;
    }

private:
    string_view digits() {
        const auto begin = m_scanner.at();
        while (is_digit(m_scanner.peek())) {
            m_scanner.skip(1);
        }
        return m_scanner.since(begin);
    }
    bool release(Version& version) {
        auto first = digits();
        if (first.empty()) {
            return false;
        }
        if (m_scanner.take("!")) {
            version.epoch = number(first);
            first = digits();
            if (first.empty()) {
                return false;
            }
        }
        version.release.push_back(number(first));
        while (m_scanner.peek() == '.') {
            const auto before = m_scanner.at();
            m_scanner.skip(1);
            const auto next = digits();
            if (next.empty()) {
                m_scanner.go_to(before);
                break;
            }
            version.release.push_back(number(next));
        }
        return true;
    }
    template <std::size_t N>
    std::optional<std::pair<char, std::string>> labelled(const std::array<Label, N>& labels) {
        const auto before = m_scanner.at();
        if (is_version_separator(m_scanner.peek())) {
            m_scanner.skip(1);
        }
        for (const auto& label : labels) {
            if (!m_scanner.take(label.text)) {
                continue;
            }
            if (is_version_separator(m_scanner.peek())) {
                m_scanner.skip(1);  // also before nothing: "1.0a." is 1.0a0
            }
            const auto taken = digits();
            return std::pair{label.stands_for, number(taken)};
        }
        m_scanner.go_to(before);
        return std::nullopt;
    }
    void post(Version& version) {
        const auto before = m_scanner.at();
        if (m_scanner.take("-")) {
            const auto taken = digits();
            if (!taken.empty()) {
                version.post = number(taken);
                return;
            }
            m_scanner.go_to(before);
        }
        if (const auto post = labelled(k_post_labels)) {
            version.post = post->second;
        }
    }
    bool local(Version& version) {
        if (!m_scanner.take("+")) {
            return true;
        }
        do {
            const auto begin = m_scanner.at();
            while (is_digit(m_scanner.peek()) || is_letter(m_scanner.peek())) {
                m_scanner.skip(1);
            }
            const auto segment = m_scanner.since(begin);
            if (segment.empty()) {
                return false;
            }
            const bool numeric = std::all_of(segment.begin(), segment.end(), is_digit);
            version.local.push_back(numeric ? number(segment) : std::string(segment));
        } while (take_separator());
        return true;
    }
    bool take_separator() {
        if (!is_version_separator(m_scanner.peek())) {
            return false;
        }
        m_scanner.skip(1);
        return true;
    }

    Scanner m_scanner;
};

}  // namespace

std::optional<Version> parse_version(string_view text) {
    const auto lower = base::lower(strip(text));
    return VersionParser(lower).parse();
}

std::string to_text(const Version& version) {
    std::string text = version.epoch == "0" ? "" : version.epoch + "!";
    text += base::join(version.release, ".");
    if (version.pre) {
        text += version.pre->first == 'r' ? "rc" : std::string(1, version.pre->first);
        text += version.pre->second;
    }
    text += version.post ? ".post" + *version.post : "";
    text += version.dev ? ".dev" + *version.dev : "";
    text += version.local.empty() ? "" : "+" + base::join(version.local, ".");
    return text;
}

int compare(const Version& a, const Version& b) {
    return compare(VersionPoint{a}, VersionPoint{b});
}

}  // namespace genevactl::manifest
