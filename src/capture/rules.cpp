// SPDX-License-Identifier: Apache-2.0
#include "rules.hpp"

#include <fmt/format.h>

#include "genevactl/base/files.hpp"
#include "genevactl/base/try.hpp"
#include "presets.hpp"

namespace genevactl::capture {

namespace {

constexpr std::size_t k_ignore_file_limit = std::size_t{4} << 20U;  // bytes

/// "a/b/" -> "", "a/": the folders between a repository's top and the root, the root not included.
std::vector<std::string> folders_above(const std::string& prefix) {
    std::vector<std::string> folders;
    for (std::size_t at = 0; at < prefix.size(); at = prefix.find('/', at) + 1) {
        folders.push_back(prefix.substr(0, at));
    }
    return folders;
}

std::optional<IgnoreVerdict> last_word(const std::vector<IgnoreFile>& files,
                                       const std::string& path, bool is_directory) {
    for (auto file = files.rbegin(); file != files.rend(); ++file) {
        if (auto verdict = file->match(path, is_directory)) {
            return verdict;
        }
    }
    return std::nullopt;
}

}  // namespace

Rules::Rules(std::string root, const ScanOptions& options)
    : m_root(std::move(root)),
      m_options(options),
      m_repository(options.use_gitignore ? find_repository(m_root) : std::nullopt),
      m_prefix(m_repository ? m_repository->path_of_root : ""),
      m_include(IgnoreFile::from_patterns("--include", m_prefix, options.include)),
      m_exclude(IgnoreFile::from_patterns("--exclude", m_prefix, options.exclude)) {}

base::Status Rules::begin() {
    if (!m_repository) {
        return {};
    }
    if (m_options.global_ignore_file) {
        GENEVACTL_CHECK(add(m_git, m_options.global_ignore_file(), "", "core.excludesFile"));
    }
    GENEVACTL_CHECK(add(m_git, m_repository->exclude_file, "", ".git/info/exclude"));
    for (const auto& folder : folders_above(m_prefix)) {
        const auto name = folder + ".gitignore";
        GENEVACTL_CHECK(add(m_git, m_repository->top + "/" + name, folder, name));
    }
    return {};
}

base::Status Rules::enter(const std::string& folder) {
    m_marks.emplace_back(m_git.size(), m_own.size());
    const auto inside = folder.empty() ? std::string() : folder + "/";
    const auto base = m_prefix + inside;
    if (m_options.use_gitignore) {
        const auto name = inside + ".gitignore";
        GENEVACTL_CHECK(add(m_git, m_root + "/" + name, base, name));
    }
    const auto name = inside + ".genevaignore";
    return add(m_own, m_root + "/" + name, base, name);
}

void Rules::leave() {
    const auto [git, own] = m_marks.back();
    m_git.erase(m_git.begin() + static_cast<std::ptrdiff_t>(git), m_git.end());
    m_own.erase(m_own.begin() + static_cast<std::ptrdiff_t>(own), m_own.end());
    m_marks.pop_back();
}

bool Rules::is_included(const std::string& path, bool is_directory) const {
    const auto verdict = m_include.match(m_prefix + path, is_directory);
    return verdict && verdict->ignored;
}

std::optional<Reason> Rules::reason_against(const std::string& path, bool is_directory) const {
    const auto whole = m_prefix + path;
    const auto pattern = [](IgnoreVerdict verdict) {
        return verdict.ignored
                   ? std::optional(Reason{ExclusionKind::pattern, std::move(verdict.origin)})
                   : std::nullopt;
    };
    if (auto verdict = m_exclude.match(whole, is_directory); verdict && verdict->ignored) {
        return pattern(std::move(*verdict));
    }
    if (auto verdict = last_word(m_own, whole, is_directory)) {
        return pattern(std::move(*verdict));
    }
    const auto name = std::string_view(path).substr(path.rfind('/') + 1);
    if (const auto preset = preset_of(name, is_directory)) {
        return Reason{ExclusionKind::preset, fmt::format("preset: {}", *preset)};
    }
    auto verdict = last_word(m_git, whole, is_directory);
    return verdict ? pattern(std::move(*verdict)) : std::nullopt;
}

bool Rules::may_include_below(const std::string& folder, ExclusionKind kind) const {
    return m_include.may_match_below(m_prefix + folder, kind == ExclusionKind::preset
                                                            ? IgnoreFile::Which::anchored
                                                            : IgnoreFile::Which::all);
}

base::Status Rules::add(std::vector<IgnoreFile>& files, const std::string& path, std::string base,
                        std::string name) {
    auto text = base::read_file(path, k_ignore_file_limit);
    if (!text) {
        if (text.error().kind == base::ErrorKind::not_found) {
            return {};
        }
        return base::fail(std::move(text).error().while_doing("reading ignore rules"));
    }
    files.emplace_back(std::move(name), std::move(base), *text);
    return {};
}

}  // namespace genevactl::capture
