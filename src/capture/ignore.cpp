// SPDX-License-Identifier: Apache-2.0
#include "genevactl/capture/ignore.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "wildmatch.hpp"

namespace genevactl::capture {

namespace {

constexpr std::string_view k_utf8_bom = "\xEF\xBB\xBF";

/// Without the spaces at the end, apart from those behind a backslash. Tabs stay, as in git.
std::string_view without_trailing_spaces(std::string_view text) {
    auto end = text.size();
    std::size_t kept = 0;
    for (std::size_t at = 0; at < end; ++at) {
        if (text[at] == '\\') {
            at = std::min(at + 1, end - 1);
            kept = at + 1;
        } else if (text[at] != ' ') {
            kept = at + 1;
        }
    }
    return text.substr(0, kept);
}

/// The names of a glob up to the first that is not plain text: "data/*.bin" -> "data/".
std::string_view literal_folders(std::string_view glob) {
    const auto special = std::min(glob.find_first_of("*?[\\"), glob.size());
    const auto slash = glob.substr(0, special).rfind('/');
    return slash == std::string_view::npos ? std::string_view() : glob.substr(0, slash + 1);
}

/// As git does it: the text before the first special character is compared by itself, and what
/// follows is a glob of its own ("a**/b" is "a", then "**/b").
bool path_matches(std::string_view glob, std::string_view path) {
    const auto literal = glob.substr(0, glob.find_first_of("*?[\\"));
    return base::starts_with(path, literal) &&
           wildmatch(glob.substr(literal.size()), path.substr(literal.size()), Slash::separates);
}

}  // namespace

IgnoreFile::IgnoreFile(std::string name, std::string base)
    : m_name(std::move(name)), m_base(std::move(base)) {}

IgnoreFile::IgnoreFile(std::string name, std::string base, std::string_view text)
    : IgnoreFile(std::move(name), std::move(base)) {
    if (base::starts_with(text, k_utf8_bom)) {
        text.remove_prefix(k_utf8_bom.size());
    }
    for (int line = 1; !text.empty(); ++line) {
        const auto end = std::min(text.find('\n'), text.size());
        auto written = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!written.empty() && written.back() == '\r') {
            written.remove_suffix(1);
        }
        if (!base::starts_with(written, "#")) {
            add(written, line);
        }
    }
}

IgnoreFile IgnoreFile::from_patterns(std::string name, std::string base,
                                     const std::vector<std::string>& patterns) {
    IgnoreFile file(std::move(name), std::move(base));
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        file.add(patterns[i], static_cast<int>(i) + 1);
    }
    return file;
}

void IgnoreFile::add(std::string_view written, int line) {
    auto glob = without_trailing_spaces(written);
    Pattern pattern{.written = std::string(glob), .glob = {}, .line = line};
    if (base::starts_with(glob, "!")) {
        pattern.negated = true;
        glob.remove_prefix(1);
    }
    if (glob.size() > 1 && glob.back() == '/') {
        pattern.directories_only = true;
        glob.remove_suffix(1);
    }
    pattern.anchored = glob.find('/') != std::string_view::npos;
    if (base::starts_with(glob, "/")) {
        glob.remove_prefix(1);
    }
    if (!glob.empty()) {
        pattern.glob = glob;
        m_patterns.push_back(std::move(pattern));
    }
}

std::optional<IgnoreVerdict> IgnoreFile::match(std::string_view path, bool is_directory) const {
    if (!base::starts_with(path, m_base)) {
        return std::nullopt;
    }
    const auto below = path.substr(m_base.size());
    const auto name = below.substr(below.rfind('/') + 1);
    for (auto at = m_patterns.rbegin(); at != m_patterns.rend(); ++at) {
        const auto& pattern = *at;
        if (pattern.directories_only && !is_directory) {
            continue;
        }
        const bool matches = pattern.anchored ? path_matches(pattern.glob, below)
                                              : wildmatch(pattern.glob, name, Slash::ordinary);
        if (matches) {
            return IgnoreVerdict{!pattern.negated,
                                 fmt::format("{}:{}: {}", m_name, pattern.line, pattern.written)};
        }
    }
    return std::nullopt;
}

bool IgnoreFile::may_match_below(std::string_view directory, Which which) const {
    const auto folder = std::string(directory) + "/";
    return std::ranges::any_of(m_patterns, [&](const Pattern& pattern) {
        if (!pattern.anchored) {
            return which == Which::all;
        }
        const auto literal = m_base + std::string(literal_folders(pattern.glob));
        return base::starts_with(literal, folder) || base::starts_with(folder, literal);
    });
}

}  // namespace genevactl::capture
