// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

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

/// Sorts by path. A walk comes in this order already, except for what it found behind links.
template <typename T>
void sort_by_path(std::vector<T>& all) {
    if (!std::ranges::is_sorted(all, {}, &T::path)) {
        std::ranges::sort(all, {}, &T::path);
    }
}

Tree sorted(Tree tree) {
    sort_by_path(tree.files);
    sort_by_path(tree.exclusions);
    return tree;
}

/// What lies at the top and what lies in its folders, each sorted, as one list.
template <typename T>
std::vector<T> merged(std::vector<T> top, std::vector<Tree>& parts, std::vector<T> Tree::*member) {
    std::vector<T> below;
    std::size_t count = 0;
    for (const auto& part : parts) {
        count += (part.*member).size();
    }
    below.reserve(count);
    for (auto& part : parts) {
        std::ranges::move(part.*member, std::back_inserter(below));
    }
    std::vector<T> all;
    all.reserve(top.size() + count);
    std::merge(std::make_move_iterator(top.begin()), std::make_move_iterator(top.end()),
               std::make_move_iterator(below.begin()), std::make_move_iterator(below.end()),
               std::back_inserter(all),
               [](const T& one, const T& other) { return one.path < other.path; });
    return all;
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
    tree.files = merged(std::move(tree.files), parts, &Tree::files);
    tree.exclusions = merged(std::move(tree.exclusions), parts, &Tree::exclusions);
    return sorted(std::move(tree));
}

}  // namespace genevactl::capture
