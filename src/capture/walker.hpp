// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "genevactl/base/descriptor.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/capture/tree.hpp"
#include "rules.hpp"

namespace genevactl::capture {

/// The path without links, or "" if there is none.
std::string real_path(const std::string& path);

/// Walks a tree. `rules` is null for site-packages, where only compiled caches are left out. Both
/// outlive it.
class Walker {
public:
    Walker(std::string root, const ScanOptions& options, Rules* rules);

    /// All of it, unsorted.
    base::Result<Tree> walk();
    /// What lies at the top alone; the names of the folders there are added to `folders`.
    base::Result<Tree> walk_top(std::vector<std::string>& folders);
    /// One folder at the top, and all below it.
    base::Result<Tree> walk_folder(const std::string& name);

private:
    struct Entry {
        std::string path;
        std::string name;
        bool only_included = false;  ///< below a folder that is left out
    };

    base::Result<base::Descriptor> open_top();
    base::Status folder(int descriptor, const std::string& path, const struct stat& status,
                        bool only_included);
    base::Status entry(int parent, const Entry& entry);
    std::optional<Reason> link_target(int parent, const Entry& entry, struct stat& status) const;
    base::Status sub_folder(int parent, const Entry& entry, const struct stat& status);
    std::optional<Reason> reason_against_folder(const Entry& entry, int descriptor) const;
    base::Status file(const Entry& entry, const struct stat& status);
    std::optional<Reason> reason_against_file(const Entry& entry) const;
    base::Status unreadable(const Entry& entry) const;
    void leave_out(const Entry& entry, bool is_directory, Reason reason);
    bool is_excepted(const std::string& path) const;
    std::string absolute(const std::string& path) const;

    const ScanOptions& m_options;
    Rules* m_rules;
    Tree m_tree;
    struct stat m_top {};
    std::vector<std::pair<dev_t, ino_t>> m_open_folders;
    std::vector<std::string>* m_folders_at_top = nullptr;  ///< they are named, not entered
};

}  // namespace genevactl::capture
