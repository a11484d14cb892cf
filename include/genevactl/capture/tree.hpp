// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"

namespace genevactl::capture {

/// What the file system says of a file; while it stays the same, so did the content (but for a
/// change within the clock's grain: DigestCache looks after that).
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;        ///< bytes
    std::int64_t modified_ns = 0;  ///< since 1970
    std::int64_t changed_ns = 0;   ///< of the inode, since 1970
    auto operator<=>(const FileIdentity&) const = default;
};

/// A file that goes along: where it is here, and what it is called in the archive ("pkg/mod.py").
struct File {
    std::string path;
    std::string source;
    FileIdentity identity;
};

enum class ExclusionKind : std::uint8_t { pattern, preset, secret, link, special };
std::string_view name_of(ExclusionKind kind);

/// Something that stays here, and the rule that says so. A folder stands for all below it.
struct Exclusion {
    std::string path;  ///< below the root
    bool is_directory = false;
    ExclusionKind kind = ExclusionKind::pattern;
    std::string rule;  ///< ".gitignore:3: *.log", "preset: caches", …
};

/// A folder as it will be captured. Files and exclusions are sorted by path, bytewise.
struct Tree {
    std::string root;
    std::vector<File> files;
    std::vector<Exclusion> exclusions;
};

/// How a tree is walked.
struct ScanOptions {
    bool use_gitignore = true;
    std::vector<std::string> include = {};  ///< globs as in gitignore(5), relative to the root
    std::vector<std::string> exclude = {};
    bool follow_links = false;                    ///< links that leave the tree, too
    std::vector<std::string> allow_secrets = {};  ///< paths below the root
    /// git's core.excludesFile, which need not be there; asked for within a repository alone.
    std::function<std::string()> global_ignore_file = {};
    /// Files and folders (absolute) that are passed over: they belong to another tree, or to the
    /// capture itself.
    std::vector<std::string> except = {};
};

/// Walks a workspace: what is left out is decided, first rule first, by --include, --exclude,
/// `.genevaignore` files, the presets (version control, caches, virtual environments, notebook
/// checkpoints), git's ignore files, and the names of files that hold secrets. Links within the
/// tree become copies; loops end. Errors, each with the path: not_found (no such folder), failed
/// (something cannot be read; a name that is not UTF-8).
base::Result<Tree> scan_workspace(const std::filesystem::path& root, const ScanOptions& options);

/// Walks a site-packages folder, in which only compiled caches are left out, by `threads` threads.
base::Result<Tree> scan_site_packages(const std::filesystem::path& root, unsigned threads = 1,
                                      const base::Interrupt& interrupt = base::no_interrupt());

}  // namespace genevactl::capture
