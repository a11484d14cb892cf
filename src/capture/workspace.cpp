// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "genevactl/capture/capture.hpp"

namespace genevactl::capture {

namespace fs = std::filesystem;

namespace {

bool has(const fs::path& folder, std::string_view name) {
    std::error_code ignored;
    return fs::exists(folder / name, ignored);
}

bool is_project(const fs::path& folder) {
    constexpr std::array<std::string_view, 3> k_marks{"pyproject.toml", "setup.py", ".git"};
    return std::ranges::any_of(k_marks, [&](auto mark) { return has(folder, mark); });
}

}  // namespace

Workspace named_workspace(const fs::path& folder) {
    Workspace workspace{.root = folder.string()};
    std::error_code ignored;
    if (fs::is_directory(folder / "src", ignored) && !has(folder / "src", "__init__.py")) {
        workspace.path_lines.emplace_back("src");
    }
    return workspace;
}

Workspace find_workspace(const fs::path& working_directory, const std::optional<fs::path>& home) {
    for (auto folder = working_directory;; folder = folder.parent_path()) {
        if (folder == folder.root_path() || (home && folder == *home)) {
            return named_workspace(working_directory);
        }
        if (is_project(folder)) {
            auto workspace = named_workspace(folder);
            const auto inside = working_directory.lexically_relative(folder).string();
            // A package's own folder holds no top-level modules.
            if (inside != "." && inside != "src" && !has(working_directory, "__init__.py")) {
                workspace.path_lines.push_back(inside);
            }
            return workspace;
        }
    }
}

}  // namespace genevactl::capture
