// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dirent.h>
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
/// outlive it. It asks the kernel as little as it can, since that is what a walk takes its time
/// for: a folder's listing tells what is a folder itself, so only files and links are looked at.
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
        unsigned char type = DT_UNKNOWN;  ///< as the folder's listing has it
        bool only_included = false;       ///< below a folder that is left out
    };
    using Id = std::pair<dev_t, ino_t>;
    struct OpenFolder {
        int descriptor = -1;
        std::optional<Id> id = {};  ///< asked for when a link is met
    };

    base::Result<base::Descriptor> open_top();
    base::Status folder(int descriptor, const std::string& path, bool only_included);
    base::Status entry(int parent, const Entry& entry);
    std::optional<Reason> link_target(int parent, const Entry& entry, struct stat& status) const;
    base::Status sub_folder(int parent, const Entry& entry, bool by_link);
    base::Status enter(int parent, const Entry& entry, bool by_link);
    base::Result<bool> is_open(int descriptor, const std::string& path);
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
    std::vector<OpenFolder> m_open_folders;  ///< from the top to the one that is walked
    unsigned m_links = 0;                    ///< how many of them were entered by a link
    std::vector<std::string>* m_folders_at_top = nullptr;  ///< they are named, not entered
};

}  // namespace genevactl::capture
