// SPDX-License-Identifier: Apache-2.0
#include "repository.hpp"

#include <filesystem>

#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"

namespace genevactl::capture {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_gitdir = "gitdir: ";
constexpr std::size_t k_pointer_limit = 64U << 10U;  // bytes

/// The path that a small file holds, relative to the file's folder.
fs::path pointer(const fs::path& file, std::string_view key) {
    const auto text = base::read_file(file, k_pointer_limit);
    if (!text || !base::starts_with(*text, key)) {
        return {};
    }
    return file.parent_path() / base::trim(std::string_view(*text).substr(key.size()));
}

/// The folder that holds what all worktrees of a repository share.
fs::path common_folder(const fs::path& dot_git) {
    std::error_code ignored;
    if (fs::is_directory(dot_git, ignored)) {
        return dot_git;
    }
    const auto own = pointer(dot_git, k_gitdir);
    const auto common = pointer(own / "commondir", "");
    return common.empty() ? own : common;
}

}  // namespace

std::optional<Repository> find_repository(const std::string& folder) {
    const fs::path root(folder);
    std::error_code ignored;
    for (auto top = root;; top = top.parent_path()) {
        if (fs::exists(top / ".git", ignored)) {
            const auto inside = root.lexically_relative(top).string();
            return Repository{
                .top = top == "/" ? "" : top.string(),
                .path_of_root = inside == "." ? "" : inside + "/",
                .exclude_file = (common_folder(top / ".git") / "info" / "exclude").string()};
        }
        if (top == top.root_path()) {
            return std::nullopt;
        }
    }
}

}  // namespace genevactl::capture
