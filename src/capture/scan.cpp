// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/parallel.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/capture/tree.hpp"
#include "rules.hpp"
#include "walker.hpp"

namespace genevactl::capture {

using base::ErrorKind;

namespace {

base::Result<std::string> real_root(const std::filesystem::path& root) {
    auto resolved = real_path(root.string());
    if (resolved.empty()) {
        return base::fail(ErrorKind::not_found, fmt::format("{}: no such folder", root.string()));
    }
    return resolved;
}

Tree sorted(Tree tree) {
    std::ranges::sort(tree.files, {}, &File::path);
    std::ranges::sort(tree.exclusions, {}, &Exclusion::path);
    return tree;
}

/// Appends `part`.
template <typename T>
void append(std::vector<T>& all, std::vector<T>&& part) {
    std::ranges::move(part, std::back_inserter(all));
}

}  // namespace

std::string_view name_of(ExclusionKind kind) {
    switch (kind) {
        case ExclusionKind::pattern:
            return "pattern";
        case ExclusionKind::preset:
            return "preset";
        case ExclusionKind::secret:
            return "secret";
        case ExclusionKind::link:
            return "link";
        case ExclusionKind::special:
            return "special";
    }
    return "";
}

base::Result<Tree> scan_workspace(const std::filesystem::path& root, const ScanOptions& options) {
    GENEVACTL_TRY(auto resolved, real_root(root));
    Rules rules(resolved, options);
    GENEVACTL_TRY(auto tree, Walker(std::move(resolved), options, &rules).walk());
    return sorted(std::move(tree));
}

base::Result<Tree> scan_site_packages(const std::filesystem::path& root, unsigned threads,
                                      const base::Interrupt& interrupt) {
    const ScanOptions options;
    GENEVACTL_TRY(const auto resolved, real_root(root));
    std::vector<std::string> folders;
    GENEVACTL_TRY(auto tree, Walker(resolved, options, nullptr).walk_top(folders));
    std::vector<Tree> parts(folders.size());
    GENEVACTL_CHECK(base::for_each_in_parallel(
        folders.size(), threads, interrupt, [&](std::size_t i) -> base::Status {
            GENEVACTL_TRY(parts[i], Walker(resolved, options, nullptr).walk_folder(folders[i]));
            return {};
        }));
    for (auto& part : parts) {
        append(tree.files, std::move(part.files));
        append(tree.exclusions, std::move(part.exclusions));
    }
    return sorted(std::move(tree));
}

}  // namespace genevactl::capture
